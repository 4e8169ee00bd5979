//! Parsing of the lines of an import.

use std::collections::BTreeMap;

use doorward_application::admin::import_users::ImportedUser;
use doorward_domain::{
    UserId,
    account::{
        email::EmailAddress,
        profile::{AvatarUrl, Bio, FullName, Locale, Profile, Timezone},
        username::Username,
    },
    credential::password::PasswordHash,
    field::FieldError,
    json_object::JsonObject,
};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::created_at::time;
use crate::redact_serde_error::without_value;

#[derive(Deserialize)]
struct Record {
    email: String,
    id: Option<String>,
    username: Option<String>,
    password_hash: Option<String>,
    email_verified: Option<Value>,
    disabled: Option<Value>,
    full_name: Option<String>,
    avatar_url: Option<String>,
    bio: Option<String>,
    timezone: Option<String>,
    locale: Option<String>,
    preferences: Option<Map<String, Value>>,
    settings: Option<Map<String, Value>>,
    created_at: Option<Value>,
    #[serde(flatten)]
    unknown: BTreeMap<String, IgnoredAny>,
}

/// The fields of a user whose values have one type each.
const FIELDS: [&str; 11] = [
    "email",
    "id",
    "username",
    "password_hash",
    "full_name",
    "avatar_url",
    "bio",
    "timezone",
    "locale",
    "preferences",
    "settings",
];

/// Options that accept lines that are rejected by default.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Leniency {
    pub(super) derive_usernames: bool,
    pub(super) ignore_unknown_fields: bool,
}

/// A line that can be imported.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) user: ImportedUser,
    /// The values that are imported differently than given.
    pub(super) changes: Vec<String>,
    /// The names of ignored fields.
    pub(super) ignored: Vec<String>,
}

/// Errors in a line. The messages never contain a hash.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadRecord {
    #[error("invalid user: {0}")]
    Json(String),
    #[error("{0}: {1}")]
    Type(String, String),
    #[error("invalid user: the line is not valid UTF-8")]
    NotUtf8,
    #[error(
        "unknown field `{}`: use a field listed in docs/guides/import-users.md, or pass --ignore-unknown-fields",
        .0.escape_debug()
    )]
    Unknown(String),
    #[error("{0}: {1}")]
    Field(&'static str, FieldError),
    #[error("username: {0}; pass --derive-usernames to derive one from the email address")]
    Username(FieldError),
    #[error("id: must be a UUID")]
    Id,
    #[error("{0}: must be true or false")]
    Flag(&'static str),
    #[error(
        "created_at: must be a time such as 2024-05-17T09:30:00Z (RFC 3339), or a number of seconds, \
         milliseconds, or microseconds since 1970"
    )]
    CreatedAt,
}

/// Parses a line like [`parse`], with the default rules.
#[cfg(any(test, fuzzing))]
pub(crate) fn parse_strictly(line: &[u8]) -> Result<ImportedUser, BadRecord> {
    parse(line, Leniency::default()).map(|parsed| parsed.user)
}

/// Returns the email address of a line that has an error elsewhere.
pub(super) fn email(line: &[u8]) -> Option<EmailAddress> {
    let value: Value = serde_json::from_slice(line).ok()?;
    EmailAddress::parse(value.get("email")?.as_str()?.trim()).ok()
}

pub(super) fn parse(line: &[u8], leniency: Leniency) -> Result<Parsed, BadRecord> {
    let line = std::str::from_utf8(line).map_err(|_| BadRecord::NotUtf8)?;
    let record = read(line)?;
    let mut ignored = record.unknown.into_keys();
    if !leniency.ignore_unknown_fields
        && let Some(name) = ignored.next()
    {
        return Err(BadRecord::Unknown(name.chars().take(60).collect()));
    }
    let mut changes = Vec::new();
    let email = EmailAddress::parse(record.email.trim()).map_err(FieldError::from);
    let username = match optional("username", record.username.as_deref(), Username::parse) {
        Err(BadRecord::Field(_, error)) if leniency.derive_usernames => {
            changes.push(format!("username: {error}: derived from the email address instead"));
            None
        }
        Err(BadRecord::Field(_, error)) => return Err(BadRecord::Username(error)),
        other => other?,
    };
    let password_hash = record.password_hash.as_deref().and_then(|text| {
        let hash = PasswordHash::from_export(text);
        if hash.is_none() {
            changes.push("imported without a password: the hash is empty or a placeholder".into());
        }
        hash
    });
    let id = given(record.id.as_deref()).map(str::parse::<UserId>).transpose();
    let user = ImportedUser {
        id: id.map_err(|_| BadRecord::Id)?,
        email: email.map_err(|error| BadRecord::Field("email", error))?,
        username,
        password_hash,
        is_verified: flag("email_verified", record.email_verified)?,
        is_disabled: flag("disabled", record.disabled)?,
        profile: Profile {
            full_name: optional("full_name", record.full_name.as_deref(), FullName::parse)?,
            avatar_url: optional("avatar_url", record.avatar_url.as_deref(), AvatarUrl::parse)?,
            bio: optional("bio", record.bio.as_deref(), Bio::parse)?,
            timezone: optional("timezone", record.timezone.as_deref(), Timezone::parse)?,
            locale: optional("locale", record.locale.as_deref(), Locale::parse)?,
            preferences: object("preferences", record.preferences.as_ref())?,
            settings: object("settings", record.settings.as_ref())?,
        },
        created_at: match record.created_at {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => given(Some(&text)).map(created_at).transpose()?,
            Some(Value::Number(number)) => Some(created_at(&number.to_string())?),
            Some(_) => return Err(BadRecord::CreatedAt),
        },
    };
    Ok(Parsed { user, changes, ignored: ignored.collect() })
}

