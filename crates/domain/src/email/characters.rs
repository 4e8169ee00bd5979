//! The classes of characters that an e-mail address is made of.

use icu_properties::props::{EnumeratedProperty, GeneralCategory, GeneralCategoryGroup};

/// Whether Python's `str.strip` drops the character: white space by its Unicode property or by its
/// bidirectional class, which adds the four information separators of ASCII.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1C}'..='\u{1F}')
}

/// `atext` of RFC 5322 section 3.2.3 with the `UTF8-non-ascii` of RFC 6531 section 3.3.
pub(super) fn is_atom_text(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || !character.is_ascii()
        || "!#$%&'*+-/=?^_`{|}~".contains(character)
}

/// A character of a domain name as it may be typed: letters, digits, hyphens and periods
/// (RFC 1123 section 2.1), and whatever is not ASCII.
pub(super) fn is_domain_text(character: char) -> bool {
    character.is_ascii_alphanumeric() || !character.is_ascii() || matches!(character, '-' | '.')
}

/// Whether one side of the @-sign has a character that would make the address look like another
/// one, or that is no text at all.
///
/// Separators and everything in category C (control, format, private use, unassigned) are unsafe
/// anywhere; a combining mark is so in the first place, where it would join what stands before it.
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
