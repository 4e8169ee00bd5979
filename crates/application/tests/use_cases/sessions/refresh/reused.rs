//! Reuse of a refresh token, which is possibly stolen.

use doorward_application::{
    CommonError,
    sessions::refresh::{RefreshCommand, RefreshError},
};
use doorward_domain::{
    audit::AuditKind,
    mock::MockStorage,
    session::{RefreshAttempt, Session, SessionContext, SessionEndReason, SessionState},
};
use mockall::predicate::eq;
use time::Duration;

use super::{command, command_in, moved, refresh, rotation, staying};
use crate::support::{
    NOW, World, acme, ann_id, assert_fails, disabled, expect_audit, globex, session,
    session_context, session_id,
};

/// Adds a unit of work in which the session ends, or has already ended.
fn ending(storage: MockStorage, ended: bool) -> MockStorage {
    storage.on_begin(|db| {
        db.sessions
            .expect_end()
            .with(eq(ann_id()), eq(session_id()), eq(SessionEndReason::TokenReused), eq(NOW))
            .once()
            .returning(move |_, _, _, _| Ok(ended));
        if ended {
            expect_audit(db, AuditKind::RefreshReused, Some((acme(), session_id())));
        }
    })
}

/// Asserts that the session is ended in a commit, although the outcome is an error.
async fn assert_ends_the_session(
    rotation: RefreshAttempt,
    command: RefreshCommand,
    session_context: SessionContext,
) {
    let storage = ending(staying(rotation, Some(session_context)), true);
    assert_fails!(refresh(&storage, command).await, RefreshError::Reused);
    assert_eq!(storage.commits(), 1);
}

async fn assert_reuse(generation: u32, session_context: SessionContext) {
    let rotation = RefreshAttempt { generation, ..rotation() };
    assert_ends_the_session(rotation, command(generation), session_context).await;
}

#[tokio::test]
async fn previous_token_is_reused_after_the_reuse_interval() {
    assert_reuse(2, moved(Duration::seconds(10) + Duration::MICROSECOND)).await;
}

#[tokio::test]
async fn older_token_is_reused_even_within_the_reuse_interval() {
    assert_reuse(1, moved(Duration::ZERO)).await;
}

#[tokio::test]
async fn reuse_is_reported_for_a_disabled_account() {
    assert_reuse(1, SessionContext { user: disabled(), ..session_context() }).await;
}

#[tokio::test]
async fn requesting_a_foreign_organization_does_not_hide_the_reuse() {
    let rotation = RefreshAttempt { generation: 1, org_id: Some(globex()), ..rotation() };
    let session_context = SessionContext { role: None, ..session_context() };
    assert_ends_the_session(rotation, command_in(globex(), 1), session_context).await;
}

#[tokio::test]
async fn every_replay_is_reuse_if_the_reuse_interval_is_zero() {
    let storage =
        staying(RefreshAttempt { generation: 2, ..rotation() }, Some(moved(Duration::MICROSECOND)));
    let storage = ending(storage, true);
    let mut world = World::new(&storage);
    world.settings.sessions.reuse_interval = Duration::ZERO;
    let outcome = world.application().sessions.refresh.run(command(2)).await;
    assert_fails!(outcome, RefreshError::Reused);
}

#[tokio::test]
async fn reuse_after_the_session_ended_for_reuse_records_nothing() {
    let state = SessionState::Ended { at: NOW, reason: SessionEndReason::TokenReused };
    let session_context =
        SessionContext { session: Session { state, ..session() }, ..session_context() };
    let storage = staying(rotation(), Some(session_context));
    assert_fails!(refresh(&storage, command(3)).await, RefreshError::Reused);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn concurrent_detections_of_the_same_reuse_record_one_event() {
    let rotation = RefreshAttempt { generation: 1, ..rotation() };
    let storage = ending(staying(rotation, Some(session_context())), false);
    assert_fails!(refresh(&storage, command(1)).await, RefreshError::Reused);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn reuse_is_a_failure_if_the_session_cannot_be_ended() {
    let storage = staying(RefreshAttempt { generation: 1, ..rotation() }, Some(session_context()));
    let outcome = refresh(&storage, command(1)).await;
    assert_fails!(outcome, RefreshError::Failure(CommonError::Storage(_)));
}
