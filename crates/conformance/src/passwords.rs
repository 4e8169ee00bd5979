//! Clauses of `UserRepository` about passwords and the verification of email addresses.

use std::net::Ipv6Addr;

use doorward_domain::{
    UserId,
    account::user::{ClientEvidence, LoginCandidate, LoginIdentifier, User},
    credential::password::NewHash,
    ports::Storage,
    request_context::IpPrefix,
    token::TokenRef,
};
use time::Duration;

use crate::{
    concurrency::{at_once, count_true},
    fixtures::{self, connect},
    samples::{self, NOW, after},
};

/// Returns the hash and the version of an account's password.
async fn stored(storage: &dyn Storage, user: &User) -> (String, u32) {
    let stored = fixtures::stored_password(storage, user).await;
    (stored.hash.expose().to_owned(), stored.version)
}

/// Returns the value that [`stored`] returns for the sample hash of this text.
fn hashed(text: &str, version: u32) -> (String, u32) {
    (samples::hash(text).expose().to_owned(), version)
}

async fn version(storage: &dyn Storage, user: &User) -> u32 {
    fixtures::stored_password(storage, user).await.version
}

async fn set(storage: &dyn Storage, user: &User, new: &str) {
    let new = samples::hash(new);
    connect(storage)
        .await
        .users()
        .set_password(user.id, &samples::new_hash(new.clone(), after(5)))
        .await
        .unwrap();
}

async fn change(storage: &dyn Storage, user: &User, verified: u32, new: &str) -> bool {
    let (mut repositories, new) = (connect(storage).await, samples::hash(new));
    repositories
        .users()
        .change_password(user.id, verified, &samples::new_hash(new.clone(), after(5)))
        .await
        .unwrap()
}

async fn rehash(storage: &dyn Storage, user: &User, old: &str, new: &str) -> bool {
    let (old, new) = (samples::hash(old), samples::hash(new));
    connect(storage).await.users().rehash_password(user.id, &old, &new).await.unwrap()
}

/// Checks that a new password replaces the previous one of this account only, and increments the version.
pub async fn new_password_replaces_the_previous_one(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let bob = fixtures::user_with_password(storage, samples::user("bob")).await;
    let (of_ann, of_bob) = (version(storage, &ann).await, version(storage, &bob).await);
    set(storage, &ann, "new").await;
    assert_eq!(stored(storage, &ann).await, hashed("new", of_ann + 1));
    let changed = User { updated_at: after(5), ..ann };
    assert_eq!(fixtures::stored_user(storage, &changed).await, changed);
    assert_eq!(stored(storage, &bob).await, hashed("bob", of_bob));
    assert_eq!(fixtures::stored_user(storage, &bob).await, bob);
}

/// Checks that an account without a password can get one.
pub async fn account_without_password_gets_one(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    set(storage, &ann, "new").await;
    assert!(fixtures::stored_user(storage, &ann).await.has_password);
    let stored = fixtures::stored_password(storage, &ann).await;
    assert_eq!(stored.hash.expose(), samples::hash("new").expose());
}

/// Checks that each change increments the version by one, even to the same hash, and that a sign-in gets the
/// current version.
pub async fn every_password_change_increments_the_version(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let first = version(storage, &ann).await;
    set(storage, &ann, "new").await;
    set(storage, &ann, "new").await;
    assert!(change(storage, &ann, first + 2, "new").await);
    assert!(change(storage, &ann, first + 3, "newer").await);
    assert_eq!(stored(storage, &ann).await, hashed("newer", first + 4));
    let name = LoginIdentifier::Username(ann.username);
    let found = connect(storage).await.users().login_candidate(&name, &samples::evidence()).await;
    let told = found.unwrap().unwrap().password.unwrap();
    assert_eq!((told.hash.expose().to_owned(), told.version), hashed("newer", first + 4));
}

/// Checks that each of many concurrent changes increments the version.
pub async fn concurrent_new_passwords_each_increment_the_version(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let first = version(storage, &ann).await;
    at_once(8, async |number| set(storage, &ann, &format!("new{number}")).await);
    assert_eq!(version(storage, &ann).await, first + 8);
}

