//! Errors in words, for logs.

use std::error::Error;

/// An error with what is behind it, in one line. A source that its error repeats is told once.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::StorageError;

    #[test]
    fn sources_are_told_once() {
        let away = StorageError::Unavailable("the disk is full".into());
        assert_eq!(chain(&away), "the database is unavailable: the disk is full");
        assert_eq!(chain(&std::fmt::Error), std::fmt::Error.to_string());
    }
}
