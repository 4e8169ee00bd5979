use doorward_application::{authorize::Forbidden, end_session::EndSessionError};
use doorward_domain::{
    SessionId, UserId,
    audit::AuditKind,
    mock::MockStorage,
    session::{SessionEnd, Standing},
    user::User,
};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, acme, ann_id, assert_fails, bob_id, caller, expect_audit, session_id, standing,
    unverified,
};

fn other_session() -> SessionId {
    "01890000-0000-7000-8000-00000000000e".parse().unwrap()
}

/// A unit of work in which one of Ann's sessions is ended, if it had not been, and else looked up.
fn ending(ended: bool, found: Option<Standing>) -> MockStorage {
    MockStorage::default().on_begin(move |db| {
        db.sessions
            .expect_end()
            .with(eq(ann_id()), eq(other_session()), eq(SessionEnd::Revoked), eq(NOW))
            .once()
            .returning(move |_, _, _, _| Ok(ended));
        if ended {
            expect_audit(db, AuditKind::SessionRevoked, Some((acme(), other_session())));
        } else {
            db.sessions
                .expect_standing()
                .with(eq(other_session()), eq(None))
                .once()
                .returning(move |_, _| Ok(found.clone()));
        }
    })
}

fn of(user_id: UserId) -> Option<Standing> {
    let standing = standing();
    Some(Standing { user: User { id: user_id, ..standing.user.clone() }, ..standing })
}

async fn end(storage: &MockStorage, id: &str) -> Result<(), EndSessionError> {
    World::new(storage).application().end_session.one(&caller(), id).await
}

#[tokio::test]
async fn a_session_is_ended_and_the_audit_trail_says_so() {
    let storage = ending(true, None);
    end(&storage, &other_session().to_string()).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn a_session_that_has_ended_before_is_fine() {
    let storage = ending(false, of(ann_id()));
    end(&storage, &other_session().to_string()).await.unwrap();
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn a_session_of_somebody_else_is_as_good_as_none() {
    for found in [of(bob_id()), None] {
        let outcome = end(&ending(false, found), &other_session().to_string()).await;
        assert_fails!(outcome, EndSessionError::NotFound);
    }
}

#[tokio::test]
async fn what_is_no_id_is_not_looked_up() {
    let outcome = end(&MockStorage::default(), "x").await;
    assert_fails!(outcome, EndSessionError::NotFound);
}

#[tokio::test]
async fn all_others_are_ended_and_the_one_that_asks_stays() {
    for (ended, commits) in [(3, 1), (0, 0)] {
        let storage = MockStorage::default().on_begin(move |db| {
            db.sessions
                .expect_end_all()
                .with(eq(ann_id()), eq(Some(session_id())), eq(SessionEnd::Revoked), eq(NOW))
                .once()
                .returning(move |_, _, _, _| Ok(ended));
            if ended > 0 {
                let place = Some((acme(), session_id()));
                expect_audit(db, AuditKind::OtherSessionsRevoked, place);
            }
        });
        World::new(&storage).application().end_session.all_others(&caller()).await.unwrap();
        assert_eq!(storage.commits(), commits);
    }
}

#[tokio::test]
async fn an_unverified_person_ends_nothing_where_that_is_required() {
    let application = World::without_storage().verified_only().application();
    let caller = doorward_application::Caller { user: unverified(), ..caller() };
    let outcome = application.end_session.all_others(&caller).await;
    assert_fails!(outcome, EndSessionError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
    let outcome = application.end_session.one(&caller, &other_session().to_string()).await;
    assert_fails!(outcome, EndSessionError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
}
