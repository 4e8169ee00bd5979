//! Why a session did not move on, where nobody is to blame. Nothing is written: no unit of work is
//! prepared.

use doorward_application::{Failure, authorize::Forbidden, refresh::RefreshError};
use doorward_domain::{
    role::Role,
    session::{Rotation, Session, SessionEnd, SessionState, Standing},
    token::TokenPair,
};
use time::Duration;

use super::{command, command_in, moved, refresh, rotation, staying};
use crate::support::{
    NOW, World, access_token, acme, ann_id, assert_fails, disabled, globex, refresh_token, session,
    session_id, standing, unverified,
};

/// The answer to the token of a generation, once the session was found to stand like this.
async fn answer(generation: u32, standing: Option<Standing>) -> Result<TokenPair, RefreshError> {
    let rotation = Rotation { presented: generation, ..rotation() };
    refresh(&staying(rotation, standing), command(generation)).await
}

/// The answer to the same, where Globex is asked for, and Ann has that role there.
async fn answer_at_globex(
    generation: u32,
    standing: Standing,
    role: Option<Role>,
) -> Result<TokenPair, RefreshError> {
    let rotation = Rotation { presented: generation, org_id: Some(globex()), ..rotation() };
    let storage = staying(rotation, Some(Standing { role, ..standing }));
    refresh(&storage, command_in(globex(), generation)).await
}

fn ended(reason: SessionEnd) -> Standing {
    let state = SessionState::Ended { at: NOW, reason };
    Standing { session: Session { state, ..session() }, ..standing() }
}

#[tokio::test]
async fn the_token_before_gets_the_same_successor_within_the_grace() {
    for ago in [Duration::ZERO, Duration::seconds(10)] {
        let pair = answer(2, Some(moved(ago))).await.unwrap();
        assert_eq!(pair.refresh.expose(), refresh_token(session_id(), 3));
        assert_eq!(
            pair.access.token.expose(),
            access_token(ann_id(), session_id(), Some((acme(), Role::Admin)))
        );
    }
}

#[tokio::test]
async fn a_replay_may_name_an_organisation_too() {
    let pair = answer_at_globex(2, moved(Duration::SECOND), Some(Role::Member)).await.unwrap();
    assert_eq!(
        pair.access.token.expose(),
        access_token(ann_id(), session_id(), Some((globex(), Role::Member)))
    );
}

#[tokio::test]
async fn a_replay_gets_no_role_where_the_membership_was_lost() {
    let standing = Standing { role: None, ..moved(Duration::SECOND) };
    let pair = answer(2, Some(standing)).await.unwrap();
    assert_eq!(pair.access.token.expose(), access_token(ann_id(), session_id(), None));
}

#[tokio::test]
async fn a_session_that_is_gone_makes_the_token_invalid() {
    assert_fails!(answer(3, None).await, RefreshError::Invalid);
}

#[tokio::test]
async fn a_generation_yet_to_come_is_invalid_and_ends_nothing() {
    assert_fails!(answer(4, Some(standing())).await, RefreshError::Invalid);
}

#[tokio::test]
async fn a_session_that_idled_too_long_has_expired() {
    let session = Session { idle_expires_at: NOW, ..session() };
    let outcome = answer(3, Some(Standing { session, ..standing() })).await;
    assert_fails!(outcome, RefreshError::Expired);
}

#[tokio::test]
async fn a_session_that_is_too_old_has_expired() {
    let session = Session { expires_at: NOW, ..session() };
    let outcome = answer(3, Some(Standing { session, ..standing() })).await;
    assert_fails!(outcome, RefreshError::Expired);
}

#[tokio::test]
async fn an_ended_session_has_ended() {
    for reason in [SessionEnd::LoggedOut, SessionEnd::PasswordChanged, SessionEnd::Revoked] {
        assert_fails!(answer(3, Some(ended(reason))).await, RefreshError::Ended);
    }
}

#[tokio::test]
async fn there_is_no_replay_after_signing_out() {
    let state = SessionState::Ended { at: NOW, reason: SessionEnd::LoggedOut };
    let session = Session { state, ..moved(Duration::SECOND).session };
    let outcome = answer(2, Some(Standing { session, ..standing() })).await;
    assert_fails!(outcome, RefreshError::Ended);
}

#[tokio::test]
async fn a_disabled_account_ends_its_sessions() {
    for generation in [2, 3] {
        let standing = Standing { user: disabled(), ..moved(Duration::SECOND) };
        assert_fails!(answer(generation, Some(standing)).await, RefreshError::Ended);
    }
}

#[tokio::test]
async fn an_unverified_address_is_refused_where_it_matters() {
    for presented in [2, 3] {
        let rotation = Rotation { presented, verified_only: true, ..rotation() };
        let standing = Standing { user: unverified(), ..moved(Duration::SECOND) };
        let storage = staying(rotation, Some(standing));
        let app = World::new(&storage).verified_only().application();
        let outcome = app.refresh.run(command(presented)).await;
        assert_fails!(outcome, RefreshError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
    }
}

#[tokio::test]
async fn an_unverified_address_is_no_matter_elsewhere() {
    let standing = Standing { user: unverified(), ..moved(Duration::SECOND) };
    assert!(answer(2, Some(standing)).await.is_ok());
}

#[tokio::test]
async fn an_organisation_that_the_person_does_not_belong_to_is_refused() {
    for generation in [2, 3] {
        let outcome = answer_at_globex(generation, moved(Duration::SECOND), None).await;
        assert_fails!(outcome, RefreshError::Forbidden(Forbidden::ORG_ACCESS));
    }
}

/// What kept the statement from matching was gone by the time of the second look.
#[tokio::test]
async fn a_session_in_which_all_is_well_is_to_be_tried_again() {
    let outcome = answer(3, Some(standing())).await;
    assert_fails!(outcome, RefreshError::Failure(Failure::Busy));
}
