use doorward_domain::{json_object::JsonObject, role::Role, user::User};
use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;
use time::{OffsetDateTime, macros::datetime};
use utoipa::{ToSchema, openapi::ObjectBuilder};

use super::example;
use crate::{extract::any_object, openapi::Success};

/// Password accounts are this server's own.
const AUTH_PROVIDER: &str = "local";

/// A person, as they see themselves.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserResponse {
    /// The person's id, which is `sub` in access tokens.
    #[schema(format = Uuid)]
    user_id: String,
    /// The e-mail address in its normal form: the domain in lower case and as people read it.
    email: String,
    /// The user name, its case kept.
    username: String,
    /// The person's name as they write it.
    #[schema(required)]
    full_name: Option<String>,
    /// Who checks the password: `local` is this server.
    auth_provider: &'static str,
    /// Whether the account is not disabled.
    is_active: bool,
    /// Whether the e-mail address is verified.
    is_verified: bool,
    /// The role in the organisation that the access token is for (`owner`, `admin` or `member`), and
    /// `platform_admin` where it was given.
    roles: Vec<&'static str>,
    /// Where the person's picture is.
    #[schema(required)]
    avatar_url: Option<String>,
    /// A few words about the person.
    #[schema(required)]
    bio: Option<String>,
    /// A name of the IANA time zone database.
    #[schema(required)]
    timezone: Option<String>,
    /// A language tag (BCP 47).
    #[schema(required)]
    locale: Option<String>,
    /// The person's choices, as they were sent.
    #[serde(serialize_with = "raw")]
    #[schema(schema_with = preferences)]
    preferences: JsonObject,
    /// The client's own notes on the person, as they were sent.
    #[serde(serialize_with = "raw")]
    #[schema(schema_with = settings)]
    settings: JsonObject,
    /// When the account was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When the account or the profile was changed last.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    updated_at: OffsetDateTime,
    /// When the person signed in last.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_login: Option<OffsetDateTime>,
    /// The organisation that sign-in opens.
    #[schema(format = Uuid, required)]
    default_workspace_id: Option<String>,
}

/// A person with what a settings page needs beside.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProfileResponse {
    #[serde(flatten)]
    user: UserResponse,
    /// Whether the account has a password, and so one that can be changed.
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
    /// An example of somebody who has just registered.
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
    any_object().description(Some("The person's choices, as they were sent."))
}

fn settings() -> ObjectBuilder {
    any_object().description(Some("The client's own notes on the person, as they were sent."))
}

/// The object's own text, so that it comes back as it was sent.
fn raw<S: Serializer>(object: &JsonObject, serializer: S) -> Result<S::Ok, S::Error> {
    let raw: &RawValue = serde_json::from_str(object.as_str()).map_err(S::Error::custom)?;
    raw.serialize(serializer)
}