fn read(line: &str) -> Result<Record, BadRecord> {
    let mut json = serde_json::Deserializer::from_str(line);
    let record = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        // Only the name of a known field is shown: an unknown name may contain anything.
        let first = error.path().iter().next().map(ToString::to_string);
        let field = first.filter(|_| error.inner().is_data());
        let problem = problem(error.inner());
        match field.filter(|field| FIELDS.contains(&field.as_str())) {
            Some(field) => BadRecord::Type(field, problem),
            None => BadRecord::Json(problem),
        }
    })?;
    json.end().map_err(|error| BadRecord::Json(problem(&error)))?;
    Ok(record)
}

/// Returns the error in a line of JSON, without its values. The line number is removed, because it is always 1.
fn problem(error: &serde_json::Error) -> String {
    let text = without_value(error);
    match text.rsplit_once(" at line 1 column ") {
        Some((text, column)) => format!("{text} (column {column})"),
        None => text,
    }
}

/// Parses a boolean in the forms that databases and programs write.
fn flag(field: &'static str, value: Option<Value>) -> Result<bool, BadRecord> {
    let text = match value {
        None | Some(Value::Null) => return Ok(false),
        Some(Value::Bool(flag)) => return Ok(flag),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) => text.trim().to_ascii_lowercase(),
        Some(Value::Array(_) | Value::Object(_)) => return Err(BadRecord::Flag(field)),
    };
    match text.as_str() {
        "true" | "t" | "yes" | "y" | "1" => Ok(true),
        "false" | "f" | "no" | "n" | "0" | "" => Ok(false),
        _ => Err(BadRecord::Flag(field)),
    }
}

fn created_at(text: &str) -> Result<OffsetDateTime, BadRecord> {
    time(text).ok_or(BadRecord::CreatedAt)
}

/// Returns a text that isn't blank.
fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn optional<T>(
    field: &'static str,
    text: Option<&str>,
    parse: impl Fn(&str) -> Result<T, FieldError>,
) -> Result<Option<T>, BadRecord> {
    // Not trimmed: the rules of the field decide how spaces are treated.
    let text = text.filter(|text| !text.trim().is_empty());
    text.map(parse).transpose().map_err(|error| BadRecord::Field(field, error))
}

