//! Why a session did not advance, without token reuse. Nothing is written: no unit of work is prepared.

use doorward_application::{
    CommonError, access::denied::Forbidden, sessions::refresh::RefreshError,
};
use doorward_domain::{
    org::role::Role,
    session::{RefreshAttempt, Session, SessionContext, SessionEndReason, SessionState},
    token::TokenPair,
};
use time::Duration;

use super::{command, command_in, moved, refresh, rotation, staying};
use crate::support::{
    NOW, World, access_token, acme, ann_id, assert_fails, disabled, globex, refresh_token, session,
    session_context, session_id, unverified,
};

/// Returns the outcome for the token of a generation, if the session is found in this state.
async fn outcome_of(
    generation: u32,
    session_context: Option<SessionContext>,
) -> Result<TokenPair, RefreshError> {
    let rotation = RefreshAttempt { generation, ..rotation() };
    refresh(&staying(rotation, session_context), command(generation)).await
}

/// As [`answer`], if the client requests Globex and Ann has this role there.
async fn outcome_at_globex(
    generation: u32,
    session_context: SessionContext,
    role: Option<Role>,
) -> Result<TokenPair, RefreshError> {
    let rotation = RefreshAttempt { generation, org_id: Some(globex()), ..rotation() };
    let storage = staying(rotation, Some(SessionContext { role, ..session_context }));
    refresh(&storage, command_in(globex(), generation)).await
}

fn ended(reason: SessionEndReason) -> SessionContext {
    let state = SessionState::Ended { at: NOW, reason };
    SessionContext { session: Session { state, ..session() }, ..session_context() }
}

#[tokio::test]
async fn previous_token_gets_the_same_successor_within_the_reuse_interval() {
    for ago in [Duration::ZERO, Duration::seconds(10)] {
        let pair = outcome_of(2, Some(moved(ago))).await.unwrap();
        assert_eq!(pair.refresh.expose(), refresh_token(session_id(), 3));
        assert_eq!(
            pair.access.token.expose(),
            access_token(ann_id(), session_id(), Some((acme(), Role::Admin)))
        );
    }
}

#[tokio::test]
async fn replay_may_request_an_organization() {
    let pair = outcome_at_globex(2, moved(Duration::SECOND), Some(Role::Member)).await.unwrap();
    assert_eq!(
        pair.access.token.expose(),
        access_token(ann_id(), session_id(), Some((globex(), Role::Member)))
    );
}

#[tokio::test]
async fn replay_gets_no_role_after_the_membership_was_lost() {
    let session_context = SessionContext { role: None, ..moved(Duration::SECOND) };
    let pair = outcome_of(2, Some(session_context)).await.unwrap();
    assert_eq!(pair.access.token.expose(), access_token(ann_id(), session_id(), None));
}

#[tokio::test]
async fn refresh_token_of_a_deleted_session_is_invalid() {
    assert_fails!(outcome_of(3, None).await, RefreshError::Invalid);
}

#[tokio::test]
async fn future_generation_is_invalid_and_ends_no_session() {
    assert_fails!(outcome_of(4, Some(session_context())).await, RefreshError::Invalid);
}

#[tokio::test]
async fn session_past_its_idle_timeout_has_expired() {
    let session = Session { idle_expires_at: NOW, ..session() };
    let outcome = outcome_of(3, Some(SessionContext { session, ..session_context() })).await;
    assert_fails!(outcome, RefreshError::Expired);
}

#[tokio::test]
async fn session_past_its_maximum_lifetime_has_expired() {
    let session = Session { expires_at: NOW, ..session() };
    let outcome = outcome_of(3, Some(SessionContext { session, ..session_context() })).await;
    assert_fails!(outcome, RefreshError::Expired);
}

#[tokio::test]
async fn ended_session_is_reported_as_ended() {
    for reason in
        [SessionEndReason::LoggedOut, SessionEndReason::PasswordChanged, SessionEndReason::Revoked]
    {
        assert_fails!(outcome_of(3, Some(ended(reason))).await, RefreshError::Ended);
    }
}

#[tokio::test]
async fn replay_after_sign_out_is_rejected() {
    let state = SessionState::Ended { at: NOW, reason: SessionEndReason::LoggedOut };
    let session = Session { state, ..moved(Duration::SECOND).session };
    let outcome = outcome_of(2, Some(SessionContext { session, ..session_context() })).await;
    assert_fails!(outcome, RefreshError::Ended);
}

#[tokio::test]
async fn session_of_a_disabled_account_is_reported_as_ended() {
    for generation in [2, 3] {
        let session_context = SessionContext { user: disabled(), ..moved(Duration::SECOND) };
        assert_fails!(outcome_of(generation, Some(session_context)).await, RefreshError::Ended);
    }
}

#[tokio::test]
async fn unverified_email_address_is_rejected_if_the_settings_require_verification() {
    for generation in [2, 3] {
        let rotation = RefreshAttempt { generation, require_verified_email: true, ..rotation() };
        let session_context = SessionContext { user: unverified(), ..moved(Duration::SECOND) };
        let storage = staying(rotation, Some(session_context));
        let app = World::new(&storage).verified_only().application();
        let outcome = app.sessions.refresh.run(command(generation)).await;
        assert_fails!(outcome, RefreshError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
    }
}

#[tokio::test]
async fn unverified_email_address_is_accepted_if_the_settings_do_not_require_verification() {
    let session_context = SessionContext { user: unverified(), ..moved(Duration::SECOND) };
    assert!(outcome_of(2, Some(session_context)).await.is_ok());
}

#[tokio::test]
async fn organization_that_the_user_is_not_a_member_of_is_rejected() {
    for generation in [2, 3] {
        let outcome = outcome_at_globex(generation, moved(Duration::SECOND), None).await;
        assert_fails!(outcome, RefreshError::Forbidden(Forbidden::ORG_ACCESS));
    }
}

/// The reason why the statement didn't match no longer holds at the second read.
#[tokio::test]
async fn session_that_changed_between_the_two_reads_is_reported_as_retryable() {
    let outcome = outcome_of(3, Some(session_context())).await;
    assert_fails!(outcome, RefreshError::Failure(CommonError::Busy));
}
