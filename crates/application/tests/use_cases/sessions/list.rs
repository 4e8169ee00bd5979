use doorward_application::{
    Caller, CommonError, access::denied::Forbidden, sessions::list::ListSessionsError,
};
use doorward_domain::{
    SessionId,
    mock::MockStorage,
    pagination::{Page, PageQuery, PageSize},
    session::Session,
};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, ann_id, assert_fails, caller, session, session_context, session_id, unverified,
};

const FIRST_PAGE: PageQuery<SessionId> = PageQuery { limit: PageSize::DEFAULT, after: None };

#[tokio::test]
async fn sessions_of_the_caller_are_listed() {
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
    assert_eq!(application.sessions.list.run(&caller(), FIRST_PAGE).await.unwrap(), expected);
}

#[tokio::test]
async fn unverified_user_cannot_list_if_verification_is_required() {
    let application = World::without_storage().verified_only().application();
    let caller = Caller { user: unverified(), ..caller() };
    let outcome = application.sessions.list.run(&caller, FIRST_PAGE).await;
    assert_fails!(outcome, ListSessionsError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
}

#[tokio::test]
async fn nothing_is_listed_while_storage_is_unavailable() {
    let application = World::without_storage().application();
    let outcome = application.sessions.list.run(&caller(), FIRST_PAGE).await;
    assert_fails!(outcome, ListSessionsError::Failure(CommonError::Storage(_)));
}

fn other_session() -> Session {
    Session { id: SessionId::from_uuid(ann_id().as_uuid()), ..session() }
}

#[tokio::test]
async fn current_session_is_first_on_the_first_page() {
    let page = Page { items: vec![other_session(), session()], next: None };
    let storage = MockStorage::default().on_connect(move |db| {
        db.sessions.expect_list_live().once().return_once(move |_, _, _| Ok(page));
    });
    let application = World::new(&storage).application();
    let found = application.sessions.list.own_first(&caller(), FIRST_PAGE).await.unwrap();
    assert_eq!(found.items, [session(), other_session()]);
}

#[tokio::test]
async fn current_session_beyond_the_first_page_is_looked_up() {
    let page = Page { items: vec![other_session()], next: Some(other_session().id) };
    let storage = MockStorage::default()
        .on_connect(move |db| {
            db.sessions.expect_list_live().once().return_once(move |_, _, _| Ok(page));
        })
        .on_connect(|db| {
            db.sessions
                .expect_find_with_user()
                .with(eq(session_id()), eq(None))
                .once()
                .returning(|_, _| Ok(Some(session_context())));
        });
    let application = World::new(&storage).application();
    let found = application.sessions.list.own_first(&caller(), FIRST_PAGE).await.unwrap();
    assert_eq!(found.items, [session(), other_session()]);
    assert_eq!(found.next, Some(other_session().id));
}

#[tokio::test]
async fn current_session_is_not_repeated_on_later_pages() {
    let page = Page { items: vec![other_session(), session()], next: None };
    let storage = MockStorage::default().on_connect(move |db| {
        db.sessions.expect_list_live().once().return_once(move |_, _, _| Ok(page));
    });
    let application = World::new(&storage).application();
    let later = PageQuery { after: Some(session_id()), ..FIRST_PAGE };
    let found = application.sessions.list.own_first(&caller(), later).await.unwrap();
    assert_eq!(found.items, [other_session()]);
}
