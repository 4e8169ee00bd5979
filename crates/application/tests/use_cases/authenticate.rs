use doorward_application::{Caller, Failure, authenticate::AuthenticateError};
use doorward_domain::{
    mock::{MockAccessTokens, MockStorage},
    ports::InvalidAccessToken,
    role::Role,
    session::{Session, SessionEnd, SessionState, Standing},
    token::Bearer,
};
use mockall::predicate::eq;
use time::Duration;

use crate::support::{
    NOW, World, acme, ann_id, assert_fails, bob_id, client, disabled, session, session_id, standing,
};

/// Ann in her session at Acme, as her access token has it.
fn bearer() -> Bearer {
    let expires_at = NOW + Duration::MINUTE;
    Bearer { user_id: ann_id(), session_id: session_id(), org_id: Some(acme()), expires_at }
}

fn verifying(outcome: Result<Bearer, InvalidAccessToken>) -> MockAccessTokens {
    let mut tokens = MockAccessTokens::new();
    tokens.expect_verify().with(eq("a token"), eq(NOW)).once().return_const(outcome);
    tokens
}

fn finding(bearer: Bearer, standing: Option<Standing>) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        db.sessions
            .expect_standing()
            .with(eq(bearer.session_id), eq(bearer.org_id))
            .once()
            .return_once(|_, _| Ok(standing));
    })
}

async fn authenticate(
    bearer: Bearer,
    standing: Option<Standing>,
) -> Result<Caller, AuthenticateError> {
    let world =
        World { access_tokens: verifying(Ok(bearer)), ..World::new(&finding(bearer, standing)) };
    world.application().authenticate.run("a token", client()).await
}

/// The token is good, and yet nobody stands behind it.
async fn assert_rejected(standing: Standing) {
    assert_fails!(authenticate(bearer(), Some(standing)).await, AuthenticateError::Rejected);
}

async fn assert_rejected_with(session: Session) {
    assert_rejected(Standing { session, ..standing() }).await;
}

#[tokio::test]
async fn a_good_token_tells_who_calls_and_from_where() {
    let caller = authenticate(bearer(), Some(standing())).await.unwrap();
    assert_eq!(caller.user.id, ann_id());
    assert_eq!(caller.session_id, session_id());
    assert_eq!(caller.org_id(), Some(acme()));
    assert_eq!(caller.client, client());
}

#[tokio::test]
async fn a_bad_token_costs_no_query() {
    let world =
        World { access_tokens: verifying(Err(InvalidAccessToken)), ..World::without_storage() };
    let outcome = world.application().authenticate.run("a token", client()).await;
    assert_fails!(outcome, AuthenticateError::Rejected);
}

#[tokio::test]
async fn the_role_is_the_one_in_storage() {
    for role in [Role::Owner, Role::Member] {
        let standing = Standing { role: Some(role), ..standing() };
        let caller = authenticate(bearer(), Some(standing)).await.unwrap();
        assert_eq!(caller.role(), Some(role));
    }
}

#[tokio::test]
async fn a_token_without_an_organisation_has_no_role_even_where_its_session_has_one() {
    let bearer = Bearer { org_id: None, ..bearer() };
    let caller = authenticate(bearer, Some(standing())).await.unwrap();
    assert_eq!(caller.workspace, None);
}

#[tokio::test]
async fn a_session_that_is_gone_is_rejected() {
    assert_fails!(authenticate(bearer(), None).await, AuthenticateError::Rejected);
}

#[tokio::test]
async fn an_ended_session_is_rejected_at_once() {
    let state = SessionState::Ended { at: NOW, reason: SessionEnd::LoggedOut };
    assert_rejected_with(Session { state, ..session() }).await;
}

#[tokio::test]
async fn a_session_that_idled_too_long_is_rejected() {
    assert_rejected_with(Session { idle_expires_at: NOW, ..session() }).await;
}

#[tokio::test]
async fn a_session_that_is_too_old_is_rejected() {
    assert_rejected_with(Session { expires_at: NOW, ..session() }).await;
}

#[tokio::test]
async fn a_session_lasts_until_its_very_end() {
    let idle_expires_at = NOW + Duration::MICROSECOND;
    let session = Session { idle_expires_at, ..session() };
    let standing = Standing { session, ..standing() };
    assert!(authenticate(bearer(), Some(standing)).await.is_ok());
}

#[tokio::test]
async fn the_session_of_somebody_else_is_rejected() {
    assert_rejected_with(Session { user_id: bob_id(), ..session() }).await;
}

#[tokio::test]
async fn a_disabled_account_is_rejected_at_once() {
    assert_rejected(Standing { user: disabled(), ..standing() }).await;
}

#[tokio::test]
async fn a_lost_membership_is_rejected_at_once() {
    assert_rejected(Standing { role: None, ..standing() }).await;
}

#[tokio::test]
async fn storage_that_is_away_is_no_judgement_of_the_token() {
    let world = World { access_tokens: verifying(Ok(bearer())), ..World::without_storage() };
    let outcome = world.application().authenticate.run("a token", client()).await;
    assert_fails!(outcome, AuthenticateError::Failure(Failure::Storage(_)));
}
