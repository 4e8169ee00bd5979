//! What is wrong with a file, in serde's words, for people who may not see all that is in it.

use std::fmt::Display;

/// The words without the value that stands in the place of what is expected: it may be a secret.
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
