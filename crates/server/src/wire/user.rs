use doorward_domain::{json_object::JsonObject, role::Role, user::User};
use serde::{Serialize, Serializer, ser::Error};
use serde_json::value::RawValue;
use time::OffsetDateTime;

/// Password accounts are this server's own.
const AUTH_PROVIDER: &str = "local";

/// A person, as they see themselves.
#[derive(Serialize)]
pub(crate) struct UserResponse {
    user_id: String,
    email: String,
    username: String,
    full_name: Option<String>,
    auth_provider: &'static str,
    is_active: bool,
    is_verified: bool,
    roles: Vec<&'static str>,
    avatar_url: Option<String>,
    bio: Option<String>,
    timezone: Option<String>,
    locale: Option<String>,
    #[serde(serialize_with = "raw")]
    preferences: JsonObject,
    #[serde(serialize_with = "raw")]
    settings: JsonObject,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    updated_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    last_login: Option<OffsetDateTime>,
    default_workspace_id: Option<String>,
}

/// A person with what a settings page needs beside.
#[derive(Serialize)]
pub(crate) struct ProfileResponse {
    #[serde(flatten)]
    user: UserResponse,
    has_password: bool,
}

impl UserResponse {
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

/// The object's own text, so that it comes back as it was sent.
fn raw<S: Serializer>(object: &JsonObject, serializer: S) -> Result<S::Ok, S::Error> {
    let raw: &RawValue = serde_json::from_str(object.as_str()).map_err(S::Error::custom)?;
    raw.serialize(serializer)
}
