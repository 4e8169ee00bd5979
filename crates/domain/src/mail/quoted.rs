//! Names chosen by users, in a form that is safe in emails to other users.

use std::fmt::Write as _;

use icu_properties::props::{EnumeratedProperty, GeneralCategory, GeneralCategoryGroup};

/// The maximum number of characters of a quoted name.
pub const MAX_QUOTED: usize = 64;

/// Returns a name chosen by a user in a form that can't be taken for a link and doesn't change how the text
/// around it is read. Most names stay unchanged.
///
/// Control and format characters, such as those that change the direction of text, are removed. Characters
/// that can form a link (`:`, `/`, `\`, `@`, and dots within words) become spaces. Names longer than
/// [`MAX_QUOTED`] are truncated. If nothing is left, the result is `…`.
///
/// ```
/// use doorward_domain::mail::quoted;
///
/// assert_eq!(quoted("Dr. Ann A. Lee, Jr."), "Dr. Ann A. Lee, Jr.");
/// assert_eq!(quoted("https://evil.example/pay"), "https evil example pay");
/// ```
pub fn quoted(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut chars = name.chars().filter_map(shown).peekable();
    while let Some(char) = chars.next() {
        let ends_word =
            chars.peek().is_none_or(|next| next.is_whitespace() || next.is_ascii_punctuation());
        plain.push(if is_dot(char) && !ends_word { ' ' } else { char });
    }
    let mut quoted = String::with_capacity(plain.len());
    for word in plain.split_whitespace() {
        let space = if quoted.is_empty() { "" } else { " " };
        let _ = write!(quoted, "{space}{word}");
    }
    if quoted.chars().count() > MAX_QUOTED {
        quoted = quoted.chars().take(MAX_QUOTED - 1).collect();
        quoted.push('…');
    }
    if quoted.is_empty() { "…".to_owned() } else { quoted }
}

/// Returns what replaces a character; `None` if it is removed.
fn shown(char: char) -> Option<char> {
    match char {
        '\u{2028}' | '\u{2029}' | '\t' | '\n' | '\r' => Some(' '),
        _ if is_control_or_format(char) => None,
        _ if makes_link(char) => Some(' '),
        _ => Some(char),
    }
}

/// Returns `true` if [`quoted`] leaves the name unchanged.
pub fn is_harmless(name: &str) -> bool {
    quoted(name) == name
}

/// Returns `true` for control and format characters, such as those that change the direction of the following
/// text, and for unassigned characters.
fn is_control_or_format(char: char) -> bool {
    const OTHER: GeneralCategoryGroup = GeneralCategoryGroup::Other;
    OTHER.contains(GeneralCategory::for_char(char))
}

/// Returns `true` for characters that can form a link, including their full-width forms.
fn makes_link(char: char) -> bool {
    matches!(char, '/' | ':' | '@' | '\\' | '：' | '／' | '＠' | '＼')
}

/// Returns `true` for the dots that separate labels of host names (UTS 46, section 2.3) and for a character
/// that looks like one.
fn is_dot(char: char) -> bool {
    matches!(char, '.' | '。' | '．' | '｡' | '․')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_unchanged() {
        for name in [
            "Ann Lee",
            "Dr. Ann A. Lee, Jr.",
            "Acme Inc. (Europe)",
            "Ann (A. L.)",
            "Łukasz O'Neil-Smith",
            "安 李",
            "Ann (IT) & Söhne",
            "ann_lee-7",
            "Ann 🦀",
        ] {
            assert!(is_harmless(name), "{name} is {}", quoted(name));
        }
    }

    #[test]
    fn quoted_name_contains_no_link() {
        for (name, expected) in [
            (
                "Payroll notice 7: https://evil.example/pay",
                "Payroll notice 7 https evil example pay",
            ),
            ("evil.example", "evil example"),
            ("Pay at evil。example", "Pay at evil example"),
            ("www．evil．example／pay", "www evil example pay"),
            ("mailto:eve@evil.example", "mailto eve evil example"),
            ("\\\\evil\\share", "evil share"),
            ("evil.\u{200b}example", "evil example"),
            ("evil\u{200b}.example", "evil example"),
            ("evil.🦀", "evil 🦀"),
        ] {
            assert_eq!(quoted(name), expected);
            assert!(is_harmless(expected));
        }
    }

    #[test]
    fn quoted_name_does_not_affect_surrounding_text() {
        assert_eq!(quoted("Ann\u{202e}eeL"), "AnneeL");
        assert_eq!(quoted("Ann\u{2028}\r\nBcc x"), "Ann Bcc x");
        assert_eq!(quoted("\u{2066}\u{0}\u{7f}Ann\u{feff}"), "Ann");
        assert_eq!(quoted("\u{202e}"), "…");
        let long = quoted(&"x".repeat(100));
        assert_eq!((long.chars().count(), long.ends_with('…')), (MAX_QUOTED, true));
    }

    #[test]
    fn quoting_is_idempotent() {
        for name in ["a:.b", ".a", "a..b", "..", "a. .b", "x".repeat(99).as_str(), "a .\u{200b}b"] {
            assert!(is_harmless(&quoted(name)), "{name}: {}", quoted(name));
        }
    }
}