fn object(
    field: &'static str,
    value: Option<&Map<String, Value>>,
) -> Result<JsonObject, BadRecord> {
    let object = value.map(JsonObject::new).transpose();
    Ok(object.map_err(|error| BadRecord::Field(field, error))?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(line: &str) -> String {
        parse_strictly(line.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn email_address_alone_is_imported() {
        let user = parse_strictly(br#"{"email": "ann@example.com"}"#).unwrap();
        assert_eq!(user.email.as_str(), "ann@example.com");
        assert!(user.username.is_none() && user.password_hash.is_none() && !user.is_verified);
    }

    #[test]
    fn all_fields_are_imported() {
        let line = br#"{"email": "ann@example.com", "id": "0190a6f0-0000-7000-8000-000000000001",
            "username": "ann", "password_hash": "$2b$...", "email_verified": true, "disabled": true,
            "full_name": "Ann Lee", "avatar_url": "https://example.com/a.png", "bio": "x",
            "timezone": "Europe/Berlin", "locale": "de", "preferences": {"a": 1}, "settings": {},
            "created_at": "2024-05-17T09:30:00+02:00"}"#;
        let user = parse_strictly(line).unwrap();
        assert!(user.is_verified && user.is_disabled && user.id.is_some());
        assert_eq!(user.profile.preferences.as_str(), r#"{"a":1}"#);
        assert_eq!(user.created_at.unwrap().unix_timestamp(), 1_715_931_000);
    }

    #[test]
    fn invalid_line_is_refused_with_its_error() {
        for (line, part) in [
            ("", "invalid user"),
            ("{}", "missing field `email`"),
            (r#"{"email": "ann"}"#, "email: "),
            (r#"{"email": "a@example.com", "username": "a"}"#, "username: "),
            (r#"{"email": "a@example.com", "pasword_hash": "x"}"#, "unknown field `pasword_hash`"),
            (r#"{"email": "a@example.com", "email": "b@example.com"}"#, "duplicate field `email`"),
            (r#"{"email": "a@example.com", "id": "7"}"#, "id: must be a UUID"),
            (r#"{"email": "a@example.com", "id": 7}"#, "id: a value has the wrong type"),
            (r#"{"email": null}"#, "email: a value has the wrong type, expected a string"),
            (r#"{"email": "a@example.com", "username": ["ann"]}"#, "username: a value has"),
            (r#"{"email": "a@example.com", "bio": false}"#, "bio: a value has the wrong type"),
            (r#"{"email": "a@example.com", "settings": "{}"}"#, "settings: a value has"),
            (r#"{"email": "a@example.com"} {"email": "b@example.com"}"#, "(column 28)"),
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

    fn lenient(line: &str) -> Parsed {
        let leniency = Leniency { derive_usernames: true, ignore_unknown_fields: true };
        parse(line.as_bytes(), leniency).unwrap()
    }

    #[test]
    fn minor_defects_of_exports_are_accepted() {
        for line in [
            "{\"email\": \"ann@example.com\"}\r",
            r#"{"email": " ann@example.com \n"}"#,
            r#"{"email": "ann@EXAMPLE.com", "username": "", "id": "", "full_name": "", "locale": ""}"#,
            r#"{"email": "ann@example.com", "email_verified": null, "disabled": null, "created_at": null}"#,
            r#"{"email": "ann@example.com", "email_verified": "false", "disabled": 0, "created_at": ""}"#,
            r#"{"email": "ann@example.com", "timezone": "", "bio": "", "avatar_url": "", "settings": null}"#,
        ] {
            let user =
                parse_strictly(line.as_bytes()).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(user.email.as_str(), "ann@example.com");
            assert!(user.username.is_none() && user.profile == Profile::default());
            assert!(!user.is_verified && !user.is_disabled && user.created_at.is_none());
        }
    }

    #[test]
    fn placeholder_hash_is_imported_as_no_password_and_reported() {
        for hash in ["", " ", "!", "!!", "!abc", "*", "x", "*LK*", "NULL", "null", r"\\N"] {
            let line = format!(r#"{{"email": "a@example.com", "password_hash": "{hash}"}}"#);
            let parsed = parse(line.as_bytes(), Leniency::default()).unwrap();
            assert!(parsed.user.password_hash.is_none(), "{hash}");
            assert!(parsed.changes[0].contains("without a password"), "{:?}", parsed.changes);
        }
        let line = br#"{"email": "a@example.com", "password_hash": null}"#;
        assert!(parse(line, Leniency::default()).unwrap().changes.is_empty());
        let line = br#"{"email": "a@example.com", "password_hash": " $2b$x \r\n"}"#;
        let hash = parse_strictly(line).unwrap().password_hash.unwrap();
        assert_eq!(hash.expose(), "$2b$x");
    }

    #[test]
    fn booleans_of_exports_are_parsed() {
        for (value, expected) in [
            ("true", true),
            ("1", true),
            (r#""true""#, true),
            (r#""TRUE""#, true),
            (r#""t""#, true),
            (r#""1""#, true),
            ("false", false),
            ("0", false),
            (r#""False""#, false),
            (r#""""#, false),
        ] {
            let line = format!(r#"{{"email": "a@example.com", "email_verified": {value}}}"#);
            assert_eq!(parse_strictly(line.as_bytes()).unwrap().is_verified, expected, "{value}");
        }
        for value in ["2", r#""maybe""#, "[]", "{}"] {
            let line = format!(r#"{{"email": "a@example.com", "email_verified": {value}}}"#);
            assert!(problem(&line).contains("email_verified: must be true or false"), "{value}");
        }
    }

    #[test]
    fn lenient_import_derives_usernames_and_ignores_unknown_fields() {
        let line =
            r#"{"email": "a@example.com", "username": "Ann Lee", "phone": "1", "groups": []}"#;
        assert!(problem(line).contains("--ignore-unknown-fields"));
        let parsed = lenient(line);
        assert_eq!(parsed.ignored, ["groups", "phone"]);
        assert!(parsed.user.username.is_none() && parsed.changes[0].starts_with("username: "));
        let line = r#"{"email": "a@example.com", "username": "Ann Lee"}"#;
        assert!(problem(line).contains("--derive-usernames"), "{}", problem(line));
    }

    #[test]
    fn email_address_of_a_refused_line_is_reported() {
        let line = br#"{"email": "a@example.com", "username": "Ann Lee"}"#;
        assert_eq!(email(line).unwrap().as_str(), "a@example.com");
        assert!(email(br#"{"email": "$2b$secret"}"#).is_none() && email(b"no JSON").is_none());
    }

    #[test]
    fn errors_never_show_a_password_hash() {
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
