//! Classes of characters in email addresses.

use icu_properties::props::{EnumeratedProperty, GeneralCategory, GeneralCategoryGroup};

/// Returns `true` if Python's `str.strip` removes the character: white space by its Unicode property or by
/// its bidirectional class, which includes the four information separators of ASCII.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1C}'..='\u{1F}')
}

/// Returns `true` for `atext` of RFC 5322, section 3.2.3, extended by `UTF8-non-ascii` of RFC 6531, section
/// 3.3.
pub(super) fn is_atom_text(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || !character.is_ascii()
        || "!#$%&'*+-/=?^_`{|}~".contains(character)
}

/// Returns `true` for the characters in which a domain name may be entered: letters, digits, hyphens, and
/// periods (RFC 1123, section 2.1), and all non-ASCII characters.
pub(super) fn is_domain_text(character: char) -> bool {
    character.is_ascii_alphanumeric() || !character.is_ascii() || matches!(character, '-' | '.')
}

/// Returns `true` if one side of the `@` contains a character that could make the address look like another
/// one, or that isn't text.
///
/// Separators and everything in category C (control, format, private use, unassigned) are unsafe anywhere. A
/// combining mark is unsafe in the first position, where it would join the preceding character.
pub(super) fn has_unsafe_character(part: &str) -> bool {
    const UNSAFE: GeneralCategoryGroup =
        GeneralCategoryGroup::Separator.union(GeneralCategoryGroup::Other);

    let starts_with_mark = part
        .chars()
        .next()
        .is_some_and(|first| GeneralCategoryGroup::Mark.contains(GeneralCategory::for_char(first)));
    starts_with_mark
        || part.chars().any(|character| UNSAFE.contains(GeneralCategory::for_char(character)))
}
