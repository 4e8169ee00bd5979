use doorward_application::{Caller, CommonError, access::authenticate::AuthenticateError};
use doorward_domain::{
    mock::{MockAccessTokens, MockStorage},
    org::role::Role,
    ports::InvalidAccessToken,
    session::{Session, SessionContext, SessionEndReason, SessionState},
    token::VerifiedAccessToken,
};
use mockall::predicate::eq;
use time::Duration;

use crate::support::{
    NOW, World, acme, ann_id, assert_fails, bob_id, client, disabled, session, session_context,
    session_id,
};

/// The claims of Ann's access token for Acme.
fn bearer() -> VerifiedAccessToken {
    let expires_at = NOW + Duration::MINUTE;
    VerifiedAccessToken {
        user_id: ann_id(),
        session_id: session_id(),
        org_id: Some(acme()),
        expires_at,
    }
}

fn verifying(outcome: Result<VerifiedAccessToken, InvalidAccessToken>) -> MockAccessTokens {
    let mut tokens = MockAccessTokens::new();
    tokens.expect_verify().with(eq("a token"), eq(NOW)).once().return_const(outcome);
    tokens
}

fn finding(bearer: VerifiedAccessToken, session_context: Option<SessionContext>) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        db.sessions
            .expect_find_with_user()
            .with(eq(bearer.session_id), eq(bearer.org_id))
            .once()
            .return_once(|_, _| Ok(session_context));
    })
}

async fn authenticate(
    bearer: VerifiedAccessToken,
    session_context: Option<SessionContext>,
) -> Result<Caller, AuthenticateError> {
    let world = World {
        access_tokens: verifying(Ok(bearer)),
        ..World::new(&finding(bearer, session_context))
    };
    world.application().access.authenticate.run("a token", client()).await
}

/// Asserts that a valid token is rejected because of the state of its session or user.
async fn assert_rejected(session_context: SessionContext) {
    assert_fails!(authenticate(bearer(), Some(session_context)).await, AuthenticateError::Rejected);
}

async fn assert_rejected_with(session: Session) {
    assert_rejected(SessionContext { session, ..session_context() }).await;
}

#[tokio::test]
async fn valid_access_token_identifies_the_caller_and_the_client() {
    let caller = authenticate(bearer(), Some(session_context())).await.unwrap();
    assert_eq!(caller.user.id, ann_id());
    assert_eq!(caller.session_id, session_id());
    assert_eq!(caller.org_id(), Some(acme()));
    assert_eq!(caller.client, client());
}

#[tokio::test]
async fn invalid_access_token_costs_no_query() {
    let world =
        World { access_tokens: verifying(Err(InvalidAccessToken)), ..World::without_storage() };
    let outcome = world.application().access.authenticate.run("a token", client()).await;
    assert_fails!(outcome, AuthenticateError::Rejected);
}

#[tokio::test]
async fn role_of_the_caller_comes_from_storage() {
    for role in [Role::Owner, Role::Member] {
        let session_context = SessionContext { role: Some(role), ..session_context() };
        let caller = authenticate(bearer(), Some(session_context)).await.unwrap();
        assert_eq!(caller.role(), Some(role));
    }
}

#[tokio::test]
async fn access_token_without_an_organization_has_no_role() {
    let bearer = VerifiedAccessToken { org_id: None, ..bearer() };
    let caller = authenticate(bearer, Some(session_context())).await.unwrap();
    assert_eq!(caller.workspace, None);
}

#[tokio::test]
async fn deleted_session_is_rejected() {
    assert_fails!(authenticate(bearer(), None).await, AuthenticateError::Rejected);
}

#[tokio::test]
async fn ended_session_is_rejected_immediately() {
    let state = SessionState::Ended { at: NOW, reason: SessionEndReason::LoggedOut };
    assert_rejected_with(Session { state, ..session() }).await;
}

#[tokio::test]
async fn session_past_its_idle_timeout_is_rejected() {
    assert_rejected_with(Session { idle_expires_at: NOW, ..session() }).await;
}

#[tokio::test]
async fn session_past_its_maximum_lifetime_is_rejected() {
    assert_rejected_with(Session { expires_at: NOW, ..session() }).await;
}

#[tokio::test]
async fn session_is_accepted_until_the_instant_of_its_expiry() {
    let idle_expires_at = NOW + Duration::MICROSECOND;
    let session = Session { idle_expires_at, ..session() };
    let session_context = SessionContext { session, ..session_context() };
    assert!(authenticate(bearer(), Some(session_context)).await.is_ok());
}

#[tokio::test]
async fn session_of_another_user_is_rejected() {
    assert_rejected_with(Session { user_id: bob_id(), ..session() }).await;
}

#[tokio::test]
async fn disabled_account_is_rejected_immediately() {
    assert_rejected(SessionContext { user: disabled(), ..session_context() }).await;
}

#[tokio::test]
async fn removed_member_is_rejected_immediately() {
    assert_rejected(SessionContext { role: None, ..session_context() }).await;
}

#[tokio::test]
async fn unavailable_storage_does_not_reject_the_access_token() {
    let world = World { access_tokens: verifying(Ok(bearer())), ..World::without_storage() };
    let outcome = world.application().access.authenticate.run("a token", client()).await;
    assert_fails!(outcome, AuthenticateError::Failure(CommonError::Storage(_)));
}
