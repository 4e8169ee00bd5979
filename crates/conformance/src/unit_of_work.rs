//! `Storage`, `Repositories` and `UnitOfWork`: what happens together, and what does not happen.

use std::{future::Future, pin::pin, time::Duration};

use doorward_domain::{
    mail::MailLane, ports::Storage, profile::ProfileChange, role::Role, session::SessionEnd,
};
use futures::poll;
use time::OffsetDateTime;

use crate::{
    given::{self, begin, connect},
    sample::{self, NOW, after},
};

/// A lock that nobody let go of shows as a wait without end: this is its end.
const PATIENCE: Duration = Duration::from_secs(30);

async fn within_patience<T>(call: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, call).await.expect("a lock or a connection was not let go of")
}

/// Nothing has expired by then, and everything has afterwards.
const END_OF_TIME: OffsetDateTime = time::macros::datetime!(2999-01-01 0:00 UTC);

/// `Storage::check_ready`: storage that serves is ready, and the check changes nothing.
pub async fn storage_that_serves_is_ready(storage: &dyn Storage) {
    for _ in 0..2 {
        storage.check_ready().await.unwrap();
    }
    assert_eq!(connect(storage).await.users().find(sample::user("ann").id).await.unwrap(), None);
}

/// `Storage::check_ready`: it does not wait for others that write.
pub async fn readiness_does_not_wait_for_a_writer(storage: &dyn Storage) {
    let mut work = begin(storage).await;
    work.users().insert(&sample::user("ann"), None).await.unwrap();
    within_patience(storage.check_ready()).await.unwrap();
    work.commit().await.unwrap();
}

/// `UnitOfWork::commit`: all of it lasts.
pub async fn a_commit_is_seen_by_others(storage: &dyn Storage) {
    let (user, org) = (sample::user("ann"), sample::org("Acme"));
    let membership = sample::membership(&org, &user, Role::Owner);
    let mut work = begin(storage).await;
    work.users().insert(&user, None).await.unwrap();
    work.orgs().insert(&org).await.unwrap();
    work.memberships().insert(&membership).await.unwrap();
    work.commit().await.unwrap();

    let mut others = connect(storage).await;
    assert_eq!(others.users().find(user.id).await.unwrap(), Some(user.clone()));
    assert_eq!(others.orgs().find(org.id).await.unwrap(), Some(org.clone()));
    assert_eq!(others.memberships().find(org.id, user.id).await.unwrap(), Some(membership));
}

/// `UnitOfWork`: together or not at all, so others see nothing of it before the commit.
pub async fn nothing_is_seen_before_the_commit(storage: &dyn Storage) {
    let user = sample::user("ann");
    let mut work = begin(storage).await;
    work.users().insert(&user, None).await.unwrap();
    let seen = within_patience(async { connect(storage).await.users().find(user.id).await }).await;
    assert_eq!(seen.unwrap(), None);
    work.commit().await.unwrap();
    assert_eq!(connect(storage).await.users().find(user.id).await.unwrap(), Some(user));
}

/// `Repositories`: all over the same connection, so a unit sees what it has written itself.
pub async fn a_unit_of_work_sees_its_own_writes(storage: &dyn Storage) {
    let user = sample::user("ann");
    let session = sample::session(&user);
    let mut work = begin(storage).await;
    work.users().insert(&user, None).await.unwrap();
    work.sessions().open(&session).await.unwrap();
    assert!(work.users().find(user.id).await.unwrap().is_some());
    let standing = work.sessions().standing(session.id, None).await.unwrap();
    assert_eq!(standing.unwrap().session, session);
}

