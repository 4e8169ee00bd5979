mod created_at;
mod lines;
mod record;
mod report;
mod source;

#[cfg(any(test, fuzzing))]
pub(super) use {lines::Lines, record::parse_strictly};

use std::{collections::HashMap, error::Error, path::PathBuf};

use doorward_application::{
    Application,
    admin::import_users::{ImportIssue, ImportUsersError, Imported, ImportedUser, Preview},
};
use doorward_domain::account::email::EmailAddress;

use self::{
    lines::{Line, MAX_LINE},
    record::{Leniency, Parsed},
    report::{Outcome, Report},
    source::Reader,
};
use crate::cli::{RunArgs, local};

/// The number of users created in one transaction.
const BATCH: usize = 200;

#[derive(Debug, thiserror::Error)]
#[error("some lines were rejected: correct the lines listed above and run the import again")]
struct SomeRefused;

#[derive(Debug, thiserror::Error)]
#[error(
    "interrupted before line {line}: run the import again to continue; existing users are left unchanged"
)]
struct BrokenOff {
    line: usize,
    source: Box<dyn Error>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// The file to import, or - for standard input.
    file: PathBuf,
    #[command(flatten)]
    choices: Choices,
    #[command(flatten)]
    run: RunArgs,
}

/// Options that change how lines are imported.
#[derive(Debug, Clone, Copy, clap::Args)]
struct Choices {
    /// Report what the import would do with each line without importing anything.
    #[arg(long)]
    dry_run: bool,
    /// Import users whose password hash has an unknown format without a password; they have to reset it.
    #[arg(long)]
    without_unknown_hashes: bool,
    /// Derive the username from the email address if the given one is not allowed.
    #[arg(long)]
    derive_usernames: bool,
    /// Ignore unknown fields, and report each once.
    #[arg(long)]
    ignore_unknown_fields: bool,
}

impl ImportArgs {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let (reader, bar) = source::open(&self.file)?;
        let name = self.file.display().to_string();
        let report = Report::new(name, self.choices.dry_run, self.run.json, bar);
        let (choices, config) = (self.choices, self.run.config.load()?);
        local::run(&config, |state| async move {
            let mut import = Import {
                application: &state.application,
                choices,
                waiting: Vec::new(),
                lines: HashMap::new(),
                preview: Preview::default(),
                report,
            };
            let read = import.read(reader).await;
            import.report.bar.finish_and_clear();
            import.report.print()?;
            read?;
            if import.report.has_refused() { Err(SomeRefused.into()) } else { Ok(()) }
        })
    }
}

/// A line that was read, and is reported after all lines before it.
struct Waiting {
    line: usize,
    found: Found,
}

/// The content of a line.
enum Found {
    Account {
        user: Box<ImportedUser>,
        /// The values that are imported differently than given.
        changes: Vec<String>,
    },
    Refused {
        email: Option<EmailAddress>,
        reason: String,
    },
}

struct Import<'a> {
    application: &'a Application,
    choices: Choices,
    /// Lines that were read and are not reported yet.
    waiting: Vec<Waiting>,
    /// The line of each email address that was imported.
    lines: HashMap<String, usize>,
    preview: Preview,
    report: Report,
}

