//! `UserRepository`: passwords and the verification of addresses.

use doorward_domain::{UserId, ports::Storage, user::User};

use crate::{
    concurrency::{at_once, count_yes},
    given::{self, connect},
    sample::{self, after},
};

async fn stored_hash(storage: &dyn Storage, user: &User) -> Option<String> {
    let hash = connect(storage).await.users().password_hash(user.id).await.unwrap();
    hash.map(|hash| hash.expose().to_owned())
}

async fn user_with_password(storage: &dyn Storage, name: &str) -> User {
    let user = User { has_password: true, ..sample::user(name) };
    connect(storage).await.users().insert(&user, Some(sample::hash(name))).await.unwrap();
    user
}

/// `UserRepository::set_password`: it replaces the one before, for this account alone.
pub async fn a_password_replaces_the_one_before(storage: &dyn Storage) {
    let ann = user_with_password(storage, "ann").await;
    let bob = user_with_password(storage, "bob").await;
    let new = sample::hash("new");
    connect(storage).await.users().set_password(ann.id, &new, after(5)).await.unwrap();
    assert_eq!(stored_hash(storage, &ann).await.as_deref(), Some(new.expose()));
    let changed = User { updated_at: after(5), ..ann };
    assert_eq!(given::stored_user(storage, &changed).await, changed);
    assert_eq!(stored_hash(storage, &bob).await.as_deref(), Some(sample::hash("bob").expose()));
    assert_eq!(given::stored_user(storage, &bob).await, bob);
}

/// `UserRepository::set_password`: an account may get its first one.
pub async fn an_account_without_a_password_gets_one(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let new = sample::hash("new");
    connect(storage).await.users().set_password(ann.id, &new, after(5)).await.unwrap();
    assert!(given::stored_user(storage, &ann).await.has_password);
    assert_eq!(stored_hash(storage, &ann).await.as_deref(), Some(new.expose()));
}

async fn change(storage: &dyn Storage, user: &User, old: &str, new: &str) -> bool {
    let (old, new) = (sample::hash(old), sample::hash(new));
    connect(storage).await.users().change_password(user.id, &old, &new, after(5)).await.unwrap()
}

/// `UserRepository::change_password`: it replaces the password that was verified, and says so.
pub async fn a_verified_password_is_changed(storage: &dyn Storage) {
    let ann = user_with_password(storage, "ann").await;
    let bob = user_with_password(storage, "bob").await;
    assert!(change(storage, &ann, "ann", "new").await);
    assert_eq!(stored_hash(storage, &ann).await.as_deref(), Some(sample::hash("new").expose()));
    let changed = User { updated_at: after(5), ..ann };
    assert_eq!(given::stored_user(storage, &changed).await, changed);
    assert_eq!(given::stored_user(storage, &bob).await, bob);
}

/// `UserRepository::change_password`: if the one so far still has that hash: a change that came in
/// between stays, and whoever has no password does not get one.
pub async fn a_password_that_is_another_by_now_is_not_changed(storage: &dyn Storage) {
    let ann = user_with_password(storage, "ann").await;
    let bare = given::user(storage, sample::user("bare")).await;
    for user in [&ann, &bare, &sample::user("nobody")] {
        assert!(!change(storage, user, "other", "new").await);
    }
    assert_eq!(stored_hash(storage, &ann).await.as_deref(), Some(sample::hash("ann").expose()));
    for user in [ann, bare] {
        assert_eq!(given::stored_user(storage, &user).await, user);
    }
}

/// `UserRepository::change_password`: of many at the same moment, one finds the password that was
/// verified.
pub async fn of_many_changes_of_a_password_one_happens(storage: &dyn Storage) {
    let ann = user_with_password(storage, "ann").await;
    let answers =
        at_once(8, async |number| change(storage, &ann, "ann", &format!("new{number}")).await);
    assert_eq!(count_yes(answers), 1);
}

/// `UserRepository::rehash_password`: it replaces the hash that it was made for, and says so.
pub async fn a_rehash_replaces_the_hash_it_was_made_for(storage: &dyn Storage) {
    let ann = user_with_password(storage, "ann").await;
    let (old, new) = (sample::hash("ann"), sample::hash("new"));
    let replaced = connect(storage).await.users().rehash_password(ann.id, &old, &new).await;
    assert!(replaced.unwrap());
    assert_eq!(stored_hash(storage, &ann).await.as_deref(), Some(new.expose()));
    // The password is the same: no data of the person changed.
    assert_eq!(given::stored_user(storage, &ann).await, ann);
}

/// `UserRepository::rehash_password`: it MUST change nothing if the password was changed meanwhile.
pub async fn a_rehash_never_undoes_a_new_password(storage: &dyn Storage) {
    let ann = user_with_password(storage, "ann").await;
    let (old, changed, rehashed) =
        (sample::hash("ann"), sample::hash("changed"), sample::hash("rehashed"));
    connect(storage).await.users().set_password(ann.id, &changed, after(5)).await.unwrap();
    let replaced = connect(storage).await.users().rehash_password(ann.id, &old, &rehashed).await;
    assert!(!replaced.unwrap());
    assert_eq!(stored_hash(storage, &ann).await.as_deref(), Some(changed.expose()));
}

/// `UserRepository::rehash_password`: of many at the same moment, one finds the hash it was made for.
pub async fn of_many_rehashes_one_happens(storage: &dyn Storage) {
    let ann = user_with_password(storage, "ann").await;
    let old = sample::hash("ann");
    let answers = at_once(8, async |number| {
        let new = sample::hash(&format!("new{number}"));
        connect(storage).await.users().rehash_password(ann.id, &old, &new).await.unwrap()
    });
    assert_eq!(count_yes(answers), 1);
}

/// `UserRepository::verify_email`: it marks the address, and says so.
pub async fn an_address_is_verified(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let verified = connect(storage).await.users().verify_email(ann.id, &ann.email, after(5)).await;
    assert!(verified.unwrap());
    assert_eq!(given::stored_user(storage, &ann).await.verified_at, Some(after(5)));
    assert_eq!(given::stored_user(storage, &bob).await, bob);
}

/// `UserRepository::verify_email`: the time of an earlier verification MUST stay.
pub async fn the_first_verification_counts(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    for seconds in [5, 6, 7] {
        let mut repositories = connect(storage).await;
        assert!(
            repositories.users().verify_email(ann.id, &ann.email, after(seconds)).await.unwrap()
        );
    }
    assert_eq!(given::stored_user(storage, &ann).await.verified_at, Some(after(5)));
}

/// `UserRepository::verify_email`: only if the account's address still is this one.
pub async fn another_address_is_not_verified(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let nobody = UserId::from_uuid(sample::id());
    let mut repositories = connect(storage).await;
    let users = repositories.users();
    assert!(!users.verify_email(ann.id, &bob.email, after(5)).await.unwrap());
    assert!(!users.verify_email(nobody, &ann.email, after(5)).await.unwrap());
    drop(repositories);
    for user in [ann, bob] {
        assert_eq!(given::stored_user(storage, &user).await, user);
    }
}

/// `UserRepository::verify_email`: whoever was first, all callers hear that the address is verified.
pub async fn of_many_verifications_all_hear_yes(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let answers = at_once(8, async |_| {
        connect(storage).await.users().verify_email(ann.id, &ann.email, after(5)).await.unwrap()
    });
    assert_eq!(count_yes(answers), 8);
}
