use doorward_application::find_user::FindUserError;
use doorward_domain::{mock::MockStorage, username::Username};
use mockall::predicate::eq;

use crate::support::{World, ann, ann_id, assert_fails, email};

#[tokio::test]
async fn an_account_is_found_by_its_id_its_address_or_its_name() {
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
        let found = World::new(&storage).application().find_user.run(name).await.unwrap();
        assert_eq!(found, ann(), "{name}");
    }
}

#[tokio::test]
async fn a_user_name_may_look_like_an_id() {
    let storage = MockStorage::default().on_connect(|db| {
        db.users.expect_find().once().returning(|_| Ok(None));
        db.users.expect_find_by_username().once().returning(|_| Ok(Some(ann())));
    });
    let name = ann_id().to_string();
    assert_eq!(World::new(&storage).application().find_user.run(&name).await.unwrap(), ann());
}

#[tokio::test]
async fn what_nobody_can_be_called_is_nobody() {
    for name in ["", "ann lee", "@"] {
        let storage = MockStorage::default().on_connect(|_| {});
        let outcome = World::new(&storage).application().find_user.run(name).await;
        assert_fails!(outcome, FindUserError::NotFound(_));
    }
}

#[tokio::test]
async fn in_full_it_comes_with_what_the_person_belongs_to() {
    let storage = MockStorage::default().on_connect(|db| {
        db.users.expect_find().once().returning(|_| Ok(Some(ann())));
        db.memberships.expect_of().with(eq(ann_id())).once().returning(|_| Ok(Vec::new()));
    });
    let app = World::new(&storage).application();
    let found = app.find_user.in_full(&ann_id().to_string()).await.unwrap();
    assert_eq!(found, (ann(), Vec::new()));
}