/// Checks that the verified password is replaced, and that the version is incremented.
pub async fn verified_password_is_changed(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let bob = fixtures::user_with_password(storage, samples::user("bob")).await;
    let (verified, of_bob) = (version(storage, &ann).await, version(storage, &bob).await);
    assert!(change(storage, &ann, verified, "new").await);
    assert_eq!(stored(storage, &ann).await, hashed("new", verified + 1));
    let changed = User { updated_at: after(5), ..ann };
    assert_eq!(fixtures::stored_user(storage, &changed).await, changed);
    assert_eq!(stored(storage, &bob).await, hashed("bob", of_bob));
    assert_eq!(fixtures::stored_user(storage, &bob).await, bob);
}

/// Checks that nothing changes if the password no longer has the verified version.
pub async fn password_is_not_changed_if_its_version_is_outdated(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let verified = version(storage, &ann).await;
    set(storage, &ann, "between").await;
    let before = fixtures::stored_user(storage, &ann).await;
    for (user, version) in
        [(&ann, verified), (&ann, verified + 2), (&samples::user("bob"), verified)]
    {
        assert!(!change(storage, user, version, "new").await, "{version}");
    }
    assert_eq!(stored(storage, &ann).await, hashed("between", verified + 1));
    assert_eq!(fixtures::stored_user(storage, &ann).await, before);
}

/// Checks that an account without a password doesn't get one, for any version.
pub async fn account_without_password_has_none_to_change(storage: &dyn Storage) {
    let bare = fixtures::user(storage, samples::user("bare")).await;
    for version in 0..3 {
        assert!(!change(storage, &bare, version, "new").await, "{version}");
    }
    assert_eq!(fixtures::stored_user(storage, &bare).await, bare);
}

/// Checks that a hash that was renewed meanwhile counts as the same password.
pub async fn password_with_renewed_hash_is_changed(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let verified = version(storage, &ann).await;
    assert!(rehash(storage, &ann, "ann", "renewed").await);
    assert!(change(storage, &ann, verified, "new").await);
    assert_eq!(stored(storage, &ann).await, hashed("new", verified + 1));
}

/// Checks that of many concurrent changes exactly one succeeds.
pub async fn concurrent_password_changes_succeed_once(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let verified = version(storage, &ann).await;
    let answers =
        at_once(8, async |number| change(storage, &ann, verified, &format!("new{number}")).await);
    assert_eq!(count_true(answers), 1);
    assert_eq!(version(storage, &ann).await, verified + 1);
}

/// Checks that a new hash replaces only the hash that it was created for, and that the version stays.
pub async fn rehash_replaces_the_expected_hash(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let before = version(storage, &ann).await;
    assert!(rehash(storage, &ann, "ann", "new").await);
    assert_eq!(stored(storage, &ann).await, hashed("new", before));
    // The password is the same, so the user's data didn't change.
    assert_eq!(fixtures::stored_user(storage, &ann).await, ann);
}

/// Checks that nothing changes if the password was changed meanwhile.
pub async fn rehash_does_not_undo_a_new_password(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    set(storage, &ann, "changed").await;
    let before = stored(storage, &ann).await;
    assert!(!rehash(storage, &ann, "ann", "rehashed").await);
    assert_eq!(stored(storage, &ann).await, before);
}

/// Checks that of many concurrent new hashes exactly one is stored.
pub async fn concurrent_rehashes_succeed_once(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let before = version(storage, &ann).await;
    let answers =
        at_once(8, async |number| rehash(storage, &ann, "ann", &format!("new{number}")).await);
    assert_eq!(count_true(answers), 1);
    assert_eq!(version(storage, &ann).await, before);
}

/// Checks that a sample contains only accounts that have a password, each once, and no more than requested.
pub async fn password_sample_contains_only_accounts_with_a_password(storage: &dyn Storage) {
    let sample = async |limit| {
        let sample = connect(storage).await.users().password_sample(limit).await.unwrap();
        let mut texts: Vec<_> = sample.iter().map(|hash| hash.expose().to_owned()).collect();
        texts.sort();
        texts
    };
    assert!(sample(9).await.is_empty());
    fixtures::user(storage, samples::user("unknown")).await;
    for name in ["ann", "bob"] {
        fixtures::user_with_password(storage, samples::user(name)).await;
    }
    let all = [samples::hash("ann"), samples::hash("bob")].map(|hash| hash.expose().to_owned());
    assert_eq!(sample(9).await, all);
    let one = sample(1).await;
    assert!(one.len() == 1 && all.contains(&one[0]), "{one:?}");
}

