use doorward_application::{
    CommonError,
    admin::import_users::{ImportIssue, ImportUsersError, Imported, ImportedUser, Preview},
};
use doorward_domain::{
    account::{profile::Profile, user::User, username::Username},
    audit::AuditKind,
    mock::{MockPasswordHasher, MockRepositories, MockStorage},
    org::role::Role,
    ports::{InsertUserError, UnusableHash},
};

use crate::support::{NOW, World, ann, assert_fails, email, hash};

fn imported(address: &str) -> ImportedUser {
    ImportedUser {
        id: None,
        email: email(address),
        username: None,
        password_hash: Some(hash("a hash")),
        is_verified: true,
        is_disabled: false,
        profile: Profile::default(),
        created_at: None,
    }
}

fn named(address: &str, name: &str) -> ImportedUser {
    ImportedUser { username: Some(Username::parse(name).unwrap()), ..imported(address) }
}

fn knowing() -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_validate_hash().returning(|hash| match hash.expose() {
        "a hash" => Ok(()),
        _ => Err(UnusableHash::Unreadable("unknown format".into())),
    });
    hasher
}

/// Returns the outcomes, and the number of units of work that were committed.
async fn import(storage: &MockStorage, users: &[ImportedUser]) -> (Vec<Imported>, usize) {
    let app = World { hasher: knowing(), ..World::new(storage) }.application();
    (app.admin.import_users.run(users).await.unwrap(), storage.commits())
}

/// Expects that an account is stored with its organization, its ownership, and an audit event.
fn expect_made(db: &mut MockRepositories, username: &'static str) {
    db.users.expect_find_by_email().returning(|_| Ok(None));
    db.orgs.expect_insert().once().returning(|_| Ok(()));
    db.users
        .expect_insert()
        .withf(move |user, hash| {
            user.username.as_str() == username
                && user.verified_at == Some(NOW)
                && user.default_org.is_some()
                && hash.as_ref().is_some_and(|hash| hash.expose() == "a hash")
        })
        .once()
        .returning(|_, _| Ok(()));
    db.memberships
        .expect_insert()
        .withf(|membership| membership.role == Role::Owner)
        .once()
        .returning(|_| Ok(true));
    db.audit
        .expect_record()
        .withf(|event| event.kind == AuditKind::Imported)
        .once()
        .returning(|_| Ok(()));
}

fn taken(email: bool, username: bool) -> impl Fn(&mut MockRepositories) {
    move |db| {
        db.users.expect_find_by_email().returning(|_| Ok(None));
        db.orgs.expect_insert().once().returning(|_| Ok(()));
        db.users
            .expect_insert()
            .once()
            .returning(move |_, _| Err(InsertUserError::Taken { email, username }));
    }
}

#[tokio::test]
async fn account_is_imported_in_one_unit_of_work() {
    let storage = MockStorage::default().on_begin(|db| expect_made(db, "ann"));
    assert_eq!(import(&storage, &[imported("ann@example.com")]).await, (vec![Imported::Made], 1));
}

#[tokio::test]
async fn existing_account_is_not_changed_by_an_import() {
    let storage = MockStorage::default().on_begin(|db| {
        db.users.expect_find_by_email().once().returning(|_| Ok(Some(ann())));
    });
    assert_eq!(
        import(&storage, &[imported("ann@example.com")]).await,
        (vec![Imported::AlreadyThere], 1)
    );
}

#[tokio::test]
async fn unusable_hash_is_rejected_without_a_query() {
    let storage = MockStorage::default().on_begin(|_| {});
    let user = ImportedUser { password_hash: Some(hash("none")), ..imported("ann@example.com") };
    let outcomes = import(&storage, &[user]).await;
    let reason = UnusableHash::Unreadable("unknown format".into());
    assert_eq!(outcomes, (vec![Imported::Refused(ImportIssue::Hash(reason))], 1));
}

#[tokio::test]
async fn conflicting_account_does_not_block_the_import_of_others() {
    let storage = MockStorage::default()
        .on_begin(taken(false, true))
        .on_begin(taken(false, true))
        .on_begin(|db| expect_made(db, "bob"));
    let users = [named("ann@example.com", "taken"), imported("bob@example.com")];
    let outcomes = import(&storage, &users).await;
    assert_eq!(outcomes, (vec![Imported::Refused(ImportIssue::UsernameTaken), Imported::Made], 1));
}

#[tokio::test]
async fn derived_username_gets_a_number_if_it_is_taken() {
    let storage = MockStorage::default()
        .on_begin(taken(false, true))
        .on_begin(taken(false, true))
        .on_begin(|db| {
            db.users.expect_find_by_email().returning(|_| Ok(None));
            db.orgs.expect_insert().once().returning(|_| Ok(()));
            db.users
                .expect_insert()
                .withf(|user, _| user.username.as_str().starts_with("ann-"))
                .once()
                .returning(|_, _| Ok(()));
            db.memberships.expect_insert().once().returning(|_| Ok(true));
            db.audit.expect_record().once().returning(|_| Ok(()));
        });
    let taken = Username::parse("ann").unwrap();
    let expected = vec![Imported::MadeWithNumber { taken }];
    assert_eq!(import(&storage, &[imported("ann@example.com")]).await, (expected, 1));
}

/// Another user may have registered the existing account with the address of the imported user.
#[tokio::test]
async fn import_of_a_verified_account_is_rejected_if_an_unverified_one_has_its_address() {
    for (there, imports, expected) in [
        (None, true, Imported::Refused(ImportIssue::Unverified)),
        (None, false, Imported::AlreadyThere),
        (Some(NOW), true, Imported::AlreadyThere),
    ] {
        let user = User { verified_at: there, ..ann() };
        let found = user.clone();
        let storage = MockStorage::default()
            .on_begin(|db| {
                db.users.expect_find_by_email().once().return_once(|_| Ok(Some(user)));
            })
            .on_connect(|db| {
                db.users.expect_find_by_email().once().return_once(|_| Ok(Some(found)));
            });
        let account = ImportedUser { is_verified: imports, ..imported("ann@example.com") };
        let users = std::slice::from_ref(&account);
        assert_eq!(import(&storage, users).await.0, std::slice::from_ref(&expected));
        let app = World { hasher: knowing(), ..World::new(&storage) }.application();
        let preview = app.admin.import_users.preview(users, &mut Preview::default()).await.unwrap();
        assert_eq!(preview, [expected]);
    }
}

#[tokio::test]
async fn id_or_email_address_that_was_taken_meanwhile_is_reported() {
    for (email, expected) in
        [(false, Imported::Refused(ImportIssue::IdTaken)), (true, Imported::AlreadyThere)]
    {
        let storage =
            MockStorage::default().on_begin(taken(email, false)).on_begin(taken(email, false));
        let outcomes = import(&storage, &[named("ann@example.com", "ann")]).await;
        assert_eq!(outcomes, (vec![expected], 0));
    }
}

#[tokio::test]
async fn nothing_is_imported_while_storage_is_unavailable() {
    let app = World { hasher: knowing(), ..World::without_storage() }.application();
    let outcome = app.admin.import_users.run(&[imported("ann@example.com")]).await;
    assert_fails!(outcome, ImportUsersError::Failure(CommonError::Storage(_)));
}
