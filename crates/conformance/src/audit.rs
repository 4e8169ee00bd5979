//! Clauses of `AuditRepository`.

use doorward_domain::{
    OrgId, SessionId, UserId,
    audit::{AuditEvent, AuditKind},
    pagination::{PageQuery, PageSize},
    ports::Storage,
    request_context::RequestContext,
};

use crate::{
    fixtures::connect,
    samples::{self, after},
};

/// Checks that every kind of entry, with and without a user, is returned as it was recorded.
pub async fn every_kind_of_entry_is_stored(storage: &dyn Storage) {
    let mut recorded = Vec::new();
    for kind in AuditKind::ALL.iter().copied() {
        let bare = AuditEvent { kind, ..samples::audit_event() };
        let full = AuditEvent {
            kind,
            user_id: Some(UserId::from_uuid(samples::id())),
            org_id: Some(OrgId::from_uuid(samples::id())),
            session_id: Some(SessionId::from_uuid(samples::id())),
            client: RequestContext {
                user_agent: Some("ü".repeat(RequestContext::USER_AGENT_MAX)),
                ..samples::audit_event().client
            },
            ..samples::audit_event()
        };
        for event in [bare, full] {
            connect(storage).await.audit().record(&event).await.unwrap();
            recorded.insert(0, event);
        }
    }
    assert_eq!(list(storage, None).await, recorded);
}

async fn list(storage: &dyn Storage, user_id: Option<UserId>) -> Vec<AuditEvent> {
    let request = PageQuery { limit: PageSize::new(100).unwrap(), after: None };
    let page = connect(storage).await.audit().list(user_id, request).await.unwrap();
    assert_eq!(page.next, None);
    page.items
}

async fn record(storage: &dyn Storage, event: AuditEvent) -> AuditEvent {
    connect(storage).await.audit().record(&event).await.unwrap();
    event
}

/// Checks that the entries of one user or of all users are listed.
pub async fn entries_of_one_user_or_of_all_are_listed(storage: &dyn Storage) {
    let [ann, bob] = [(); 2].map(|()| Some(UserId::from_uuid(samples::id())));
    let mut all = Vec::new();
    for user_id in [ann, bob, None, ann] {
        all.insert(0, record(storage, AuditEvent { user_id, ..samples::audit_event() }).await);
    }
    let of_ann: Vec<_> = all.iter().filter(|event| event.user_id == ann).cloned().collect();
    assert_eq!(list(storage, ann).await, of_ann);
    assert_eq!(list(storage, None).await, all);
    assert_eq!(list(storage, Some(UserId::from_uuid(samples::id()))).await, []);
}

/// Checks that each page begins after the previous one.
pub async fn entries_are_listed_page_by_page(storage: &dyn Storage) {
    let user_id = Some(UserId::from_uuid(samples::id()));
    let mut all = Vec::new();
    for _ in 0..5 {
        all.insert(0, record(storage, AuditEvent { user_id, ..samples::audit_event() }).await);
    }
    for of in [user_id, None] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let request = PageQuery { limit: PageSize::new(2).unwrap(), after };
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

/// Checks that only entries older than the given time are deleted.
pub async fn old_entries_are_deleted(storage: &dyn Storage) {
    record(storage, AuditEvent { at: after(1), ..samples::audit_event() }).await;
    let kept = record(storage, AuditEvent { at: after(2), ..samples::audit_event() }).await;
    let deleted = connect(storage).await.audit().delete_before(after(2), 100).await.unwrap();
    assert_eq!((deleted, list(storage, None).await), (1, vec![kept]));
}
