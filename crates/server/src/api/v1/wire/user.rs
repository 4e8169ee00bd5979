use doorward_domain::{account::user::User, json_object::JsonObject, org::role::Role};
use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;
use time::{OffsetDateTime, macros::datetime};
use utoipa::{ToSchema, openapi::ObjectBuilder};

use super::example;
use crate::http::{describe::Success, request::any_object};

/// The provider of accounts whose password this server checks.
const AUTH_PROVIDER: &str = "local";

/// The current user.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserResponse {
    /// The ID of the user, which is `sub` in access tokens.
    #[schema(format = Uuid)]
    user_id: String,
    /// The email address in its normalized form: the domain is lowercase and in Unicode.
    email: String,
    /// The username, with its case preserved.
    username: String,
    /// The user's full name, as they write it.
    #[schema(required)]
    full_name: Option<String>,
    /// The provider that checks the password: `local` is this server.
    auth_provider: &'static str,
    /// Whether the account is enabled.
    is_active: bool,
    /// Whether the email address is verified.
    is_verified: bool,
    /// The role in the organization that the access token is for (`owner`, `admin`, or `member`), and
    /// `platform_admin` if it was granted.
    roles: Vec<&'static str>,
    /// The URL of the user's picture.
    #[schema(required)]
    avatar_url: Option<String>,
    /// A short text about the user.
    #[schema(required)]
    bio: Option<String>,
    /// A name in the IANA time zone database.
    #[schema(required)]
    timezone: Option<String>,
    /// A language tag (BCP 47).
    #[schema(required)]
    locale: Option<String>,
    /// The user's preferences, as they were sent.
    #[serde(serialize_with = "raw")]
    #[schema(schema_with = preferences)]
    preferences: JsonObject,
    /// The client's own data about the user, as it was sent.
    #[serde(serialize_with = "raw")]
    #[schema(schema_with = settings)]
    settings: JsonObject,
    /// When the account was created.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When the account or the profile was last changed.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    updated_at: OffsetDateTime,
    /// When the user last signed in.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_login: Option<OffsetDateTime>,
    /// The organization that new sessions start in.
    #[schema(format = Uuid, required)]
    default_workspace_id: Option<String>,
}

/// The current user, with the additional fields that a settings page needs.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProfileResponse {
    #[serde(flatten)]
    user: UserResponse,
    /// Whether the account has a password, which can be changed.
    has_password: bool,
}

impl Success for UserResponse {
    fn example() -> Self {
        let text = |text: &str| Some(text.to_owned());
        Self {
            user_id: example::USER_ID.to_owned(),
            email: "ada@example.com".to_owned(),
            username: "ada".to_owned(),
            full_name: text("Ada Lovelace"),
            auth_provider: AUTH_PROVIDER,
            is_active: true,
            is_verified: true,
            roles: vec!["owner"],
            avatar_url: text("https://example.com/ada.png"),
            bio: text("Poetical science"),
            timezone: text("Europe/London"),
            locale: text("en-GB"),
            preferences: JsonObject::from_stored(r#"{"theme":"dark"}"#.to_owned()),
            settings: JsonObject::default(),
            created_at: datetime!(2026-01-01 12:00 UTC),
            updated_at: datetime!(2026-01-01 12:00 UTC),
            last_login: Some(datetime!(2026-01-01 12:00 UTC)),
            default_workspace_id: text(example::ORG_ID),
        }
    }
}

impl Success for ProfileResponse {
    fn example() -> Self {
        Self { user: UserResponse::example(), has_password: true }
    }
}

impl UserResponse {
    /// Returns an example of a user who has just registered.
    pub(super) fn new_account() -> Self {
        Self {
            is_verified: false,
            avatar_url: None,
            bio: None,
            timezone: None,
            locale: None,
            preferences: JsonObject::default(),
            ..Self::example()
        }
    }

    pub(crate) fn new(user: &User, role: Option<Role>) -> Self {
        let profile = &user.profile;
        Self {
            user_id: user.id.to_string(),
            email: user.email.as_str().to_owned(),
            username: user.username.as_str().to_owned(),
            full_name: profile.full_name.as_ref().map(|text| text.as_str().to_owned()),
            auth_provider: AUTH_PROVIDER,
            is_active: user.is_active(),
            is_verified: user.is_verified(),
            roles: user.roles(role),
            avatar_url: profile.avatar_url.as_ref().map(|text| text.as_str().to_owned()),
            bio: profile.bio.as_ref().map(|text| text.as_str().to_owned()),
            timezone: profile.timezone.as_ref().map(|text| text.as_str().to_owned()),
            locale: profile.locale.as_ref().map(|text| text.as_str().to_owned()),
            preferences: profile.preferences.clone(),
            settings: profile.settings.clone(),
            created_at: user.created_at,
            updated_at: user.updated_at,
            last_login: user.last_login_at,
            default_workspace_id: user.default_org.map(|org| org.to_string()),
        }
    }
}

impl ProfileResponse {
    pub(crate) fn new(user: &User, role: Option<Role>) -> Self {
        Self { user: UserResponse::new(user, role), has_password: user.has_password }
    }
}

fn preferences() -> ObjectBuilder {
    any_object().description(Some("The user's preferences, as they were sent."))
}

fn settings() -> ObjectBuilder {
    any_object().description(Some("The client's own data about the user, as it was sent."))
}

/// Serializes the original text of the object, so that it is returned as it was sent.
fn raw<S: Serializer>(object: &JsonObject, serializer: S) -> Result<S::Ok, S::Error> {
    let raw: &RawValue = serde_json::from_str(object.as_str()).map_err(S::Error::custom)?;
    raw.serialize(serializer)
}
