//! `AuditRepository`.

use doorward_domain::{
    OrgId, SessionId, UserId,
    audit::{AuditEvent, AuditKind},
    client::Client,
    page::{PageLimit, PageRequest},
    ports::Storage,
};

use crate::{
    given::connect,
    sample::{self, after},
};

/// `AuditRepository::record`, `list`: any kind of entry, about anybody or nobody, as it was recorded.
pub async fn every_kind_of_entry_is_taken(storage: &dyn Storage) {
    let mut recorded = Vec::new();
    for kind in AuditKind::ALL.iter().copied() {
        let bare = AuditEvent { kind, ..sample::audit_event() };
        let full = AuditEvent {
            kind,
            user_id: Some(UserId::from_uuid(sample::id())),
            org_id: Some(OrgId::from_uuid(sample::id())),
            session_id: Some(SessionId::from_uuid(sample::id())),
            client: Client {
                user_agent: Some("ü".repeat(Client::USER_AGENT_MAX)),
                ..sample::audit_event().client
            },
            ..sample::audit_event()
        };
        for event in [bare, full] {
            connect(storage).await.audit().record(&event).await.unwrap();
            recorded.insert(0, event);
        }
    }
    assert_eq!(list(storage, None).await, recorded);
}

async fn list(storage: &dyn Storage, user_id: Option<UserId>) -> Vec<AuditEvent> {
    let request = PageRequest { limit: PageLimit::new(100).unwrap(), after: None };
    let page = connect(storage).await.audit().list(user_id, request).await.unwrap();
    assert_eq!(page.next, None);
    page.items
}

async fn record(storage: &dyn Storage, event: AuditEvent) -> AuditEvent {
    connect(storage).await.audit().record(&event).await.unwrap();
    event
}

/// `AuditRepository::list`: of one user, or of all.
pub async fn entries_are_listed_of_one_user_or_of_all(storage: &dyn Storage) {
    let [ann, bob] = [(); 2].map(|()| Some(UserId::from_uuid(sample::id())));
    let mut all = Vec::new();
    for user_id in [ann, bob, None, ann] {
        all.insert(0, record(storage, AuditEvent { user_id, ..sample::audit_event() }).await);
    }
    let of_ann: Vec<_> = all.iter().filter(|event| event.user_id == ann).cloned().collect();
    assert_eq!(list(storage, ann).await, of_ann);
    assert_eq!(list(storage, None).await, all);
    assert_eq!(list(storage, Some(UserId::from_uuid(sample::id()))).await, []);
}

/// `AuditRepository::list`: each page begins after the one before.
pub async fn entries_are_listed_page_by_page(storage: &dyn Storage) {
    let user_id = Some(UserId::from_uuid(sample::id()));
    let mut all = Vec::new();
    for _ in 0..5 {
        all.insert(0, record(storage, AuditEvent { user_id, ..sample::audit_event() }).await);
    }
    for of in [user_id, None] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let request = PageRequest { limit: PageLimit::new(2).unwrap(), after };
            let page = connect(storage).await.audit().list(of, request).await.unwrap();
            assert!(page.items.len() <= 2);
            found.extend(page.items);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(found, all);
    }
}

/// `AuditRepository::delete_before`: older ones, and no others.
pub async fn old_entries_are_deleted(storage: &dyn Storage) {
    record(storage, AuditEvent { at: after(1), ..sample::audit_event() }).await;
    let kept = record(storage, AuditEvent { at: after(2), ..sample::audit_event() }).await;
    let deleted = connect(storage).await.audit().delete_before(after(2)).await.unwrap();
    assert_eq!((deleted, list(storage, None).await), (1, vec![kept]));
}
