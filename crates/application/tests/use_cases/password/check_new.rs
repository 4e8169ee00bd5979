use doorward_application::{
    CommonError,
    password::check_new::{PasswordOwner, PasswordVerdict},
};
use doorward_domain::{
    account::{user::User, username::Username},
    mock::MockStorage,
    token::{
        TokenPurpose,
        one_time::{OneTimePurpose, OneTimeToken},
    },
};

use crate::support::{
    World, ann, assert_fails, blocking, disabled, email, new_password, one_time_token,
    opaque_token, reference,
};

fn token() -> OneTimeToken {
    one_time_token(OneTimePurpose::ResetPassword)
}

fn link() -> PasswordOwner {
    PasswordOwner::ResetToken(opaque_token(TokenPurpose::ResetPassword, reference(&token())))
}

fn typed(address: Option<&str>, username: Option<&str>) -> PasswordOwner {
    let username = username.map(|name| Username::parse(name).unwrap());
    PasswordOwner::Typed { email: address.map(email), username }
}

/// Storage with a connection that finds the account of the link.
fn finding(row: OneTimeToken, user: User) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        db.one_time_tokens.expect_find().once().return_once(|_, _| Ok(Some(row)));
        db.users.expect_find().return_once(|_| Ok(Some(user)));
    })
}

async fn verdict(world: World, password: &str, owner: PasswordOwner) -> PasswordVerdict {
    world.application().password.check_new.run(&new_password(password), owner).await.unwrap()
}

#[tokio::test]
async fn password_made_of_words_typed_so_far_is_rejected() {
    let cases = [
        ("annabelle", typed(None, Some("Annabelle")), PasswordVerdict::TooCommon),
        ("ANNABELLE", typed(Some("annabelle@example.com"), None), PasswordVerdict::TooCommon),
        (
            "annabelle@example.com",
            typed(Some("Annabelle@Example.com"), None),
            PasswordVerdict::TooCommon,
        ),
        ("annabelle", typed(None, None), PasswordVerdict::Accepted),
        ("annabelle", typed(Some("bob@example.com"), Some("bob")), PasswordVerdict::Accepted),
    ];
    for (password, owner, expected) in cases {
        let shown = format!("{password}, {owner:?}");
        assert_eq!(verdict(World::without_storage(), password, owner).await, expected, "{shown}");
    }
}

#[tokio::test]
async fn blocklisted_password_is_rejected_for_every_owner() {
    let owners = [typed(None, None), PasswordOwner::User(Box::new(ann()))];
    for owner in owners {
        let world = World { blocklist: blocking("password1"), ..World::without_storage() };
        assert_eq!(verdict(world, "password1", owner).await, PasswordVerdict::TooCommon);
    }
}

#[tokio::test]
async fn words_of_the_account_are_checked_while_its_reset_link_is_valid() {
    let own = ann().email.as_str().to_owned();
    let world = World::new(&finding(token(), ann()));
    assert_eq!(verdict(world, &own, link()).await, PasswordVerdict::TooCommon);
    let used = OneTimeToken { used_at: Some(crate::support::NOW), ..token() };
    for (row, user) in [(used, ann()), (token(), disabled())] {
        let world = World::new(&finding(row, user));
        assert_eq!(verdict(world, &own, link()).await, PasswordVerdict::Accepted);
    }
    let made_up = PasswordOwner::ResetToken("dwp_made-up".to_owned());
    assert_eq!(verdict(World::without_storage(), &own, made_up).await, PasswordVerdict::Accepted);
}

#[tokio::test]
async fn reset_link_check_fails_while_storage_is_unavailable() {
    let application = World::without_storage().application();
    let outcome = application.password.check_new.run(&new_password("annabelle"), link()).await;
    assert_fails!(outcome, CommonError::Storage(_));
}
