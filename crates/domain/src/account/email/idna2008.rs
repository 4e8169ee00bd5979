//! The code points that IDNA 2008 allows in a domain name (RFC 5892).
//!
//! UTS #46 also allows symbols, emoji, and punctuation; IDNA 2008 doesn't. The derived property of RFC 5892,
//! section 3, is computed for text that UTS #46 has mapped. Case folding and NFKC don't change such text any
//! more, so the rule of section 2.2 is not needed.

use std::ops::RangeInclusive;

use icu_properties::props::{
    BinaryProperty, DefaultIgnorableCodePoint, EnumeratedProperty, GeneralCategory,
    HangulSyllableType, Script,
};

const ARABIC_INDIC_DIGITS: RangeInclusive<char> = '\u{0660}'..='\u{0669}';
const EXTENDED_ARABIC_INDIC_DIGITS: RangeInclusive<char> = '\u{06F0}'..='\u{06F9}';

/// The derived property of a code point (RFC 5892, section 1).
enum DerivedProperty {
    /// PVALID: allowed anywhere.
    ProtocolValid,
    /// CONTEXTO: allowed where its rule is satisfied.
    ContextualRuleRequired,
    /// DISALLOWED or UNASSIGNED. This includes the joiners (CONTEXTJ): they are format characters, which an
    /// email address can't contain.
    Disallowed,
}

/// Returns `true` if IDNA 2008 allows every code point of a label at its position.
pub(super) fn is_permitted(label: &str) -> bool {
    let label: Vec<char> = label.chars().collect();
    label.iter().enumerate().all(|(position, &character)| match derived_property(character) {
        DerivedProperty::ProtocolValid => true,
        DerivedProperty::ContextualRuleRequired => obeys_its_rule(&label, position, character),
        DerivedProperty::Disallowed => false,
    })
}

/// Returns the derived property by RFC 5892, section 3, in its order: exceptions come first.
fn derived_property(character: char) -> DerivedProperty {
    if let Some(property) = exception(character) {
        property
    } else if matches!(character, 'a'..='z' | '0'..='9' | '-') {
        DerivedProperty::ProtocolValid
    } else if is_ignorable(character) || is_old_hangul_jamo(character) {
        DerivedProperty::Disallowed
    } else if is_letter_or_digit(character) {
        DerivedProperty::ProtocolValid
    } else {
        DerivedProperty::Disallowed
    }
}

/// Returns the property of `Exceptions` (RFC 5892, section 2.6).
fn exception(character: char) -> Option<DerivedProperty> {
    match character {
        '\u{00DF}' | '\u{03C2}' | '\u{06FD}' | '\u{06FE}' | '\u{0F0B}' | '\u{3007}' => {
            Some(DerivedProperty::ProtocolValid)
        }
        '\u{00B7}' | '\u{0375}' | '\u{05F3}' | '\u{05F4}' | '\u{30FB}' => {
            Some(DerivedProperty::ContextualRuleRequired)
        }
        digit if is_arabic_digit(digit) => Some(DerivedProperty::ContextualRuleRequired),
        '\u{0640}'
        | '\u{07FA}'
        | '\u{302E}'
        | '\u{302F}'
        | '\u{3031}'..='\u{3035}'
        | '\u{303B}' => Some(DerivedProperty::Disallowed),
        _ => None,
    }
}

fn is_arabic_digit(character: char) -> bool {
    ARABIC_INDIC_DIGITS.contains(&character) || EXTENDED_ARABIC_INDIC_DIGITS.contains(&character)
}

/// Returns `true` for `IgnorableProperties` and `IgnorableBlocks` (RFC 5892, sections 2.3 and 2.4). White
/// space and noncharacters are neither letters nor digits, so they are disallowed anyway.
fn is_ignorable(character: char) -> bool {
    DefaultIgnorableCodePoint::for_char(character)
        || matches!(
            character,
            '\u{20D0}'..='\u{20FF}' | '\u{1D100}'..='\u{1D1FF}' | '\u{1D200}'..='\u{1D24F}'
        )
}

/// Returns `true` for `OldHangulJamo` (RFC 5892, section 2.9).
fn is_old_hangul_jamo(character: char) -> bool {
    matches!(
        HangulSyllableType::for_char(character),
        HangulSyllableType::LeadingJamo
            | HangulSyllableType::VowelJamo
            | HangulSyllableType::TrailingJamo
    )
}

/// Returns `true` for `LetterDigits` (RFC 5892, section 2.1).
fn is_letter_or_digit(character: char) -> bool {
    matches!(
        GeneralCategory::for_char(character),
        GeneralCategory::LowercaseLetter
            | GeneralCategory::UppercaseLetter
            | GeneralCategory::OtherLetter
            | GeneralCategory::DecimalNumber
            | GeneralCategory::ModifierLetter
            | GeneralCategory::NonspacingMark
            | GeneralCategory::SpacingMark
    )
}

/// Applies the contextual rules of RFC 5892, appendices A.3 to A.9.
fn obeys_its_rule(label: &[char], position: usize, character: char) -> bool {
    let before = position.checked_sub(1).and_then(|index| label.get(index)).copied();
    let after = label.get(position + 1).copied();
    match character {
        // Between two l, as in Catalan.
        '\u{00B7}' => before == Some('l') && after == Some('l'),
        '\u{0375}' => after.is_some_and(|next| Script::for_char(next) == Script::Greek),
        '\u{05F3}' | '\u{05F4}' => {
            before.is_some_and(|previous| Script::for_char(previous) == Script::Hebrew)
        }
        '\u{30FB}' => label.iter().any(|&other| is_japanese(other)),
        digit if ARABIC_INDIC_DIGITS.contains(&digit) => {
            !label.iter().any(|other| EXTENDED_ARABIC_INDIC_DIGITS.contains(other))
        }
        _ => !label.iter().any(|other| ARABIC_INDIC_DIGITS.contains(other)),
    }
}

/// Returns `true` for hiragana, katakana, and Han. The katakana middle dot (U+30FB) itself is in none of
/// them: its script is Common.
fn is_japanese(character: char) -> bool {
    let script = Script::for_char(character);
    script == Script::Hiragana || script == Script::Katakana || script == Script::Han
}
