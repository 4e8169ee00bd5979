use doorward_application::{
    Caller, CommonError, access::denied::Forbidden, events::list::ListEventsError,
};
use doorward_domain::{
    AuditEventId, UserId,
    mock::MockStorage,
    pagination::{Page, PageQuery, PageSize},
};
use mockall::predicate::eq;

use crate::support::{World, ann_id, assert_fails, bob_id, caller, unverified};

const FIRST_PAGE: PageQuery<AuditEventId> = PageQuery { limit: PageSize::DEFAULT, after: None };

/// Storage that expects a query for the audit events of this user, or of all users.
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
async fn user_sees_only_events_of_their_own_account() {
    let application = World::new(&listing(Some(ann_id()))).application();
    application.events.list.own(&caller(), FIRST_PAGE).await.unwrap();
}

#[tokio::test]
async fn operator_lists_events_of_one_account_or_all() {
    for user_id in [Some(bob_id()), None] {
        let application = World::new(&listing(user_id)).application();
        application.events.list.of(user_id, FIRST_PAGE).await.unwrap();
    }
}

#[tokio::test]
async fn unverified_user_cannot_list_if_verification_is_required() {
    let application = World::without_storage().verified_only().application();
    let caller = Caller { user: unverified(), ..caller() };
    let outcome = application.events.list.own(&caller, FIRST_PAGE).await;
    assert_fails!(outcome, ListEventsError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
}

#[tokio::test]
async fn nothing_is_listed_while_storage_is_unavailable() {
    let application = World::without_storage().application();
    let outcome = application.events.list.own(&caller(), FIRST_PAGE).await;
    assert_fails!(outcome, ListEventsError::Failure(CommonError::Storage(_)));
}
