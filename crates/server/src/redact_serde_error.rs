//! Hides values in serde's error messages about a file, for readers who may not see all of its content.

use std::fmt::Display;

/// Returns the message without the unexpected value, which may be a secret.
pub(crate) fn without_value(problem: &impl Display) -> String {
    let text = problem.to_string();
    match text.split_once(": ") {
        Some(("invalid type" | "invalid value", rest)) => {
            let expected = rest.rsplit_once(", expected ").map_or("", |(_, expected)| expected);
            format!("a value has the wrong type, expected {expected}")
        }
        _ => text,
    }
}
