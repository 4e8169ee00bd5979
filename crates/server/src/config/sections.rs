//! Sections of the configuration file.
//!
//! An option of a section, such as `login_per_minute` of `[rate_limits]`, is named by both elsewhere:
//! `rate_limits_login_per_minute` in code, `DOORWARD_RATE_LIMITS_LOGIN_PER_MINUTE`, `--rate-limits-login-per-minute`.

use std::{borrow::Cow, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// The sections (TOML tables) of the file.
const SECTIONS: &[&str] = &[
    "access_tokens",
    "database",
    "invites",
    "log",
    "mail",
    "metrics",
    "organizations",
    "otlp",
    "pages",
    "passwords",
    "rate_limits",
    "redis",
    "sessions",
    "signing_keys",
];

/// Returns the section of an option, and its key in there.
fn split(name: &str) -> Option<(&'static str, &str)> {
    let key_in =
        |section: &&'static str| Some((*section, name.strip_prefix(section)?.strip_prefix('_')?));
    SECTIONS.iter().find_map(key_in)
}

/// Returns the key of an option as the file has it, with its section before a dot.
///
/// ```
/// # use doorward_server::config::key_in_file;
/// assert_eq!(key_in_file("rate_limits_login_per_minute"), "rate_limits.login_per_minute");
/// assert_eq!(key_in_file("public_url"), "public_url");
/// ```
pub fn key_in_file(name: &str) -> String {
    split(name).map_or_else(|| name.to_owned(), |(section, key)| format!("{section}.{key}"))
}

/// Moves the keys of sections up, under their full names. Positions in the file stay with them.
///
/// # Errors
/// Returns the position and the problem of an option that is not in its section.
pub(super) fn flattened(
    table: Spanned<DeTable<'_>>,
) -> Result<Spanned<DeTable<'_>>, (Range<usize>, String)> {
    let span = table.span();
    let mut flat = DeTable::new();
    for (key, value) in table.into_inner() {
        if let Some((section, inner)) = split(key.get_ref()) {
            return Err((key.span(), format!("write {inner} in the section [{section}]")));
        }
        let is_section = SECTIONS.contains(&key.get_ref().as_ref());
        let value_span = value.span();
        match value.into_inner() {
            DeValue::Table(section) if is_section => {
                for (inner, value) in section {
                    let name = format!("{}_{}", key.get_ref(), inner.get_ref());
                    flat.insert(Spanned::new(inner.span(), Cow::Owned(name)), value);
                }
            }
            other => drop(flat.insert(key, Spanned::new(value_span, other))),
        }
    }
    Ok(Spanned::new(span, flat))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{super::load::parse, *};
    use crate::config::Options;

    fn problem(text: &str) -> String {
        parse(Path::new("doorward.toml"), text).unwrap_err().to_string()
    }

    #[test]
    fn option_of_a_section_is_read_there() {
        let text = "listen = '127.0.0.1:80'\n[rate_limits]\nlogin_per_minute = 7\nenabled = false";
        let options = parse(Path::new("doorward.toml"), text).unwrap();
        assert_eq!(options.rate_limits_login_per_minute, Some(7));
        assert_eq!(options.rate_limits_enabled, Some(false));
        let dotted = parse(Path::new("doorward.toml"), "mail.from = 'a@example.com'").unwrap();
        assert_eq!(dotted.mail_from.as_deref(), Some("a@example.com"));
    }

    #[test]
    fn option_outside_of_its_section_is_rejected_with_the_section() {
        let said = problem("\nrate_limits_login_per_minute = 7");
        assert!(
            said.contains("line 2")
                && said.contains("login_per_minute in the section [rate_limits]"),
            "{said}"
        );
    }

    #[test]
    fn unknown_key_of_a_section_is_named_with_its_line() {
        let said = problem("[rate_limits]\nlogin_per_minut = 7");
        assert!(said.contains("line 2"), "{said}");
        assert!(
            said.contains(
                "rate_limits.login_per_minut; did you mean rate_limits.login_per_minute?"
            ),
            "{said}"
        );
        assert!(problem("[rate_limit]\nlogin = 7").contains("no option rate_limit"));
        assert!(problem("log = 'debug'").contains("no option log"));
        let said = problem("login_per_minute = 7");
        assert!(said.contains("did you mean rate_limits.login_per_minute?"), "{said}");
    }

    #[test]
    fn every_section_has_an_option() {
        for section in SECTIONS {
            let has = |name: &str| split(name).is_some_and(|(found, _)| found == *section);
            assert!(Options::DESCRIPTIONS.iter().any(|(name, ..)| has(name)), "{section}");
        }
    }
}
