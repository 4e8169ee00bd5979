//! `UserRepository::change_email`.

use doorward_domain::{
    ports::{ChangeEmailError, Storage},
    user::{EmailChange, User},
};

use crate::{
    concurrency::at_once,
    given::{self, connect},
    sample::{self, NOW, after},
};

const NEW: &str = "ann.lee@example.com";

fn to(user: &User, address: &str) -> EmailChange {
    EmailChange {
        from: user.email.clone(),
        to: sample::email(address),
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

/// The address is another one, verified or not as was asked for, and is found as such; nothing else changes.
pub async fn changed_address_replaces_the_one_before(storage: &dyn Storage) {
    for (name, verified_at) in [("ann", None), ("bob", Some(after(1)))] {
        let verified = User { verified_at: Some(NOW), is_provisional: true, ..sample::user(name) };
        let user = given::user(storage, verified).await;
        let address = format!("{name}.lee@example.com");
        let changes = EmailChange { unverified_only: false, verified_at, ..to(&user, &address) };
        assert!(change(storage, &user, &changes).await.unwrap());
        let email = sample::email(&address);
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

/// `EmailChange::unverified_only`: the owner of an address that a user chose may be someone else, also if an operator
/// created the account.
pub async fn address_that_a_user_chooses_makes_the_account_provisional(storage: &dyn Storage) {
    for (name, unverified_only) in [("ann", true), ("bob", false)] {
        let user = given::user(storage, sample::user(name)).await;
        let changes =
            EmailChange { unverified_only, ..to(&user, &format!("{name}.lee@example.com")) };
        assert!(change(storage, &user, &changes).await.unwrap());
        let stored = given::stored_user(storage, &user).await;
        assert_eq!((user.is_provisional, stored.is_provisional), (false, unverified_only));
    }
}

/// An account's own address does not stand in the way of the same one in another case.
pub async fn address_that_differs_in_case_is_changed(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    assert!(change(storage, &ann, &to(&ann, "Ann@example.com")).await.unwrap());
    assert_eq!(given::stored_user(storage, &ann).await.email.as_str(), "Ann@example.com");
}

/// [`ChangeEmailError::Taken`], without regard to case; and both accounts keep what they have.
pub async fn taken_address_is_refused_in_any_case(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    for address in ["bob@example.com", "BOB@example.com"] {
        let outcome = change(storage, &ann, &to(&ann, address)).await;
        assert!(matches!(outcome, Err(ChangeEmailError::Taken)), "{outcome:?}");
        let mut work = given::begin(storage).await;
        let outcome = work.users().change_email(ann.id, &to(&ann, address), after(1)).await;
        assert!(matches!(outcome, Err(ChangeEmailError::Taken)), "{outcome:?}");
        drop(work);
    }
    assert_eq!(given::stored_user(storage, &ann).await, ann);
    assert_eq!(given::stored_user(storage, &bob).await, bob);
}

/// A verified address is refused where that is asked for, and replaced where it is not.
pub async fn verified_address_is_kept_if_that_is_asked_for(storage: &dyn Storage) {
    let verified = User { verified_at: Some(NOW), ..sample::user("ann") };
    let ann = given::user(storage, verified).await;
    assert!(!change(storage, &ann, &to(&ann, NEW)).await.unwrap());
    assert_eq!(given::stored_user(storage, &ann).await, ann);
}

/// What was judged is the address in `from`; an unknown account has none.
pub async fn address_that_is_another_by_now_is_not_changed(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let stale = EmailChange { from: sample::email("old@example.com"), ..to(&ann, NEW) };
    assert!(!change(storage, &ann, &stale).await.unwrap());
    let nobody = sample::user("nobody");
    assert!(!change(storage, &nobody, &to(&nobody, NEW)).await.unwrap());
    assert_eq!(given::stored_user(storage, &ann).await, ann);
}

/// It MUST be one conditional statement: of many at the same moment one happens.
pub async fn of_many_changes_of_an_address_one_happens(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let answers = at_once(16, async |number| {
        change(storage, &ann, &to(&ann, &format!("ann{number}@example.com"))).await.unwrap()
    });
    assert_eq!(answers.into_iter().filter(|changed| *changed).count(), 1);
}

/// Addresses are unique by a constraint: of many accounts that want the same one at the same moment one gets it.
pub async fn of_many_who_want_one_address_one_gets_it(storage: &dyn Storage) {
    let mut users = Vec::new();
    for number in 0..8 {
        users.push(given::user(storage, sample::user(&format!("user{number}"))).await);
    }
    let answers = at_once(users.len(), async |number| {
        change(storage, &users[number], &to(&users[number], NEW)).await
    });
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Ok(true))).count(), 1);
    let taken = |answer: &&_| matches!(answer, Err(ChangeEmailError::Taken));
    assert_eq!(answers.iter().filter(taken).count(), users.len() - 1, "{answers:?}");
}
