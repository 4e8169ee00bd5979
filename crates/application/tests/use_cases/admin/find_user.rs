use doorward_application::admin::find_user::FindUserError;
use doorward_domain::{account::username::Username, mock::MockStorage};
use mockall::predicate::eq;

use crate::support::{World, ann, ann_id, assert_fails, email, unverified};

#[tokio::test]
async fn account_is_found_by_id_email_address_or_username() {
    let by_id = MockStorage::default().on_connect(|db| {
        db.users.expect_find().with(eq(ann_id())).once().returning(|_| Ok(Some(ann())));
    });
    let by_address = MockStorage::default().on_connect(|db| {
        let address = eq(email("ann@example.com"));
        db.users.expect_find_by_email().with(address).once().returning(|_| Ok(Some(ann())));
    });
    let by_name = MockStorage::default().on_connect(|db| {
        let name = eq(Username::parse("Ann.Lee").unwrap());
        db.users.expect_find_by_username().with(name).once().returning(|_| Ok(Some(ann())));
    });
    let id = ann_id().to_string();
    for (storage, name) in
        [(by_id, id.as_str()), (by_address, "ann@example.com"), (by_name, "Ann.Lee")]
    {
        let found = World::new(&storage).application().admin.find_user.run(name).await.unwrap();
        assert_eq!(found, ann(), "{name}");
    }
}

#[tokio::test]
async fn username_that_looks_like_an_id_is_found() {
    let storage = MockStorage::default().on_connect(|db| {
        db.users.expect_find().once().returning(|_| Ok(None));
        db.users.expect_find_by_username().once().returning(|_| Ok(Some(ann())));
    });
    let name = ann_id().to_string();
    assert_eq!(World::new(&storage).application().admin.find_user.run(&name).await.unwrap(), ann());
}

#[tokio::test]
async fn invalid_name_finds_no_account_and_costs_no_query() {
    for name in ["", "ann lee", "@"] {
        let storage = MockStorage::default().on_connect(|_| {});
        let outcome = World::new(&storage).application().admin.find_user.run(name).await;
        assert_fails!(outcome, FindUserError::NotFound(_));
    }
}

#[tokio::test]
async fn full_lookup_returns_the_users_organizations() {
    let storage = MockStorage::default().on_connect(|db| {
        db.users.expect_find().once().returning(|_| Ok(Some(ann())));
        db.memberships
            .expect_list_for_user()
            .with(eq(ann_id()))
            .once()
            .returning(|_| Ok(Vec::new()));
    });
    let app = World::new(&storage).application();
    let found = app.admin.find_user.in_full(&ann_id().to_string()).await.unwrap();
    assert_eq!(found, (ann(), Vec::new()));
}

#[tokio::test]
async fn unverified_account_is_found_only_by_force_if_it_must_be_verified() {
    for (user, force, is_found) in
        [(ann(), false, true), (unverified(), false, false), (unverified(), true, true)]
    {
        let storage = MockStorage::default().on_connect(move |db| {
            db.users.expect_find().once().return_once(|_| Ok(Some(user)));
        });
        let app = World::new(&storage).application();
        match app.admin.find_user.verified(&ann_id().to_string(), force).await {
            Ok(_) => assert!(is_found),
            outcome => {
                assert!(!is_found);
                assert_fails!(outcome, FindUserError::Unverified);
            }
        }
    }
}
