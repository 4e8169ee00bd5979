//! Clauses of `UserRepository::update_profile`.

use doorward_domain::{
    UserId,
    account::{
        profile::{Change, FullName, Profile, ProfileChange},
        user::User,
    },
    json_object::JsonObject,
    ports::Storage,
};

use crate::{
    fixtures::{self, connect},
    samples::{self, NOW, after},
};

async fn update(storage: &dyn Storage, user: &User, change: ProfileChange) -> User {
    let mut repositories = connect(storage).await;
    repositories.users().update_profile(user.id, &change, after(5)).await.unwrap().unwrap()
}

async fn full_user(storage: &dyn Storage) -> User {
    let org = fixtures::org(storage, samples::org("Acme")).await;
    let user = samples::user("ann");
    let user = User { profile: samples::profile(), default_org: Some(org.id), ..user };
    fixtures::user(storage, user).await
}

/// Checks that the returned account equals the stored one.
pub async fn every_field_can_be_set(storage: &dyn Storage) {
    let org = fixtures::org(storage, samples::org("Acme")).await;
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let profile = samples::profile();
    let change = ProfileChange {
        full_name: Change::Set(profile.full_name.clone().unwrap()),
        avatar_url: Change::Set(profile.avatar_url.clone().unwrap()),
        bio: Change::Set(profile.bio.clone().unwrap()),
        timezone: Change::Set(profile.timezone.clone().unwrap()),
        locale: Change::Set(profile.locale.clone().unwrap()),
        preferences: Change::Set(profile.preferences.clone()),
        settings: Change::Set(profile.settings.clone()),
        default_org: Change::Set(org.id),
    };
    let expected = User { profile, default_org: Some(org.id), updated_at: after(5), ..ann };
    assert_eq!(update(storage, &expected, change).await, expected);
    assert_eq!(fixtures::stored_user(storage, &expected).await, expected);
}

/// Checks that `Change::Clear` clears every field, and that objects become `{}`.
pub async fn every_field_can_be_cleared(storage: &dyn Storage) {
    let ann = full_user(storage).await;
    let change = ProfileChange {
        full_name: Change::Clear,
        avatar_url: Change::Clear,
        bio: Change::Clear,
        timezone: Change::Clear,
        locale: Change::Clear,
        preferences: Change::Clear,
        settings: Change::Clear,
        default_org: Change::Clear,
    };
    let profile = Profile::default();
    let expected = User { profile, default_org: None, updated_at: after(5), ..ann };
    assert_eq!(update(storage, &expected, change).await, expected);
    assert_eq!(fixtures::stored_user(storage, &expected).await, expected);
}

/// Checks that only the fields in the update change.
pub async fn fields_absent_from_the_update_are_unchanged(storage: &dyn Storage) {
    let mut ann = full_user(storage).await;
    let name = FullName::parse("Ann Smith").unwrap();
    let change = ProfileChange { full_name: Change::Set(name.clone()), ..Default::default() };
    ann.profile.full_name = Some(name);
    ann.updated_at = after(5);
    assert_eq!(update(storage, &ann, change).await, ann);

    ann.profile.bio = None;
    let change = ProfileChange { bio: Change::Clear, ..Default::default() };
    assert_eq!(update(storage, &ann, change).await, ann);
    assert_eq!(update(storage, &ann, ProfileChange::default()).await, ann);
    assert_eq!(fixtures::stored_user(storage, &ann).await, ann);
}

/// Checks that only the account with this ID changes.
pub async fn update_does_not_affect_other_accounts(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let change = ProfileChange {
        full_name: Change::Set(FullName::parse("Ann").unwrap()),
        ..Default::default()
    };
    update(storage, &ann, change).await;
    assert_eq!(fixtures::stored_user(storage, &bob).await, bob);
}

/// Checks that the result for an unknown account is `Ok(None)`.
pub async fn unknown_account_is_not_updated(storage: &dyn Storage) {
    let unknown = UserId::from_uuid(samples::id());
    let change = ProfileChange::default();
    let answer = connect(storage).await.users().update_profile(unknown, &change, NOW).await;
    assert_eq!(answer.unwrap(), None);
}

/// Checks that a `JsonObject` is returned unchanged, including key order, digits, and escapes of characters
/// that `text` can't store.
pub async fn json_objects_are_returned_byte_for_byte(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let large = format!(r#"{{"a":"{}"}}"#, "x".repeat(JsonObject::MAX_BYTES - 8));
    let texts = [
        r#"{"z":1,"a":2,"z2":[true,null,{}]}"#,
        r#"{"number":12345678901234567890.123000,"e":1E+2,"zero":-0.0}"#,
        r#"{"nul":"\u0000","key\u0000":"\ud83e\udd80","bell":"\u0007"}"#,
        r#"{"quote":"'; DROP TABLE users; --","slash":"\\\"","é":"🦀"}"#,
        large.as_str(),
    ];
    for text in texts {
        let object = samples::json(text);
        let change = ProfileChange {
            preferences: Change::Set(object.clone()),
            settings: Change::Set(object),
            ..Default::default()
        };
        update(storage, &ann, change).await;
        let stored = fixtures::stored_user(storage, &ann).await.profile;
        assert_eq!(stored.preferences.as_str(), text);
        assert_eq!(stored.settings.as_str(), text);
    }
}
