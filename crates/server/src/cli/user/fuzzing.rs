#![expect(clippy::panic, reason = "a property that does not hold panics")]

use doorward_application::admin::import_users::ImportedUser;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::import::{Lines, parse_strictly};
use crate::http::request::fuzzing::CANARY;

/// Checks that a file is read to its end, that an accepted line can be stored and is equivalent after it is written again,
/// and that the error for a rejected line doesn't contain its hash.
pub fn import_lines(data: &[u8]) {
    let bytes: u64 = Lines(data).filter_map(Result::ok).map(|(_, bytes)| bytes).sum();
    assert_eq!(bytes, data.len() as u64);
    if let Ok(user) = parse_strictly(data) {
        let line = line(&user, data);
        let again = parse_strictly(line.to_string().as_bytes());
        let again = again.unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(facts(&again), facts(&user), "{line}");
    }
    if let Some(planted) = planted(data)
        && let Err(error) = parse_strictly(planted.as_bytes())
    {
        assert!(!error.to_string().contains(CANARY), "{planted}: {error}");
    }
}

/// Returns the fields of a user in a form that can be compared.
fn facts(user: &ImportedUser) -> impl PartialEq + std::fmt::Debug {
    let hash = user.password_hash.as_ref().map(|hash| hash.expose().to_owned());
    let ImportedUser { id, email, username, is_verified, is_disabled, profile, .. } = user.clone();
    (id, email, username, hash, is_verified, is_disabled, profile, user.created_at)
}

/// Returns an equivalent line, with the objects as they were sent.
fn line(user: &ImportedUser, sent: &[u8]) -> Value {
    let sent: Value = serde_json::from_slice(sent).unwrap_or_default();
    let profile = &user.profile;
    let time = |at: OffsetDateTime| at.format(&Rfc3339).unwrap_or_else(|error| panic!("{error}"));
    json!({
        "email": user.email.as_str(),
        "id": user.id.map(|id| id.to_string()),
        "username": user.username.as_ref().map(|name| name.as_str()),
        "password_hash": user.password_hash.as_ref().map(|hash| hash.expose()),
        "email_verified": user.is_verified,
        "disabled": user.is_disabled,
        "full_name": profile.full_name.as_ref().map(|name| name.as_str()),
        "avatar_url": profile.avatar_url.as_ref().map(|url| url.as_str()),
        "bio": profile.bio.as_ref().map(|bio| bio.as_str()),
        "timezone": profile.timezone.as_ref().map(|zone| zone.as_str()),
        "locale": profile.locale.as_ref().map(|locale| locale.as_str()),
        "preferences": sent.get("preferences"),
        "settings": sent.get("settings"),
        "created_at": user.created_at.map(time),
    })
}

/// Returns the line with the canary as its hash and nowhere else.
fn planted(data: &[u8]) -> Option<String> {
    let mut line: Value = serde_json::from_slice(data).ok()?;
    if line.to_string().contains(CANARY) {
        return None;
    }
    let hash = line.get_mut("password_hash")?;
    *hash = match &*hash {
        Value::String(text) => format!("{CANARY}{text}").into(),
        Value::Number(_) => CANARY.into(),
        other => json!({ CANARY: other }),
    };
    Some(line.to_string())
}
