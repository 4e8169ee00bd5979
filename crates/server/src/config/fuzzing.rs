use std::path::Path;

use super::load;
use crate::http::request::fuzzing::CANARY;

/// The canary for secrets written without quotation marks.
const DIGITS: &str = "1234567890";

/// Checks that a configuration file is accepted or rejected without showing a secret in it.
pub fn configurations(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let shown = match load::parse(Path::new("doorward.toml"), text) {
        Ok(options) => format!("{options:?} {:?}", options.entries()),
        Err(error) => format!("{error} {error:?}"),
    };
    for canary in [CANARY, DIGITS] {
        let is_secret = text.lines().all(|line| is_a_secret(line) || !line.contains(canary));
        assert!(!(is_secret && shown.contains(canary)), "{text} {shown}");
    }
}

/// Returns `true` if a line sets an option that is a secret.
fn is_a_secret(line: &str) -> bool {
    const SECRETS: [&str; 7] = [
        "database_url",
        "redis_url",
        "mail_url",
        "master_key",
        "previous_master_keys",
        "passwords_pepper",
        "passwords_previous_peppers",
    ];
    line.split_once('=').is_some_and(|(key, _)| SECRETS.contains(&key.trim()))
}
