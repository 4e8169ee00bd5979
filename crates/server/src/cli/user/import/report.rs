use std::{collections::BTreeMap, error::Error};

use doorward_domain::account::email::EmailAddress;
use indicatif::ProgressBar;
use serde::Serialize;

use crate::cli::output;

/// The outcome of a line that was not imported unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// The user was imported with a change.
    Changed,
    AlreadyThere,
    Refused,
}

#[derive(Debug, Serialize)]
struct Line {
    line: usize,
    email: Option<String>,
    outcome: Outcome,
    reason: String,
}

/// An ignored field: the first line that has it, and the number of lines that have it.
#[derive(Debug, Serialize)]
struct Ignored {
    first_line: usize,
    lines: usize,
}

/// The number of lines by outcome, and each line that was skipped, rejected, or changed.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    dry_run: bool,
    imported: usize,
    already_there: usize,
    refused: usize,
    lines: Vec<Line>,
    ignored_fields: BTreeMap<String, Ignored>,
    #[serde(skip)]
    name: String,
    /// Whether lines are collected for the JSON report.
    #[serde(skip)]
    is_json: bool,
    #[serde(skip)]
    pub(super) bar: ProgressBar,
}

impl Report {
    pub(super) fn new(name: String, dry_run: bool, is_json: bool, bar: ProgressBar) -> Self {
        let (imported, already_there, refused) = (0, 0, 0);
        let (lines, ignored_fields) = (Vec::new(), BTreeMap::new());
        Self {
            dry_run,
            imported,
            already_there,
            refused,
            lines,
            ignored_fields,
            name,
            is_json,
            bar,
        }
    }

    pub(super) fn imported(&mut self) {
        self.imported += 1;
    }

    pub(super) fn has_refused(&self) -> bool {
        self.refused > 0
    }

    /// Reports a line above the progress bar.
    pub(super) fn name(
        &mut self,
        line: usize,
        email: Option<&EmailAddress>,
        outcome: Outcome,
        reason: &dyn std::fmt::Display,
    ) -> Result<(), Box<dyn Error>> {
        match outcome {
            Outcome::Changed => {}
            Outcome::AlreadyThere => self.already_there += 1,
            Outcome::Refused => self.refused += 1,
        }
        let whose = email.map(|email| format!(" ({})", email.as_str())).unwrap_or_default();
        let text = format!("{}:{line}: {reason}{whose}\n", self.name);
        self.bar.suspend(|| output::eprint(&text))?;
        if self.is_json {
            let (email, reason) =
                (email.map(|email| email.as_str().to_owned()), reason.to_string());
            self.lines.push(Line { line, email, outcome, reason });
        }
        Ok(())
    }

    /// Counts an ignored field.
    pub(super) fn ignored(&mut self, line: usize, field: String) {
        let first = Ignored { first_line: line, lines: 0 };
        self.ignored_fields.entry(field).or_insert(first).lines += 1;
    }

    pub(super) fn print(&self) -> Result<(), Box<dyn Error>> {
        for (field, Ignored { first_line, lines }) in &self.ignored_fields {
            let lines = output::count(*lines, "line");
            let name = &self.name;
            output::eprint(&format!(
                "{name}:{first_line}: the field {field:?} was ignored (in {lines})\n"
            ))?;
        }
        if self.is_json {
            return output::print_json(self);
        }
        let Self { imported, already_there, refused, .. } = self;
        let imported = if self.dry_run {
            format!("{imported} can be imported")
        } else {
            format!("{imported} imported")
        };
        output::print(&format!("{imported}, {already_there} skipped, {refused} rejected\n"))
    }
}
