//! Clauses of `UserRepository::change_email`.

use doorward_domain::{
    account::user::{EmailChange, User},
    ports::{ChangeEmailError, Storage},
};

use crate::{
    concurrency::at_once,
    fixtures::{self, connect},
    samples::{self, NOW, after},
};

const NEW: &str = "ann.lee@example.com";

fn to(user: &User, address: &str) -> EmailChange {
    EmailChange {
        from: user.email.clone(),
        to: samples::email(address),
        unverified_only: true,
        verified_at: None,
    }
}

async fn change(
    storage: &dyn Storage,
    user: &User,
    change: &EmailChange,
) -> Result<bool, ChangeEmailError> {
    connect(storage).await.users().change_email(user.id, change, after(1)).await
}

/// Checks that the address is replaced, verified or not as requested, and found; and that nothing else
/// changes.
pub async fn changed_email_replaces_the_previous_one(storage: &dyn Storage) {
    for (name, verified_at) in [("ann", None), ("bob", Some(after(1)))] {
        let verified = User { verified_at: Some(NOW), is_provisional: true, ..samples::user(name) };
        let user = fixtures::user(storage, verified).await;
        let address = format!("{name}.lee@example.com");
        let changes = EmailChange { unverified_only: false, verified_at, ..to(&user, &address) };
        assert!(change(storage, &user, &changes).await.unwrap());
        let email = samples::email(&address);
        let expected = User {
            email: email.clone(),
            verified_at,
            is_provisional: verified_at.is_none(),
            updated_at: after(1),
            ..user.clone()
        };
        let mut repositories = connect(storage).await;
        let users = repositories.users();
        assert_eq!(users.find_by_email(&email).await.unwrap(), Some(expected));
        assert_eq!(users.find_by_email(&user.email).await.unwrap(), None);
    }
}

/// Checks that `EmailChange::unverified_only` makes the account provisional, because another user may own the
/// new address. This also applies to an account created by an operator.
pub async fn email_chosen_by_the_user_makes_the_account_provisional(storage: &dyn Storage) {
    for (name, unverified_only) in [("ann", true), ("bob", false)] {
        let user = fixtures::user(storage, samples::user(name)).await;
        let changes =
            EmailChange { unverified_only, ..to(&user, &format!("{name}.lee@example.com")) };
        assert!(change(storage, &user, &changes).await.unwrap());
        let stored = fixtures::stored_user(storage, &user).await;
        assert_eq!((user.is_provisional, stored.is_provisional), (false, unverified_only));
    }
}

/// Checks that an account's address can be changed to the same address in another case.
pub async fn email_that_differs_only_in_case_is_changed(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    assert!(change(storage, &ann, &to(&ann, "Ann@example.com")).await.unwrap());
    assert_eq!(fixtures::stored_user(storage, &ann).await.email.as_str(), "Ann@example.com");
}

/// Checks that the result is [`ChangeEmailError::Taken`], without regard to case, and that both accounts stay
/// unchanged.
pub async fn taken_email_is_rejected_in_any_case(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    for address in ["bob@example.com", "BOB@example.com"] {
        let outcome = change(storage, &ann, &to(&ann, address)).await;
        assert!(matches!(outcome, Err(ChangeEmailError::Taken)), "{outcome:?}");
        let mut work = fixtures::begin(storage).await;
        let outcome = work.users().change_email(ann.id, &to(&ann, address), after(1)).await;
        assert!(matches!(outcome, Err(ChangeEmailError::Taken)), "{outcome:?}");
        drop(work);
    }
    assert_eq!(fixtures::stored_user(storage, &ann).await, ann);
    assert_eq!(fixtures::stored_user(storage, &bob).await, bob);
}

/// Checks that a verified address isn't replaced with `EmailChange::unverified_only`.
pub async fn verified_email_is_kept_on_request(storage: &dyn Storage) {
    let verified = User { verified_at: Some(NOW), ..samples::user("ann") };
    let ann = fixtures::user(storage, verified).await;
    assert!(!change(storage, &ann, &to(&ann, NEW)).await.unwrap());
    assert_eq!(fixtures::stored_user(storage, &ann).await, ann);
}

/// Checks that nothing changes if the address is no longer `from`, or if the account is unknown.
pub async fn email_is_not_changed_if_it_is_no_longer_the_expected_one(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let stale = EmailChange { from: samples::email("old@example.com"), ..to(&ann, NEW) };
    assert!(!change(storage, &ann, &stale).await.unwrap());
    let unknown = samples::user("unknown");
    assert!(!change(storage, &unknown, &to(&unknown, NEW)).await.unwrap());
    assert_eq!(fixtures::stored_user(storage, &ann).await, ann);
}

/// Checks that it is one conditional statement: of many concurrent changes, exactly one succeeds.
pub async fn concurrent_email_changes_succeed_once(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let answers = at_once(16, async |number| {
        change(storage, &ann, &to(&ann, &format!("ann{number}@example.com"))).await.unwrap()
    });
    assert_eq!(answers.into_iter().filter(|changed| *changed).count(), 1);
}

/// Checks that addresses are unique by a constraint: of many accounts that concurrently change to the same
/// address, exactly one gets it.
pub async fn concurrent_changes_to_one_email_succeed_once(storage: &dyn Storage) {
    let mut users = Vec::new();
    for number in 0..8 {
        users.push(fixtures::user(storage, samples::user(&format!("user{number}"))).await);
    }
    let answers = at_once(users.len(), async |number| {
        change(storage, &users[number], &to(&users[number], NEW)).await
    });
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Ok(true))).count(), 1);
    let taken = |answer: &&_| matches!(answer, Err(ChangeEmailError::Taken));
    assert_eq!(answers.iter().filter(taken).count(), users.len() - 1, "{answers:?}");
}
