//! Formats errors for logs.

use std::error::Error;

/// Returns an error and its sources as one line, separated by `: `. A source that its error's message already
/// ends with isn't repeated.
///
/// ```
/// use doorward_domain::{error::chain, ports::StorageError};
///
/// let error = StorageError::Unavailable("the disk is full".into());
/// assert_eq!(chain(&error), "the database is unavailable: the disk is full");
/// ```
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
    fn repeated_sources_are_written_once() {
        let away = StorageError::Unavailable("the disk is full".into());
        assert_eq!(chain(&away), "the database is unavailable: the disk is full");
        assert_eq!(chain(&std::fmt::Error), std::fmt::Error.to_string());
    }
}
