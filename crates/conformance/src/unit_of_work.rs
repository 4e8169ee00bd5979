//! Clauses of `Storage`, `Repositories`, and `UnitOfWork` about atomicity.

use std::{future::Future, pin::pin, time::Duration};

use doorward_domain::{
    account::profile::ProfileChange, mail::MailLane, org::role::Role, ports::Storage,
    session::SessionEndReason,
};
use futures::poll;
use time::OffsetDateTime;

use crate::{
    fixtures::{self, begin, connect},
    samples::{self, NOW, after},
};

/// The timeout after which a clause fails: a lock that isn't released would make it wait forever.
const PATIENCE: Duration = Duration::from_secs(30);

async fn within_timeout<T>(call: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, call).await.expect("a lock or a connection was not released")
}

/// A time at which everything that can expire has expired.
const END_OF_TIME: OffsetDateTime = time::macros::datetime!(2999-01-01 0:00 UTC);

/// Checks that a working storage is ready, and that the check changes nothing.
pub async fn storage_that_serves_is_ready(storage: &dyn Storage) {
    for _ in 0..2 {
        storage.check_ready().await.unwrap();
    }
    assert_eq!(connect(storage).await.users().find(samples::user("ann").id).await.unwrap(), None);
}

/// Checks that the readiness check doesn't wait for concurrent writers.
pub async fn readiness_does_not_wait_for_a_writer(storage: &dyn Storage) {
    let mut work = begin(storage).await;
    work.users().insert(&samples::user("ann"), None).await.unwrap();
    within_timeout(storage.check_ready()).await.unwrap();
    work.commit().await.unwrap();
}

