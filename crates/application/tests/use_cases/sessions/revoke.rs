use doorward_application::{access::denied::Forbidden, sessions::revoke::RevokeOwnSessionsError};
use doorward_domain::{
    SessionId, UserId,
    account::user::User,
    audit::AuditKind,
    mock::MockStorage,
    session::{SessionContext, SessionEndReason},
};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, acme, ann_id, assert_fails, bob_id, caller, expect_audit, session_context,
    session_id, unverified,
};

fn other_session() -> SessionId {
    "01890000-0000-7000-8000-00000000000e".parse().unwrap()
}

/// A unit of work in which one of Ann's sessions ends, or is looked up because it has already ended.
fn ending(ended: bool, found: Option<SessionContext>) -> MockStorage {
    MockStorage::default().on_begin(move |db| {
        db.sessions
            .expect_end()
            .with(eq(ann_id()), eq(other_session()), eq(SessionEndReason::Revoked), eq(NOW))
            .once()
            .returning(move |_, _, _, _| Ok(ended));
        if ended {
            expect_audit(db, AuditKind::SessionRevoked, Some((acme(), other_session())));
        } else {
            db.sessions
                .expect_find_with_user()
                .with(eq(other_session()), eq(None))
                .once()
                .returning(move |_, _| Ok(found.clone()));
        }
    })
}

fn of(user_id: UserId) -> Option<SessionContext> {
    let session_context = session_context();
    Some(SessionContext {
        user: User { id: user_id, ..session_context.user.clone() },
        ..session_context
    })
}

async fn end(storage: &MockStorage, id: &str) -> Result<(), RevokeOwnSessionsError> {
    World::new(storage).application().sessions.revoke.one(&caller(), id).await
}

#[tokio::test]
async fn ending_a_session_is_recorded() {
    let storage = ending(true, None);
    end(&storage, &other_session().to_string()).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn ending_an_ended_session_succeeds() {
    let storage = ending(false, of(ann_id()));
    end(&storage, &other_session().to_string()).await.unwrap();
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn session_of_another_user_is_not_found() {
    for found in [of(bob_id()), None] {
        let outcome = end(&ending(false, found), &other_session().to_string()).await;
        assert_fails!(outcome, RevokeOwnSessionsError::NotFound);
    }
}

#[tokio::test]
async fn malformed_session_id_costs_no_query() {
    let outcome = end(&MockStorage::default(), "x").await;
    assert_fails!(outcome, RevokeOwnSessionsError::NotFound);
}

#[tokio::test]
async fn all_sessions_except_the_current_one_are_ended() {
    for (ended, commits) in [(3, 1), (0, 0)] {
        let storage = MockStorage::default().on_begin(move |db| {
            db.sessions
                .expect_end_all()
                .with(eq(ann_id()), eq(Some(session_id())), eq(SessionEndReason::Revoked), eq(NOW))
                .once()
                .returning(move |_, _, _, _| Ok(ended));
            if ended > 0 {
                let place = Some((acme(), session_id()));
                expect_audit(db, AuditKind::OtherSessionsRevoked, place);
            }
        });
        World::new(&storage).application().sessions.revoke.all_others(&caller()).await.unwrap();
        assert_eq!(storage.commits(), commits);
    }
}

#[tokio::test]
async fn unverified_user_cannot_end_sessions_if_verification_is_required() {
    let application = World::without_storage().verified_only().application();
    let caller = doorward_application::Caller { user: unverified(), ..caller() };
    let outcome = application.sessions.revoke.all_others(&caller).await;
    assert_fails!(outcome, RevokeOwnSessionsError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
    let outcome = application.sessions.revoke.one(&caller, &other_session().to_string()).await;
    assert_fails!(outcome, RevokeOwnSessionsError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
}