/// `UnitOfWork`: what is dropped without a commit MUST have left nothing behind.
pub async fn a_drop_without_a_commit_leaves_nothing(storage: &dyn Storage) {
    let settled = given::user(storage, sample::user("settled")).await;
    let (user, org) = (sample::user("ann"), sample::org("Acme"));
    let (event, invite) = (sample::audit_event(), sample::invite(&org, &user, "bob@example.com"));
    let mut work = begin(storage).await;
    work.users().insert(&user, None).await.unwrap();
    work.users().set_disabled(settled.id, Some(NOW)).await.unwrap();
    work.orgs().insert(&org).await.unwrap();
    work.memberships().insert(&sample::membership(&org, &user, Role::Owner)).await.unwrap();
    work.sessions().open(&sample::session(&user)).await.unwrap();
    work.invites().upsert(&invite).await.unwrap();
    work.outbox().enqueue(&sample::mail(NOW)).await.unwrap();
    work.audit().record(&event).await.unwrap();
    work.signing_keys().insert_first(&sample::signing_key("first")).await.unwrap();
    drop(work);

    assert_eq!(given::stored_user(storage, &settled).await, settled);
    let mut others = connect(storage).await;
    assert_eq!(others.users().find(user.id).await.unwrap(), None);
    assert_eq!(others.orgs().find(org.id).await.unwrap(), None);
    assert_eq!(others.memberships().find(org.id, user.id).await.unwrap(), None);
    assert_eq!(others.invites().find(invite.id).await.unwrap(), None);
    assert_eq!(others.signing_keys().list().await.unwrap(), []);
    assert_eq!(others.sessions().delete_ended(END_OF_TIME).await.unwrap(), 0);
    assert_eq!(
        others.outbox().claim(MailLane::Account, 10, END_OF_TIME, END_OF_TIME).await.unwrap(),
        []
    );
    // The trail can't be read, but the entry's id is free again.
    others.audit().record(&event).await.unwrap();
}

/// `UnitOfWork`: what is dropped without a commit MUST have let go of its locks.
pub async fn a_drop_lets_the_next_writer_get_on(storage: &dyn Storage) {
    let user = given::user(storage, sample::user("ann")).await;
    let session = given::session(storage, sample::session(&user)).await;
    let mut work = begin(storage).await;
    work.users().update_profile(user.id, &ProfileChange::default(), after(1)).await.unwrap();
    work.sessions().end(session.user_id, session.id, SessionEnd::Revoked, NOW).await.unwrap();
    drop(work);

    let ended = within_patience(async {
        let mut next = begin(storage).await;
        next.users().set_disabled(user.id, Some(NOW)).await.unwrap();
        let ended = next
            .sessions()
            .end(session.user_id, session.id, SessionEnd::LoggedOut, NOW)
            .await
            .unwrap();
        next.commit().await.unwrap();
        ended
    });
    assert!(ended.await);
    assert_eq!(given::stored_user(storage, &user).await.disabled_at, Some(NOW));
}

/// `UnitOfWork`: what is dropped without a commit MUST have let go of its connection.
pub async fn any_number_of_units_may_be_dropped_one_after_the_other(storage: &dyn Storage) {
    within_patience(async {
        for number in 0..100 {
            let mut work = begin(storage).await;
            let user = sample::user(&format!("user{number}"));
            work.users().insert(&user, None).await.unwrap();
        }
    })
    .await;
    let user = given::user(storage, sample::user("user0")).await;
    assert_eq!(given::stored_user(storage, &user).await, user);
}

/// `UnitOfWork`: the same, if it is dropped while a statement runs.
pub async fn a_drop_amid_a_statement_leaves_nothing(storage: &dyn Storage) {
    let (first, second) = (sample::user("ann"), sample::user("bob"));
    let mut work = begin(storage).await;
    work.users().insert(&first, None).await.unwrap();
    {
        let mut statement = pin!(work.users().insert(&second, None));
        let _ = poll!(&mut statement);
    }
    drop(work);

    within_patience(async {
        for user in [first, second] {
            assert_eq!(connect(storage).await.users().find(user.id).await.unwrap(), None);
            let mut next = begin(storage).await;
            next.users().insert(&user, None).await.unwrap();
            next.commit().await.unwrap();
        }
    })
    .await;
}

/// `UnitOfWork`: the same, after a statement that failed.
pub async fn a_drop_after_a_failure_leaves_nothing(storage: &dyn Storage) {
    let user = sample::user("ann");
    let mut work = begin(storage).await;
    work.users().insert(&user, None).await.unwrap();
    let of_nobody = sample::session(&sample::user("nobody"));
    assert!(work.sessions().open(&of_nobody).await.is_err());
    drop(work);

    within_patience(given::user(storage, user)).await;
}

/// `Storage::connect`: without a transaction, each statement lasts by itself.
pub async fn a_statement_without_a_unit_lasts_by_itself(storage: &dyn Storage) {
    let user = sample::user("ann");
    let mut repositories = connect(storage).await;
    repositories.users().insert(&user, None).await.unwrap();
    assert_eq!(repositories.users().find(user.id).await.unwrap(), Some(user.clone()));
    drop(repositories);
    assert_eq!(given::stored_user(storage, &user).await, user);
}
