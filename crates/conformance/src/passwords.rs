//! `UserRepository`: passwords and the verification of addresses.

use std::net::Ipv6Addr;

use doorward_domain::{
    UserId,
    client::Network,
    password::NewHash,
    ports::Storage,
    token::TokenRef,
    user::{ClientEvidence, Credentials, LoginName, User},
};
use time::Duration;

use crate::{
    concurrency::{at_once, count_yes},
    given::{self, connect},
    sample::{self, NOW, after},
};

/// The hash and the version of an account's password.
async fn stored(storage: &dyn Storage, user: &User) -> (String, u32) {
    let stored = given::stored_password(storage, user).await;
    (stored.hash.expose().to_owned(), stored.version)
}

/// What [`stored`] answers for the sample hash of this text.
fn hashed(text: &str, version: u32) -> (String, u32) {
    (sample::hash(text).expose().to_owned(), version)
}

async fn version(storage: &dyn Storage, user: &User) -> u32 {
    given::stored_password(storage, user).await.version
}

async fn set(storage: &dyn Storage, user: &User, new: &str) {
    let new = sample::hash(new);
    connect(storage)
        .await
        .users()
        .set_password(user.id, &sample::new_hash(new.clone(), after(5)))
        .await
        .unwrap();
}

async fn change(storage: &dyn Storage, user: &User, verified: u32, new: &str) -> bool {
    let (mut repositories, new) = (connect(storage).await, sample::hash(new));
    repositories
        .users()
        .change_password(user.id, verified, &sample::new_hash(new.clone(), after(5)))
        .await
        .unwrap()
}

async fn rehash(storage: &dyn Storage, user: &User, old: &str, new: &str) -> bool {
    let (old, new) = (sample::hash(old), sample::hash(new));
    connect(storage).await.users().rehash_password(user.id, &old, &new).await.unwrap()
}

/// `UserRepository::set_password`: it replaces the one before, for this account alone, and moves
/// the version on.
pub async fn a_password_replaces_the_one_before(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let bob = given::user_with_password(storage, sample::user("bob")).await;
    let (of_ann, of_bob) = (version(storage, &ann).await, version(storage, &bob).await);
    set(storage, &ann, "new").await;
    assert_eq!(stored(storage, &ann).await, hashed("new", of_ann + 1));
    let changed = User { updated_at: after(5), ..ann };
    assert_eq!(given::stored_user(storage, &changed).await, changed);
    assert_eq!(stored(storage, &bob).await, hashed("bob", of_bob));
    assert_eq!(given::stored_user(storage, &bob).await, bob);
}

/// `UserRepository::set_password`: an account may get its first one.
pub async fn an_account_without_a_password_gets_one(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    set(storage, &ann, "new").await;
    assert!(given::stored_user(storage, &ann).await.has_password);
    let stored = given::stored_password(storage, &ann).await;
    assert_eq!(stored.hash.expose(), sample::hash("new").expose());
}

/// `StoredPassword::version`: it moves on with each change, by one, even to the same hash; a sign-in
/// is told the version of now.
pub async fn every_change_of_a_password_moves_its_version_on(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let first = version(storage, &ann).await;
    set(storage, &ann, "new").await;
    set(storage, &ann, "new").await;
    assert!(change(storage, &ann, first + 2, "new").await);
    assert!(change(storage, &ann, first + 3, "newer").await);
    assert_eq!(stored(storage, &ann).await, hashed("newer", first + 4));
    let name = LoginName::Username(ann.username);
    let found = connect(storage).await.users().credentials(&name, &sample::evidence()).await;
    let told = found.unwrap().unwrap().password.unwrap();
    assert_eq!((told.hash.expose().to_owned(), told.version), hashed("newer", first + 4));
}

/// `StoredPassword::version`: of many changes at the same moment, each moves it on.
pub async fn of_many_new_passwords_each_has_its_version(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let first = version(storage, &ann).await;
    at_once(8, async |number| set(storage, &ann, &format!("new{number}")).await);
    assert_eq!(version(storage, &ann).await, first + 8);
}

/// `UserRepository::change_password`: it replaces the password that was verified, moves the version
/// on, and says so.
pub async fn a_verified_password_is_changed(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let bob = given::user_with_password(storage, sample::user("bob")).await;
    let (verified, of_bob) = (version(storage, &ann).await, version(storage, &bob).await);
    assert!(change(storage, &ann, verified, "new").await);
    assert_eq!(stored(storage, &ann).await, hashed("new", verified + 1));
    let changed = User { updated_at: after(5), ..ann };
    assert_eq!(given::stored_user(storage, &changed).await, changed);
    assert_eq!(stored(storage, &bob).await, hashed("bob", of_bob));
    assert_eq!(given::stored_user(storage, &bob).await, bob);
}

/// `UserRepository::change_password`: if it still is the verified version: a change that came in
/// between stays.
pub async fn a_password_that_is_another_by_now_is_not_changed(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let verified = version(storage, &ann).await;
    set(storage, &ann, "between").await;
    let before = given::stored_user(storage, &ann).await;
    for (user, version) in
        [(&ann, verified), (&ann, verified + 2), (&sample::user("bob"), verified)]
    {
        assert!(!change(storage, user, version, "new").await, "{version}");
    }
    assert_eq!(stored(storage, &ann).await, hashed("between", verified + 1));
    assert_eq!(given::stored_user(storage, &ann).await, before);
}

/// `UserRepository::change_password`: whoever has no password does not get one, whichever version
/// is named.
pub async fn an_account_without_a_password_has_none_to_change(storage: &dyn Storage) {
    let bare = given::user(storage, sample::user("bare")).await;
    for version in 0..3 {
        assert!(!change(storage, &bare, version, "new").await, "{version}");
    }
    assert_eq!(given::stored_user(storage, &bare).await, bare);
}

