//! Names that users choose, as messages to others quote them.

use std::fmt::Write as _;

use icu_properties::props::{EnumeratedProperty, GeneralCategory, GeneralCategoryGroup};

/// The greatest number of characters of a quoted name.
pub const MAX_QUOTED: usize = 64;

/// Returns a name that a user chose in a form in which it can't be taken for a link, and doesn't change how the text
/// around it is read. Most names stay as they are.
///
/// Control and format characters, such as those that change the direction of text, are left out. What makes a link of
/// a text (`:`, `/`, `\`, `@`, and dots within words) becomes a space, long names are cut, and a name of which nothing
/// is left is `…`.
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

/// What is shown of a character.
fn shown(char: char) -> Option<char> {
    match char {
        '\u{2028}' | '\u{2029}' | '\t' | '\n' | '\r' => Some(' '),
        _ if is_control_or_format(char) => None,
        _ if makes_link(char) => Some(' '),
        _ => Some(char),
    }
}

/// Returns `true` if a message can quote the name as it is.
pub fn is_harmless(name: &str) -> bool {
    quoted(name) == name
}

/// Control and format characters, such as those that change the direction of what follows, and characters that are
/// assigned to nothing.
fn is_control_or_format(char: char) -> bool {
    const OTHER: GeneralCategoryGroup = GeneralCategoryGroup::Other;
    OTHER.contains(GeneralCategory::for_char(char))
}

/// These and their wide forms.
fn makes_link(char: char) -> bool {
    matches!(char, '/' | ':' | '@' | '\\' | '：' | '／' | '＠' | '＼')
}

/// Dots, as host names may have them (UTS 46, section 2.3), and what looks like one.
fn is_dot(char: char) -> bool {
    matches!(char, '.' | '。' | '．' | '｡' | '․')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_stay_as_they_are() {
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
    fn no_link_is_left_of_a_name() {
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
    fn text_around_a_name_is_read_as_it_is() {
        assert_eq!(quoted("Ann\u{202e}eeL"), "AnneeL");
        assert_eq!(quoted("Ann\u{2028}\r\nBcc x"), "Ann Bcc x");
        assert_eq!(quoted("\u{2066}\u{0}\u{7f}Ann\u{feff}"), "Ann");
        assert_eq!(quoted("\u{202e}"), "…");
        let long = quoted(&"x".repeat(100));
        assert_eq!((long.chars().count(), long.ends_with('…')), (MAX_QUOTED, true));
    }

    #[test]
    fn quoted_name_is_quoted_the_same_again() {
        for name in ["a:.b", ".a", "a..b", "..", "a. .b", "x".repeat(99).as_str(), "a .\u{200b}b"] {
            assert!(is_harmless(&quoted(name)), "{name}: {}", quoted(name));
        }
    }
}
