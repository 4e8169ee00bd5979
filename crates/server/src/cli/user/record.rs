//! What a line of an import says.

use doorward_application::import_users::ImportedUser;
use doorward_domain::{
    UserId,
    email::EmailAddress,
    field::FieldError,
    json_object::JsonObject,
    password::PasswordHash,
    profile::{AvatarUrl, Bio, FullName, Locale, Profile, Timezone},
    username::Username,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

use crate::mistyped::without_value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    email: String,
    id: Option<String>,
    username: Option<String>,
    password_hash: Option<String>,
    #[serde(default)]
    email_verified: bool,
    #[serde(default)]
    disabled: bool,
    full_name: Option<String>,
    avatar_url: Option<String>,
    bio: Option<String>,
    timezone: Option<String>,
    locale: Option<String>,
    preferences: Option<Map<String, Value>>,
    settings: Option<Map<String, Value>>,
    created_at: Option<String>,
}

/// What is wrong with a line, for whoever made it. It never has a hash in it.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadRecord {
    #[error("this is no account: {0}")]
    Json(String),
    #[error("{0}: {1}")]
    Field(&'static str, FieldError),
    #[error("id: must be a UUID")]
    Id,
    #[error("created_at: must be a time such as 2024-05-17T09:30:00Z (RFC 3339)")]
    CreatedAt,
}

pub(super) fn parse(line: &[u8]) -> Result<ImportedUser, BadRecord> {
    let record: Record =
        serde_json::from_slice(line).map_err(|error| BadRecord::Json(without_value(&error)))?;
    let email = EmailAddress::parse(&record.email).map_err(FieldError::from);
    let id = record.id.as_deref().map(str::parse::<UserId>).transpose();
    let created_at = record.created_at.as_deref();
    let created_at = created_at.map(time).transpose();
    Ok(ImportedUser {
        id: id.map_err(|_| BadRecord::Id)?,
        email: email.map_err(|error| BadRecord::Field("email", error))?,
        username: optional("username", record.username.as_deref(), Username::parse)?,
        password_hash: record.password_hash.map(PasswordHash::new),
        is_verified: record.email_verified,
        is_disabled: record.disabled,
        profile: Profile {
            full_name: optional("full_name", record.full_name.as_deref(), FullName::parse)?,
            avatar_url: optional("avatar_url", record.avatar_url.as_deref(), AvatarUrl::parse)?,
            bio: optional("bio", record.bio.as_deref(), Bio::parse)?,
            timezone: optional("timezone", record.timezone.as_deref(), Timezone::parse)?,
            locale: optional("locale", record.locale.as_deref(), Locale::parse)?,
            preferences: optional("preferences", record.preferences.as_ref(), JsonObject::new)?
                .unwrap_or_default(),
            settings: optional("settings", record.settings.as_ref(), JsonObject::new)?
                .unwrap_or_default(),
        },
        created_at: created_at?,
    })
}

/// A time as every database keeps it: in UTC and to the microsecond.
fn time(text: &str) -> Result<OffsetDateTime, BadRecord> {
    let parsed = OffsetDateTime::parse(text, &Rfc3339).ok();
    let utc = parsed.and_then(|time| time.checked_to_offset(UtcOffset::UTC));
    // In RFC 3339, in which it is shown, there is no year before 0.
    let utc = utc.filter(|time| time.year() >= 0);
    utc.map(OffsetDateTime::truncate_to_microsecond).ok_or(BadRecord::CreatedAt)
}

fn optional<V, T>(
    field: &'static str,
    value: Option<V>,
    parse: impl Fn(V) -> Result<T, FieldError>,
) -> Result<Option<T>, BadRecord> {
    value.map(parse).transpose().map_err(|error| BadRecord::Field(field, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(line: &str) -> String {
        parse(line.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn an_address_is_enough() {
        let user = parse(br#"{"email": "ann@example.com"}"#).unwrap();
        assert_eq!(user.email.as_str(), "ann@example.com");
        assert!(user.username.is_none() && user.password_hash.is_none() && !user.is_verified);
    }

    #[test]
    fn everything_can_be_said() {
        let line = br#"{"email": "ann@example.com", "id": "0190a6f0-0000-7000-8000-000000000001",
            "username": "ann", "password_hash": "$2b$...", "email_verified": true, "disabled": true,
            "full_name": "Ann Lee", "avatar_url": "https://example.com/a.png", "bio": "x",
            "timezone": "Europe/Berlin", "locale": "de", "preferences": {"a": 1}, "settings": {},
            "created_at": "2024-05-17T09:30:00+02:00"}"#;
        let user = parse(line).unwrap();
        assert!(user.is_verified && user.is_disabled && user.id.is_some());
        assert_eq!(user.profile.preferences.as_str(), r#"{"a":1}"#);
        assert_eq!(user.created_at.unwrap().unix_timestamp(), 1_715_931_000);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (line, part) in [
            ("", "no account"),
            ("{}", "missing field `email`"),
            (r#"{"email": "ann"}"#, "email: "),
            (r#"{"email": "a@example.com", "username": "a"}"#, "username: "),
            (r#"{"email": "a@example.com", "pasword_hash": "x"}"#, "unknown field `pasword_hash`"),
            (r#"{"email": "a@example.com", "id": "7"}"#, "id: must be a UUID"),
            (r#"{"email": "a@example.com", "locale": "de_DE"}"#, "locale: "),
            (r#"{"email": "a@example.com", "created_at": "yesterday"}"#, "RFC 3339"),
            (
                r#"{"email": "a@example.com", "created_at": "9999-12-31T23:59:59-01:00"}"#,
                "RFC 3339",
            ),
            (
                r#"{"email": "a@example.com", "created_at": "0000-01-01T00:30:00+01:00"}"#,
                "RFC 3339",
            ),
        ] {
            assert!(problem(line).contains(part), "{line}: {}", problem(line));
        }
    }

    #[test]
    fn a_hash_is_never_shown() {
        for line in [
            r#"{"email": "a@example.com", "email_verified": "$2b$secret"}"#,
            r#"{"email": "a@example.com", "password_hash": {"hash": "$2b$secret"}}"#,
            r#"["$2b$secret"]"#,
            r#""$2b$secret""#,
        ] {
            assert!(!problem(line).contains("secret"), "{}", problem(line));
        }
    }
}
