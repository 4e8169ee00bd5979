//! Code shared by the formats: Base64 variants, and numbers within bounds.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::BadHash;

/// With or without padding, and with extra bits in the last character, as some systems write it.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_encode_padding(false)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);

/// Decodes standard Base64, the URL-safe alphabet, or passlib's variant, which has `.` instead of `+`.
pub(super) fn decode(form: &'static str, text: &str) -> Result<Vec<u8>, BadHash> {
    let standard = text.replace(['.', '-'], "+").replace('_', "/");
    STANDARD.decode(standard).map_err(|error| BadHash::malformed(form, error))
}

/// Decodes hexadecimal digits.
pub(super) fn decode_hex(form: &'static str, text: &str) -> Result<Vec<u8>, BadHash> {
    let digits = |pair: &[u8]| {
        let text = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
        u8::from_str_radix(text, 16).ok()
    };
    let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(digits).collect();
    bytes.ok_or_else(|| BadHash::malformed(form, "the output is not hexadecimal"))
}

/// Returns a zero for each byte, in standard Base64 without padding.
pub(super) fn blank(bytes: &[u8]) -> String {
    STANDARD.encode(vec![0; bytes.len()])
}

/// Parses a number within bounds: 0 is malformed, and a number above `max` is too costly.
pub(super) fn number(form: &'static str, text: &str, max: u32) -> Result<u32, BadHash> {
    match text.parse::<u32>() {
        Ok(0) => Err(BadHash::malformed(form, "a parameter is 0")),
        Ok(number) if number > max => Err(BadHash::TooCostly(form)),
        Ok(number) => Ok(number),
        Err(error) => Err(BadHash::malformed(form, error)),
    }
}

/// Returns the value of `name=` in a list such as `ln=16,r=8,p=1`.
pub(super) fn param<'a>(form: &'static str, list: &'a str, name: &str) -> Result<&'a str, BadHash> {
    optional_param(list, name)
        .ok_or_else(|| BadHash::malformed(form, format!("the parameter {name} is missing")))
}

pub(super) fn optional_param<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    list.split(',').find_map(|item| item.strip_prefix(name)?.strip_prefix('='))
}

/// Returns the output if it is long enough to distinguish passwords, and not longer than that of any system.
pub(super) fn output(form: &'static str, bytes: Vec<u8>) -> Result<Vec<u8>, BadHash> {
    if (16..=128).contains(&bytes.len()) {
        Ok(bytes)
    } else {
        Err(BadHash::malformed(form, "the output must have 16 to 128 bytes"))
    }
}
