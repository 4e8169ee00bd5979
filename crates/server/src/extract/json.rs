use serde::Deserialize;
use serde_json::Value;

use crate::error::Issue;

/// How deep arrays and objects may be nested.
const MAX_DEPTH: usize = 500;

/// Reads a JSON text (RFC 8259). Where it is not one, the position counts code points, after a byte
/// order mark.
pub(super) fn parse(body: &[u8]) -> Result<Value, Box<Issue>> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = std::str::from_utf8(body).map_err(|error| {
        Issue::json_invalid(code_points(body, error.valid_up_to()), "the body is not UTF-8")
    })?;
    if let Some(at) = too_deep(body) {
        return Err(Issue::json_invalid(code_points(body, at), "the body is nested too deeply"));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    let value = Value::deserialize(&mut deserializer);
    let value = value.and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| {
        let position = code_points(body, offset(text, error.line(), error.column()));
        Issue::json_invalid(position, &reason(&error))
    })
}

/// The place where the nesting goes too deep. Brackets within strings do not nest.
fn too_deep(body: &[u8]) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, octet) in body.iter().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some(at);
        }
    }
    None
}

/// The offset in bytes of a place that serde_json names by line and column, both from one.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len())
}

fn code_points(body: &[u8], offset: usize) -> usize {
    let before = body.get(..offset).unwrap_or(body);
    String::from_utf8_lossy(before).chars().count()
}

/// What serde_json says, without the place, which is told by `loc`.
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
    fn what_is_not_utf8_is_not_json() {
        assert!(parse(b"{\"a\":\"\xff\"}").is_err());
    }
}