/// Checks that all changes of a commit are visible to others.
pub async fn commit_is_visible_to_others(storage: &dyn Storage) {
    let (user, org) = (samples::user("ann"), samples::org("Acme"));
    let membership = samples::membership(&org, &user, Role::Owner);
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

/// Checks that others see none of the changes before the commit.
pub async fn changes_are_invisible_before_the_commit(storage: &dyn Storage) {
    let user = samples::user("ann");
    let mut work = begin(storage).await;
    work.users().insert(&user, None).await.unwrap();
    let seen = within_timeout(async { connect(storage).await.users().find(user.id).await }).await;
    assert_eq!(seen.unwrap(), None);
    work.commit().await.unwrap();
    assert_eq!(connect(storage).await.users().find(user.id).await.unwrap(), Some(user));
}

/// Checks that all repositories use the same connection, so that a unit of work sees its own changes.
pub async fn unit_of_work_sees_its_own_writes(storage: &dyn Storage) {
    let user = samples::user("ann");
    let session = samples::session(&user);
    let mut work = begin(storage).await;
    work.users().insert(&user, None).await.unwrap();
    work.sessions().open(&session).await.unwrap();
    assert!(work.users().find(user.id).await.unwrap().is_some());
    let session_context = work.sessions().find_with_user(session.id, None).await.unwrap();
    assert_eq!(session_context.unwrap().session, session);
}

/// Checks that a unit of work that is dropped without a commit leaves no changes behind.
pub async fn drop_without_commit_leaves_no_changes(storage: &dyn Storage) {
    let settled = fixtures::user(storage, samples::user("settled")).await;
    let (user, org) = (samples::user("ann"), samples::org("Acme"));
    let (event, invite) = (samples::audit_event(), samples::invite(&org, &user, "bob@example.com"));
    let mut work = begin(storage).await;
    work.users().insert(&user, None).await.unwrap();
    work.users().set_disabled(settled.id, Some(NOW)).await.unwrap();
    work.orgs().insert(&org).await.unwrap();
    work.memberships().insert(&samples::membership(&org, &user, Role::Owner)).await.unwrap();
    work.sessions().open(&samples::session(&user)).await.unwrap();
    work.invites().upsert(&invite).await.unwrap();
    work.outbox().enqueue(&samples::mail(NOW)).await.unwrap();
    work.audit().record(&event).await.unwrap();
    work.signing_keys().insert_first(&samples::signing_key("first")).await.unwrap();
    drop(work);

    assert_eq!(fixtures::stored_user(storage, &settled).await, settled);
    let mut others = connect(storage).await;
    assert_eq!(others.users().find(user.id).await.unwrap(), None);
    assert_eq!(others.orgs().find(org.id).await.unwrap(), None);
    assert_eq!(others.memberships().find(org.id, user.id).await.unwrap(), None);
    assert_eq!(others.invites().find(invite.id).await.unwrap(), None);
    assert_eq!(others.signing_keys().list().await.unwrap(), []);
    assert_eq!(others.sessions().delete_ended(END_OF_TIME, 100).await.unwrap(), 0);
    assert_eq!(
        others.outbox().lease(MailLane::Account, 10, END_OF_TIME, END_OF_TIME).await.unwrap(),
        []
    );
    // An entry with the same ID can be added, so the first one was rolled back.
    others.audit().record(&event).await.unwrap();
}

/// Checks that a unit of work that is dropped without a commit releases its locks.
pub async fn drop_releases_locks_for_the_next_writer(storage: &dyn Storage) {
    let user = fixtures::user(storage, samples::user("ann")).await;
    let session = fixtures::session(storage, samples::session(&user)).await;
    let mut work = begin(storage).await;
    work.users().update_profile(user.id, &ProfileChange::default(), after(1)).await.unwrap();
    work.sessions().end(session.user_id, session.id, SessionEndReason::Revoked, NOW).await.unwrap();
    drop(work);

    let ended = within_timeout(async {
        let mut next = begin(storage).await;
        next.users().set_disabled(user.id, Some(NOW)).await.unwrap();
        let ended = next
            .sessions()
            .end(session.user_id, session.id, SessionEndReason::LoggedOut, NOW)
            .await
            .unwrap();
        next.commit().await.unwrap();
        ended
    });
    assert!(ended.await);
    assert_eq!(fixtures::stored_user(storage, &user).await.disabled_at, Some(NOW));
}

/// Checks that a unit of work that is dropped without a commit releases its connection.
pub async fn dropped_units_release_their_connections(storage: &dyn Storage) {
    within_timeout(async {
        for number in 0..100 {
            let mut work = begin(storage).await;
            let user = samples::user(&format!("user{number}"));
            work.users().insert(&user, None).await.unwrap();
        }
    })
    .await;
    let user = fixtures::user(storage, samples::user("user0")).await;
    assert_eq!(fixtures::stored_user(storage, &user).await, user);
}

/// Checks that a unit of work that is dropped while a statement runs leaves no changes behind.
pub async fn drop_during_a_statement_leaves_no_changes(storage: &dyn Storage) {
    let (first, second) = (samples::user("ann"), samples::user("bob"));
    let mut work = begin(storage).await;
    work.users().insert(&first, None).await.unwrap();
    {
        let mut statement = pin!(work.users().insert(&second, None));
        let _ = poll!(&mut statement);
    }
    drop(work);

    within_timeout(async {
        for user in [first, second] {
            assert_eq!(connect(storage).await.users().find(user.id).await.unwrap(), None);
            let mut next = begin(storage).await;
            next.users().insert(&user, None).await.unwrap();
            next.commit().await.unwrap();
        }
    })
    .await;
}

/// Checks that a unit of work that is dropped after a failed statement leaves no changes behind.
pub async fn drop_after_a_failure_leaves_no_changes(storage: &dyn Storage) {
    let user = samples::user("ann");
    let mut work = begin(storage).await;
    work.users().insert(&user, None).await.unwrap();
    let of_nobody = samples::session(&samples::user("unknown"));
    assert!(work.sessions().open(&of_nobody).await.is_err());
    drop(work);

    within_timeout(fixtures::user(storage, user)).await;
}

/// Checks that without a transaction each statement is committed by itself.
pub async fn statement_without_a_unit_is_committed_by_itself(storage: &dyn Storage) {
    let user = samples::user("ann");
    let mut repositories = connect(storage).await;
    repositories.users().insert(&user, None).await.unwrap();
    assert_eq!(repositories.users().find(user.id).await.unwrap(), Some(user.clone()));
    drop(repositories);
    assert_eq!(fixtures::stored_user(storage, &user).await, user);
}
