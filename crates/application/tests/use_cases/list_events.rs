use doorward_application::{Caller, Failure, authorize::Forbidden, list_events::ListEventsError};
use doorward_domain::{
    AuditEventId, UserId,
    mock::MockStorage,
    page::{Page, PageLimit, PageRequest},
};
use mockall::predicate::eq;

use crate::support::{World, ann_id, assert_fails, bob_id, caller, unverified};

const FIRST_PAGE: PageRequest<AuditEventId> =
    PageRequest { limit: PageLimit::DEFAULT, after: None };

/// A storage that is asked for the entries about this user, or about all.
fn listing(user_id: Option<UserId>) -> MockStorage {
    MockStorage::default().on_connect(move |db| {
        db.audit
            .expect_list()
            .with(eq(user_id), eq(FIRST_PAGE))
            .once()
            .return_once(|_, _| Ok(Page { items: Vec::new(), next: None }));
    })
}

#[tokio::test]
async fn a_person_sees_what_has_happened_to_their_own_account() {
    let application = World::new(&listing(Some(ann_id()))).application();
    application.list_events.own(&caller(), FIRST_PAGE).await.unwrap();
}

#[tokio::test]
async fn an_operator_sees_one_account_or_all() {
    for user_id in [Some(bob_id()), None] {
        let application = World::new(&listing(user_id)).application();
        application.list_events.of(user_id, FIRST_PAGE).await.unwrap();
    }
}

#[tokio::test]
async fn nothing_is_listed_for_an_unverified_person_where_that_is_required() {
    let application = World::without_storage().verified_only().application();
    let caller = Caller { user: unverified(), ..caller() };
    let outcome = application.list_events.own(&caller, FIRST_PAGE).await;
    assert_fails!(outcome, ListEventsError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
}

#[tokio::test]
async fn nothing_is_listed_while_storage_is_away() {
    let application = World::without_storage().application();
    let outcome = application.list_events.own(&caller(), FIRST_PAGE).await;
    assert_fails!(outcome, ListEventsError::Failure(Failure::Storage(_)));
}
