//! `SessionRepository::list_live`: the sessions of one user, page by page.

use doorward_domain::{
    page::{Page, PageLimit, PageRequest},
    ports::Storage,
    session::{Session, SessionEnd},
};

use crate::{
    given::{self, connect},
    sample::{self, NOW, after},
};

/// `SessionRepository::list_live`: what goes on, of this user alone.
pub async fn live_sessions_are_listed_newest_first(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    given::session(storage, sample::session(&bob)).await;
    let first = given::session(storage, sample::session(&ann)).await;
    let ended = given::session(storage, sample::session(&ann)).await;
    let reason = SessionEnd::LoggedOut;
    connect(storage).await.sessions().end(ann.id, ended.id, reason, NOW).await.unwrap();
    let now = after(10);
    given::session(storage, Session { idle_expires_at: now, ..sample::session(&ann) }).await;
    given::session(storage, Session { expires_at: now, ..sample::session(&ann) }).await;
    let last = given::session(storage, sample::session(&ann)).await;

    let request = PageRequest { limit: PageLimit::DEFAULT, after: None };
    let mut repositories = connect(storage).await;
    let page = repositories.sessions().list_live(ann.id, now, request).await.unwrap();
    assert_eq!(page, Page { items: vec![last, first], next: None });
}

/// `SessionRepository::list_live`: each page begins after the one before.
pub async fn sessions_are_listed_page_by_page(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let mut sessions = Vec::new();
    for _ in 0..5 {
        sessions.insert(0, given::session(storage, sample::session(&ann)).await);
    }
    let limit = PageLimit::new(2).unwrap();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let mut repositories = connect(storage).await;
        let request = PageRequest { limit, after };
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
