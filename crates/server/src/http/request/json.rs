mod tree;

use serde::Deserialize;
use serde_json::Value;

use crate::http::error::ValidationError;
use tree::Tree;

/// The maximum nesting depth of arrays and objects.
const MAX_DEPTH: usize = 500;
/// The maximum number of digits of an integer: Python's limit. Numbers with a fraction or an exponent
/// have no limit.
const MAX_INTEGER_DIGITS: usize = 4300;

/// Parses a JSON text (RFC 8259). The position in an error counts code points, after a byte order mark.
pub(super) fn parse(body: &[u8]) -> Result<Value, Box<ValidationError>> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = std::str::from_utf8(body).map_err(|error| {
        ValidationError::json_invalid(
            code_points(body, error.valid_up_to()),
            "the body is not UTF-8",
        )
    })?;
    if let Some(at) = too_deep(body) {
        return Err(ValidationError::json_invalid(
            code_points(body, at),
            "the body is nested too deeply",
        ));
    }
    if let Some(at) = integer_too_long(body) {
        return Err(ValidationError::json_invalid(
            code_points(body, at),
            "an integer has too many digits",
        ));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    let tree = Tree::deserialize(&mut deserializer);
    let value = tree.and_then(|tree| deserializer.end().map(|()| tree.into_value()));
    value.map_err(|error| {
        let position = code_points(body, offset(text, error.line(), error.column()));
        ValidationError::json_invalid(position, &reason(&error))
    })
}

/// Returns the offset at which the nesting exceeds [`MAX_DEPTH`].
fn too_deep(body: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in outside_strings(body) {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some(at);
        }
    }
    None
}

/// Returns the offset after an integer with too many digits.
fn integer_too_long(body: &[u8]) -> Option<usize> {
    let mut digits = Some(0_usize);
    for (at, byte) in outside_strings(body).chain([(body.len(), b' ')]) {
        digits = match (byte, digits) {
            (b'0'..=b'9', Some(count)) => Some(count + 1),
            (b'.' | b'e' | b'E', _) | (b'0'..=b'9' | b'+' | b'-', None) => None,
            (_, Some(count)) if count > MAX_INTEGER_DIGITS => return Some(at),
            (_, Some(_) | None) => Some(0),
        };
    }
    None
}

/// Returns the bytes outside of strings, with their offsets.
fn outside_strings(body: &[u8]) -> impl Iterator<Item = (usize, u8)> {
    let (mut in_string, mut escaped) = (false, false);
    body.iter().copied().enumerate().filter(move |(_, byte)| {
        let is_within = in_string;
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ => {}
        }
        !is_within
    })
}

/// Converts serde_json's line and column, both starting at 1, to an offset in bytes.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len())
}

fn code_points(body: &[u8], offset: usize) -> usize {
    let before = body.get(..offset).unwrap_or(body);
    String::from_utf8_lossy(before).chars().count()
}

/// Returns serde_json's message without the position, which is in `loc`.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(body: &str) -> Value {
        let issue = serde_json::to_value(parse(body.as_bytes()).unwrap_err()).unwrap();
        issue.pointer("/loc/1").cloned().unwrap()
    }

    #[test]
    fn positions_count_code_points() {
        assert_eq!(position(r#"["😀😀",,]"#), 6);
        assert_eq!(position("\u{feff}[,]"), 1);
        assert_eq!(position("[1,\n\n x]"), 6);
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert!(parse(nested(MAX_DEPTH + 1).as_bytes()).is_err());
        assert!(parse("[".repeat(60_000).as_bytes()).is_err());
        assert!(parse(format!(r#"["{}\""]"#, "[".repeat(1000)).as_bytes()).is_ok());
    }

    #[test]
    fn integers_are_limited_to_the_digits_that_python_accepts() {
        let number = |digits: usize| "1".repeat(digits);
        let (longest, too_long) = (number(MAX_INTEGER_DIGITS), number(MAX_INTEGER_DIGITS + 1));
        for text in [
            longest.clone(),
            format!("-{longest}"),
            format!("[{longest},{longest}]"),
            format!("{too_long}.5"),
            format!("{too_long}e-4301"),
            format!("1.{too_long}"),
            format!("1e-{too_long}"),
            format!(r#"{{"{too_long}":"\"{too_long}"}}"#),
        ] {
            assert!(parse(text.as_bytes()).is_ok(), "{text}");
        }
        for text in [
            too_long.clone(),
            format!("-{too_long}"),
            format!("[1.5,{too_long} ]"),
            format!(r#"{{"a":{{"b":{too_long}}},"a":1}}"#),
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn private_keys_of_serde_json_are_ordinary_keys() {
        for key in ["Number", "RawValue", "Datetime"] {
            for value in [r#""1""#, r#""[[]]""#, "1", "null"] {
                let text = format!(r#"[{{"$serde_json::private::{key}":{value}}}]"#);
                assert_eq!(parse(text.as_bytes()).unwrap().to_string(), text);
            }
        }
    }

    #[test]
    fn json_object_keeps_key_order_and_digits() {
        let text = r#"{"z":[12345678901234567890123,0.10,-0,1E400],"a":{},"é":[null,true,"\n"]}"#;
        assert_eq!(parse(text.as_bytes()).unwrap().to_string(), text.replace("1E", "1e+"));
    }

    #[test]
    fn last_value_of_a_duplicate_key_wins() {
        let value = parse(br#"{"a":1,"b":2,"\u0061":{"c":3}}"#).unwrap();
        assert_eq!(value.to_string(), r#"{"a":{"c":3},"b":2}"#);
    }

    #[test]
    fn json_that_is_not_utf8_is_rejected() {
        assert!(parse(b"{\"a\":\"\xff\"}").is_err());
    }
}
