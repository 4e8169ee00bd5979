//! `doorward mail`: queued, sent, and failed emails. Their links are never shown, because the tokens in them are not
//! stored.

use std::error::Error;

use clap::{Subcommand, ValueEnum};
use doorward_domain::{
    MailId,
    mail::{MailState, MailStateName, StoredMail},
};
use serde_json::{Value, json};
use time::error::Format;

use super::{
    RunArgs,
    output::{self, BAD, Cell, GOOD, WARN},
    page::{self, PageArgs},
};
use crate::cli::local;

#[derive(Debug, Subcommand)]
pub(super) enum MailCommand {
    /// List emails, newest first. Sent emails are kept for a week.
    List {
        /// List only emails in this state.
        #[arg(long, value_name = "STATE")]
        state: Option<StateArg>,
        #[command(flatten)]
        page: PageArgs,
        #[command(flatten)]
        run: RunArgs,
    },
    /// Show an email and its delivery state.
    Show {
        /// The ID of the email.
        #[arg(value_name = "MAIL")]
        id: String,
        #[command(flatten)]
        run: RunArgs,
    },
    /// Queue an email, or all failed emails, for immediate retry.
    Retry {
        /// The ID of the email.
        #[arg(value_name = "MAIL", required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// Retry all failed emails.
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        run: RunArgs,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum StateArg {
    /// The email is queued.
    Waiting,
    /// Delivery failed permanently.
    Failed,
    /// The email was sent.
    Sent,
}

impl From<StateArg> for MailStateName {
    fn from(state: StateArg) -> Self {
        match state {
            StateArg::Waiting => Self::Waiting,
            StateArg::Failed => Self::Failed,
            StateArg::Sent => Self::Sent,
        }
    }
}

impl MailCommand {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        match self {
            Self::List { state, page, run } => list(state.map(Into::into), &page, run),
            Self::Show { id, run } => show(parse(&id)?, run),
            Self::Retry { id, all: _, run } => retry(id.as_deref().map(parse).transpose()?, run),
        }
    }
}

fn parse(id: &str) -> Result<MailId, String> {
    id.parse().map_err(|error| format!("MAIL must be the ID of an email: {error}"))
}

fn list(state: Option<MailStateName>, page: &PageArgs, run: RunArgs) -> Result<(), Box<dyn Error>> {
    let request = page.request::<MailId>("an email")?;
    local::run(&run.config.load()?, |server| async move {
        let found = server.application.mail.list.run(state, request).await?;
        if run.json {
            let items = found.items.iter().map(as_json).collect::<Result<_, _>>()?;
            return output::print_json(&page::as_json(items, found.next));
        }
        let rows = found.items.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        let head = ["MAIL", "QUEUED", "TO", "KIND", "STATE", "ATTEMPTS", "LAST ERROR"];
        output::print(&(output::table(head, &rows) + &page::more(found.next)))
    })
}

fn show(id: MailId, run: RunArgs) -> Result<(), Box<dyn Error>> {
    local::run(&run.config.load()?, |server| async move {
        let mail = server.application.mail.list.one(id).await?;
        if run.json {
            return output::print_json(&as_json(&mail)?);
        }
        let (what, at) = since(mail.state);
        output::print(&output::details(&[
            ("ID", mail.id.to_string().into()),
            ("To", mail.to.as_str().into()),
            ("Kind", mail.subject.as_str().into()),
            ("Queued", output::time(mail.created_at)?.into()),
            ("State", state(mail.state)),
            (what, output::time(at)?.into()),
            ("Attempts", mail.attempts.to_string().into()),
            ("Last error", Cell::optional(mail.last_error)),
        ]))
    })
}

fn retry(id: Option<MailId>, run: RunArgs) -> Result<(), Box<dyn Error>> {
    local::run(&run.config.load()?, |server| async move {
        let use_case = &server.application.mail.retry;
        let due = match id {
            Some(id) => use_case.run(id).await.map(|()| 1)?,
            None => use_case.all_failed().await?,
        };
        if run.json {
            return output::print_json(&json!({ "due": due }));
        }
        if due == 0 {
            return output::print("No failed emails: nothing to retry\n");
        }
        let mails = output::count(due, "email");
        output::print(&format!("{mails} queued for retry; a running server sends within seconds\n"))
    })
}

fn state(state: MailState) -> Cell {
    let style = match state {
        MailState::Waiting { .. } => WARN,
        MailState::Sent { .. } => GOOD,
        MailState::Failed { .. } => BAD,
    };
    Cell::styled(state.name().as_str(), style)
}

/// Returns the name of the time that belongs to a state, and the time.
fn since(state: MailState) -> (&'static str, time::OffsetDateTime) {
    match state {
        MailState::Waiting { due_at } => ("Due", due_at),
        MailState::Sent { at } => ("Sent", at),
        MailState::Failed { at } => ("Failed", at),
    }
}

fn row(mail: &StoredMail) -> Result<[Cell; 7], Format> {
    Ok([
        mail.id.to_string().into(),
        output::time(mail.created_at)?.into(),
        mail.to.as_str().into(),
        mail.subject.as_str().into(),
        state(mail.state),
        mail.attempts.to_string().into(),
        Cell::optional(mail.last_error.as_deref()),
    ])
}

fn as_json(mail: &StoredMail) -> Result<Value, Format> {
    let at = output::time(since(mail.state).1)?;
    let at = |is_it: bool| is_it.then(|| at.clone());
    let name = mail.state.name();
    Ok(json!({
        "mail_id": mail.id.to_string(),
        "to": mail.to.as_str(),
        "subject": mail.subject,
        "created_at": output::time(mail.created_at)?,
        "state": name.as_str(),
        "due_at": at(name == MailStateName::Waiting),
        "sent_at": at(name == MailStateName::Sent),
        "failed_at": at(name == MailStateName::Failed),
        "attempts": mail.attempts,
        "last_error": mail.last_error,
    }))
}
