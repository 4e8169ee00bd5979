use doorward_application::{
    Caller, Failure, authorize::Forbidden, list_sessions::ListSessionsError,
};
use doorward_domain::{
    mock::MockStorage,
    page::{Page, PageLimit, PageRequest},
};
use mockall::predicate::eq;

use crate::support::{NOW, World, ann_id, assert_fails, caller, session, session_id, unverified};

const FIRST_PAGE: PageRequest<doorward_domain::SessionId> =
    PageRequest { limit: PageLimit::DEFAULT, after: None };

#[tokio::test]
async fn the_callers_sessions_are_listed() {
    let page = Page { items: vec![session()], next: Some(session_id()) };
    let expected = page.clone();
    let storage = MockStorage::default().on_connect(move |db| {
        db.sessions
            .expect_list_live()
            .with(eq(ann_id()), eq(NOW), eq(FIRST_PAGE))
            .once()
            .return_once(move |_, _, _| Ok(page));
    });
    let application = World::new(&storage).application();
    assert_eq!(application.list_sessions.run(&caller(), FIRST_PAGE).await.unwrap(), expected);
}

#[tokio::test]
async fn nothing_is_listed_for_an_unverified_person_where_that_is_required() {
    let application = World::without_storage().verified_only().application();
    let caller = Caller { user: unverified(), ..caller() };
    let outcome = application.list_sessions.run(&caller, FIRST_PAGE).await;
    assert_fails!(outcome, ListSessionsError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
}

#[tokio::test]
async fn nothing_is_listed_while_storage_is_away() {
    let application = World::without_storage().application();
    let outcome = application.list_sessions.run(&caller(), FIRST_PAGE).await;
    assert_fails!(outcome, ListSessionsError::Failure(Failure::Storage(_)));
}