impl Import<'_> {
    async fn read(&mut self, reader: Reader) -> Result<(), Box<dyn Error>> {
        for (index, line) in lines::Lines(reader).enumerate() {
            let number = index + 1;
            let (line, bytes) = match line {
                Ok(read) => read,
                Err(error) => {
                    self.make().await?;
                    return Err(error.into());
                }
            };
            self.take(number, line);
            if self.waiting.len() >= BATCH {
                self.make().await?;
            }
            self.report.bar.inc(bytes);
            self.report.bar.set_message(format!("{number} lines"));
        }
        self.make().await
    }

    /// Checks a line, and queues it until there are enough users for a batch.
    fn take(&mut self, line: usize, text: Line) {
        let found = match text {
            Line::Text(text) if text.trim_ascii().is_empty() => return,
            Line::Text(text) => self.judge(line, &text),
            Line::TooLong => {
                Found::Refused { email: None, reason: format!("longer than {MAX_LINE} bytes") }
            }
        };
        self.waiting.push(Waiting { line, found });
    }

    fn judge(&mut self, line: usize, text: &[u8]) -> Found {
        let Choices { derive_usernames, ignore_unknown_fields, .. } = self.choices;
        match record::parse(text, Leniency { derive_usernames, ignore_unknown_fields }) {
            Ok(Parsed { mut user, mut changes, ignored }) => {
                for field in ignored {
                    self.report.ignored(line, field);
                }
                if self.choices.without_unknown_hashes
                    && let Err(ImportIssue::Hash(reason)) =
                        self.application.admin.import_users.check(&user)
                {
                    user.password_hash = None;
                    changes.push(format!("imported without a password: {reason}"));
                }
                Found::Account { user: Box::new(user), changes }
            }
            Err(error) => Found::Refused { email: record::email(text), reason: error.to_string() },
        }
    }

    /// Creates the users of the queued lines, and reports these lines in order.
    async fn make(&mut self) -> Result<(), Box<dyn Error>> {
        let waiting = std::mem::take(&mut self.waiting);
        let mut outcomes = self.outcomes(&waiting).await.map(Vec::into_iter);
        for Waiting { line, found } in waiting {
            match (found, &mut outcomes) {
                (Found::Refused { email, reason }, _) => {
                    self.report.name(line, email.as_ref(), Outcome::Refused, &reason)?;
                }
                (Found::Account { user, changes }, Ok(outcomes)) => {
                    if let Some(outcome) = outcomes.next() {
                        self.name(line, &user, &changes, outcome)?;
                    }
                }
                // The next run starts with this user.
                (Found::Account { .. }, Err(_)) => {
                    outcomes.map_err(|source| BrokenOff { line, source: source.into() })?;
                    break;
                }
            }
        }
        Ok(())
    }

    /// Creates the users, or predicts the outcomes in a dry run.
    async fn outcomes(&mut self, waiting: &[Waiting]) -> Result<Vec<Imported>, ImportUsersError> {
        let user = |waiting: &Waiting| match &waiting.found {
            Found::Account { user, .. } => Some(user.as_ref().clone()),
            Found::Refused { .. } => None,
        };
        let users: Vec<_> = waiting.iter().filter_map(user).collect();
        let import_users = &self.application.admin.import_users;
        match self.choices.dry_run {
            _ if users.is_empty() => Ok(Vec::new()),
            true => import_users.preview(&users, &mut self.preview).await,
            false => import_users.run(&users).await,
        }
    }

    fn name(
        &mut self,
        line: usize,
        user: &ImportedUser,
        changes: &[String],
        outcome: Imported,
    ) -> Result<(), Box<dyn Error>> {
        let email = Some(&user.email);
        let renamed = match outcome {
            Imported::Made => None,
            Imported::MadeWithNumber { taken } => Some(taken),
            Imported::AlreadyThere => {
                let reason = match self.lines.get(&user.email.key()) {
                    Some(line) => format!("skipped: line {line} has the same email address"),
                    None => "skipped: an account with this email address exists".to_owned(),
                };
                return self.report.name(line, email, Outcome::AlreadyThere, &reason);
            }
            Imported::Refused(issue) => {
                return self.report.name(line, email, Outcome::Refused, &issue);
            }
        };
        self.lines.insert(user.email.key(), line);
        self.report.imported();
        for change in changes {
            self.report.name(line, email, Outcome::Changed, change)?;
        }
        if let Some(taken) = renamed {
            let change = format!(
                "the username derived from the email address, {}, is taken: a number was appended",
                taken.as_str()
            );
            self.report.name(line, email, Outcome::Changed, &change)?;
        }
        Ok(())
    }
}
