use std::error::Error;

use doorward_domain::error::chain;
use serde_json::{Value, json};

use crate::{
    cli::output::{BAD, Cell, GOOD, WARN},
    config::key_in_file,
};

/// The result of one check.
pub(super) struct Step {
    what: &'static str,
    outcome: Outcome,
    words: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Good,
    /// The checked item does not exist yet, or could not be checked.
    Skipped,
    /// The server starts regardless.
    Warning,
    Failed,
}

impl Step {
    pub(super) fn good(what: &'static str, words: impl Into<String>) -> Self {
        Self { what, outcome: Outcome::Good, words: words.into() }
    }

    pub(super) fn skipped(what: &'static str, words: impl Into<String>) -> Self {
        Self { what, outcome: Outcome::Skipped, words: words.into() }
    }

    pub(super) fn warning(what: &'static str, words: impl Into<String>) -> Self {
        Self { what, outcome: Outcome::Warning, words: words.into() }
    }

    pub(super) fn failed(what: &'static str, error: &(dyn Error + 'static)) -> Self {
        Self { what, outcome: Outcome::Failed, words: chain(error) }
    }

    pub(super) fn failed_with(what: &'static str, words: impl Into<String>) -> Self {
        Self { what, outcome: Outcome::Failed, words: words.into() }
    }

    pub(super) fn is_failed(&self) -> bool {
        self.outcome == Outcome::Failed
    }

    pub(super) fn row(&self) -> [Cell; 3] {
        let (word, style) = match self.outcome {
            Outcome::Good => ("ok", GOOD),
            Outcome::Skipped => ("--", WARN),
            Outcome::Warning => ("warn", WARN),
            Outcome::Failed => ("FAILED", BAD),
        };
        [Cell::styled(word, style), key_in_file(self.what).into(), self.words.as_str().into()]
    }

    pub(super) fn as_json(&self) -> Value {
        let outcome = match self.outcome {
            Outcome::Good => "ok",
            Outcome::Skipped => "skipped",
            Outcome::Warning => "warning",
            Outcome::Failed => "failed",
        };
        json!({ "what": key_in_file(self.what), "outcome": outcome, "words": self.words })
    }
}
