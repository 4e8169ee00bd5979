//! A token that was used up long ago is in two hands.

use doorward_application::{
    Failure,
    refresh::{RefreshCommand, RefreshError},
};
use doorward_domain::{
    audit::AuditKind,
    mock::MockStorage,
    session::{Rotation, Session, SessionEnd, SessionState, Standing},
};
use mockall::predicate::eq;
use time::Duration;

use super::{command, command_in, moved, refresh, rotation, staying};
use crate::support::{
    NOW, World, acme, ann_id, assert_fails, disabled, expect_audit, globex, session, session_id,
    standing,
};

/// The unit of work in which the session is ended, if it had not been.
fn ending(storage: MockStorage, ended: bool) -> MockStorage {
    storage.on_begin(|db| {
        db.sessions
            .expect_end()
            .with(eq(ann_id()), eq(session_id()), eq(SessionEnd::TokenReused), eq(NOW))
            .once()
            .returning(move |_, _, _, _| Ok(ended));
        if ended {
            expect_audit(db, AuditKind::RefreshReused, Some((acme(), session_id())));
        }
    })
}

/// The family is ended for good, although the answer is an error.
async fn assert_ends_the_family(rotation: Rotation, command: RefreshCommand, standing: Standing) {
    let storage = ending(staying(rotation, Some(standing)), true);
    assert_fails!(refresh(&storage, command).await, RefreshError::Reused);
    assert_eq!(storage.commits(), 1);
}

async fn assert_reuse(generation: u32, standing: Standing) {
    let rotation = Rotation { presented: generation, ..rotation() };
    assert_ends_the_family(rotation, command(generation), standing).await;
}

#[tokio::test]
async fn the_token_before_is_reused_after_the_grace() {
    assert_reuse(2, moved(Duration::seconds(10) + Duration::MICROSECOND)).await;
}

#[tokio::test]
async fn an_older_token_is_reused_even_within_the_grace() {
    assert_reuse(1, moved(Duration::ZERO)).await;
}

#[tokio::test]
async fn reuse_is_told_of_a_disabled_account_too() {
    assert_reuse(1, Standing { user: disabled(), ..standing() }).await;
}

#[tokio::test]
async fn naming_a_foreign_organisation_does_not_hide_the_reuse() {
    let rotation = Rotation { presented: 1, org_id: Some(globex()), ..rotation() };
    let standing = Standing { role: None, ..standing() };
    assert_ends_the_family(rotation, command_in(globex(), 1), standing).await;
}

#[tokio::test]
async fn without_grace_every_replay_is_reuse() {
    let storage =
        staying(Rotation { presented: 2, ..rotation() }, Some(moved(Duration::MICROSECOND)));
    let storage = ending(storage, true);
    let mut world = World::new(&storage);
    world.settings.sessions.grace = Duration::ZERO;
    let outcome = world.application().refresh.run(command(2)).await;
    assert_fails!(outcome, RefreshError::Reused);
}

#[tokio::test]
async fn reuse_of_a_session_that_has_ended_for_it_writes_nothing_twice() {
    let state = SessionState::Ended { at: NOW, reason: SessionEnd::TokenReused };
    let standing = Standing { session: Session { state, ..session() }, ..standing() };
    let storage = staying(rotation(), Some(standing));
    assert_fails!(refresh(&storage, command(3)).await, RefreshError::Reused);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn of_two_who_find_the_same_reuse_one_writes_it() {
    let rotation = Rotation { presented: 1, ..rotation() };
    let storage = ending(staying(rotation, Some(standing())), false);
    assert_fails!(refresh(&storage, command(1)).await, RefreshError::Reused);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn reuse_that_could_not_be_acted_on_is_a_failure() {
    let storage = staying(Rotation { presented: 1, ..rotation() }, Some(standing()));
    let outcome = refresh(&storage, command(1)).await;
    assert_fails!(outcome, RefreshError::Failure(Failure::Storage(_)));
}