/// `UserRepository::change_password`: a hash that was renewed in between is of the same password.
pub async fn a_password_whose_hash_was_renewed_is_changed(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let verified = version(storage, &ann).await;
    assert!(rehash(storage, &ann, "ann", "renewed").await);
    assert!(change(storage, &ann, verified, "new").await);
    assert_eq!(stored(storage, &ann).await, hashed("new", verified + 1));
}

/// `UserRepository::change_password`: of many at the same moment, one finds the password that was
/// verified.
pub async fn of_many_changes_of_a_password_one_happens(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let verified = version(storage, &ann).await;
    let answers =
        at_once(8, async |number| change(storage, &ann, verified, &format!("new{number}")).await);
    assert_eq!(count_yes(answers), 1);
    assert_eq!(version(storage, &ann).await, verified + 1);
}

/// `UserRepository::rehash_password`: it replaces the hash that it was made for, and says so; the
/// version stays.
pub async fn a_rehash_replaces_the_hash_it_was_made_for(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let before = version(storage, &ann).await;
    assert!(rehash(storage, &ann, "ann", "new").await);
    assert_eq!(stored(storage, &ann).await, hashed("new", before));
    // The password is the same: no data of the person changed.
    assert_eq!(given::stored_user(storage, &ann).await, ann);
}

/// `UserRepository::rehash_password`: it MUST change nothing if the password was changed meanwhile.
pub async fn a_rehash_never_undoes_a_new_password(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    set(storage, &ann, "changed").await;
    let before = stored(storage, &ann).await;
    assert!(!rehash(storage, &ann, "ann", "rehashed").await);
    assert_eq!(stored(storage, &ann).await, before);
}

/// `UserRepository::rehash_password`: of many at the same moment, one finds the hash it was made for.
pub async fn of_many_rehashes_one_happens(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let before = version(storage, &ann).await;
    let answers =
        at_once(8, async |number| rehash(storage, &ann, "ann", &format!("new{number}")).await);
    assert_eq!(count_yes(answers), 1);
    assert_eq!(version(storage, &ann).await, before);
}

/// `UserRepository::password_sample`: of accounts that have a password, each once, and no more than are
/// asked for.
pub async fn a_sample_is_of_accounts_that_have_a_password(storage: &dyn Storage) {
    let sample = async |limit| {
        let sample = connect(storage).await.users().password_sample(limit).await.unwrap();
        let mut texts: Vec<_> = sample.iter().map(|hash| hash.expose().to_owned()).collect();
        texts.sort();
        texts
    };
    assert!(sample(9).await.is_empty());
    given::user(storage, sample::user("nobody")).await;
    for name in ["ann", "bob"] {
        given::user_with_password(storage, sample::user(name)).await;
    }
    let all = [sample::hash("ann"), sample::hash("bob")].map(|hash| hash.expose().to_owned());
    assert_eq!(sample(9).await, all);
    let one = sample(1).await;
    assert!(one.len() == 1 && all.contains(&one[0]), "{one:?}");
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

/// `UserRepository::credentials`: after the password was set, the network that it was set from is known for a while, and
/// a device whose token names the account and the version of the password; and no others.
pub async fn credentials_know_where_the_password_was_set(storage: &dyn Storage) {
    let ann = given::user_with_password(storage, sample::user("ann")).await;
    let bob = given::user_with_password(storage, sample::user("bob")).await;
    let name = LoginName::Username(ann.username.clone());
    let from = |last: u16| Network::of(Ipv6Addr::new(0x2001, 0xdb8, 1, last, 0, 0, 0, 1).into());
    let device = |user: &User, counter| TokenRef { row: user.id.as_uuid(), counter };
    let knows = async |network, device, now| {
        let client = ClientEvidence { network, device: Some(device), now };
        let found = connect(storage).await.users().credentials(&name, &client).await;
        let found = found.unwrap().unwrap();
        (found.knows_network, found.knows_device)
    };
    let first = given::stored_password(storage, &ann).await.version;
    assert_eq!(knows(Some(from(1)), device(&ann, first), after(1)).await, (false, false));
    let new = NewHash { from: Some(from(1)), ..sample::new_hash(sample::hash("new"), NOW) };
    let version = connect(storage).await.users().set_password(ann.id, &new).await.unwrap().unwrap();
    assert_eq!(version, given::stored_password(storage, &ann).await.version);
    let end = NOW + Credentials::RESET_IS_KNOWN_FOR;
    for now in [after(1), end - Duration::MICROSECOND] {
        assert_eq!(knows(Some(from(1)), device(&ann, version), now).await, (true, true));
    }
    assert_eq!(knows(Some(from(1)), device(&ann, version), end).await, (false, false));
    assert_eq!(knows(Some(from(2)), device(&ann, version - 1), after(1)).await, (false, false));
    assert_eq!(knows(None, device(&bob, version), after(1)).await, (false, false));
    // The next password makes what was known by this one unknown.
    let next = NewHash { from: None, ..new };
    assert!(connect(storage).await.users().change_password(ann.id, version, &next).await.unwrap());
    assert_eq!(knows(Some(from(1)), device(&ann, version), after(1)).await, (false, false));
    assert_eq!(knows(None, device(&ann, version + 1), after(1)).await, (false, true));
    assert!(
        connect(storage)
            .await
            .users()
            .set_password(sample::user("cleo").id, &next)
            .await
            .unwrap()
            .is_none()
    );
}