/// Checks that the email address is marked as verified, and that the account is no longer provisional.
pub async fn email_is_verified(storage: &dyn Storage) {
    let provisional = |name| User { is_provisional: true, ..samples::user(name) };
    let ann = fixtures::user(storage, provisional("ann")).await;
    let bob = fixtures::user(storage, provisional("bob")).await;
    let verified = connect(storage).await.users().verify_email(ann.id, &ann.email, after(5)).await;
    assert!(verified.unwrap());
    let stored = fixtures::stored_user(storage, &ann).await;
    assert_eq!((stored.verified_at, stored.is_provisional), (Some(after(5)), false));
    assert_eq!(fixtures::stored_user(storage, &bob).await, bob);
}

/// Checks that the time of an earlier verification stays.
pub async fn time_of_the_first_verification_stays(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    for seconds in [5, 6, 7] {
        let mut repositories = connect(storage).await;
        assert!(
            repositories.users().verify_email(ann.id, &ann.email, after(seconds)).await.unwrap()
        );
    }
    assert_eq!(fixtures::stored_user(storage, &ann).await.verified_at, Some(after(5)));
}

/// Checks that nothing changes if the account's email address is no longer this one.
pub async fn other_email_is_not_verified(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let unknown = UserId::from_uuid(samples::id());
    let mut repositories = connect(storage).await;
    let users = repositories.users();
    assert!(!users.verify_email(ann.id, &bob.email, after(5)).await.unwrap());
    assert!(!users.verify_email(unknown, &ann.email, after(5)).await.unwrap());
    drop(repositories);
    for user in [ann, bob] {
        assert_eq!(fixtures::stored_user(storage, &user).await, user);
    }
}

/// Checks that all concurrent callers get `true`, whichever of them is first.
pub async fn concurrent_verifications_all_return_true(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let answers = at_once(8, async |_| {
        connect(storage).await.users().verify_email(ann.id, &ann.email, after(5)).await.unwrap()
    });
    assert_eq!(count_true(answers), 8);
}

/// Checks that for a while after the password was set, the network from which it was set and a device whose
/// token names the account and the version of the password are known, and no others.
pub async fn client_that_set_the_password_is_known(storage: &dyn Storage) {
    let ann = fixtures::user_with_password(storage, samples::user("ann")).await;
    let bob = fixtures::user_with_password(storage, samples::user("bob")).await;
    let name = LoginIdentifier::Username(ann.username.clone());
    let from = |last: u16| IpPrefix::of(Ipv6Addr::new(0x2001, 0xdb8, 1, last, 0, 0, 0, 1).into());
    let device = |user: &User, counter| TokenRef { id: user.id.as_uuid(), counter };
    let knows = async |network, device, now| {
        let client = ClientEvidence { network, device: Some(device), now };
        let found = connect(storage).await.users().login_candidate(&name, &client).await;
        let found = found.unwrap().unwrap();
        (found.is_known_ip_prefix, found.is_known_device)
    };
    let first = fixtures::stored_password(storage, &ann).await.version;
    assert_eq!(knows(Some(from(1)), device(&ann, first), after(1)).await, (false, false));
    let new = NewHash { from: Some(from(1)), ..samples::new_hash(samples::hash("new"), NOW) };
    let version = connect(storage).await.users().set_password(ann.id, &new).await.unwrap().unwrap();
    assert_eq!(version, fixtures::stored_password(storage, &ann).await.version);
    let end = NOW + LoginCandidate::RESET_IS_KNOWN_FOR;
    for now in [after(1), end - Duration::MICROSECOND] {
        assert_eq!(knows(Some(from(1)), device(&ann, version), now).await, (true, true));
    }
    assert_eq!(knows(Some(from(1)), device(&ann, version), end).await, (false, false));
    assert_eq!(knows(Some(from(2)), device(&ann, version - 1), after(1)).await, (false, false));
    assert_eq!(knows(None, device(&bob, version), after(1)).await, (false, false));
    // The next password makes the devices and networks of this one unknown.
    let next = NewHash { from: None, ..new };
    assert!(connect(storage).await.users().change_password(ann.id, version, &next).await.unwrap());
    assert_eq!(knows(Some(from(1)), device(&ann, version), after(1)).await, (false, false));
    assert_eq!(knows(None, device(&ann, version + 1), after(1)).await, (false, true));
    assert!(
        connect(storage)
            .await
            .users()
            .set_password(samples::user("cleo").id, &next)
            .await
            .unwrap()
            .is_none()
    );
}
