//! Clauses of `SessionRepository::list_live`.

use doorward_domain::{
    pagination::{Page, PageQuery, PageSize},
    ports::Storage,
    session::{Session, SessionEndReason},
};

use crate::{
    fixtures::{self, connect},
    samples::{self, NOW, after},
};

/// Checks that only the live sessions of this user are listed, newest first.
pub async fn live_sessions_are_listed_newest_first(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    fixtures::session(storage, samples::session(&bob)).await;
    let first = fixtures::session(storage, samples::session(&ann)).await;
    let ended = fixtures::session(storage, samples::session(&ann)).await;
    let reason = SessionEndReason::LoggedOut;
    connect(storage).await.sessions().end(ann.id, ended.id, reason, NOW).await.unwrap();
    let now = after(10);
    fixtures::session(storage, Session { idle_expires_at: now, ..samples::session(&ann) }).await;
    fixtures::session(storage, Session { expires_at: now, ..samples::session(&ann) }).await;
    let last = fixtures::session(storage, samples::session(&ann)).await;

    let request = PageQuery { limit: PageSize::DEFAULT, after: None };
    let mut repositories = connect(storage).await;
    let page = repositories.sessions().list_live(ann.id, now, request).await.unwrap();
    assert_eq!(page, Page { items: vec![last, first], next: None });
}

/// Checks that each page begins after the previous one.
pub async fn sessions_are_listed_page_by_page(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let mut sessions = Vec::new();
    for _ in 0..5 {
        sessions.insert(0, fixtures::session(storage, samples::session(&ann)).await);
    }
    let limit = PageSize::new(2).unwrap();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let mut repositories = connect(storage).await;
        let request = PageQuery { limit, after };
        let page = repositories.sessions().list_live(ann.id, NOW, request).await.unwrap();
        assert!(page.items.len() <= 2);
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, sessions);
}
