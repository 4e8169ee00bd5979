//! `doorward mail`: the mails that have to go out, have gone out, or were given up. Links are never shown: the
//! tokens in them are not stored.

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
    output::{self, BAD, Cell, GOOD, ODD},
    page::{self, PageArgs},
};
use crate::local;

#[derive(Debug, Subcommand)]
pub(super) enum MailCommand {
    /// List mails, the newest first. Those that were sent are kept for a week.
    List {
        /// Only those in this state.
        #[arg(long, value_name = "STATE")]
        state: Option<StateArg>,
        #[command(flatten)]
        page: PageArgs,
        #[command(flatten)]
        run: RunArgs,
    },
    /// Show what became of a mail.
    Show {
        /// The mail's id.
        #[arg(value_name = "MAIL")]
        id: String,
        #[command(flatten)]
        run: RunArgs,
    },
    /// Let the server try a mail again at once, or all that it has given up.
    Retry {
        /// The mail's id.
        #[arg(value_name = "MAIL", required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// All mails that were given up.
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        run: RunArgs,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum StateArg {
    /// It has to go out.
    Waiting,
    /// It was given up.
    Parked,
    /// It has gone out.
    Sent,
}

impl From<StateArg> for MailStateName {
    fn from(state: StateArg) -> Self {
        match state {
            StateArg::Waiting => Self::Waiting,
            StateArg::Parked => Self::Parked,
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
    id.parse().map_err(|error| format!("MAIL has to be a mail's id: {error}"))
}

fn list(state: Option<MailStateName>, page: &PageArgs, run: RunArgs) -> Result<(), Box<dyn Error>> {
    let request = page.request::<MailId>("a mail")?;
    local::run(&run.config.load()?, |server| async move {
        let found = server.application.list_mails.run(state, request).await?;
        if run.json {
            let items = found.items.iter().map(as_json).collect::<Result<_, _>>()?;
            return output::print_json(&page::as_json(items, found.next));
        }
        let rows = found.items.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        let head = ["MAIL", "ASKED FOR", "TO", "ABOUT", "STATE", "TRIES", "LAST ERROR"];
        output::print(&(output::table(head, &rows) + &page::more(found.next)))
    })
}

fn show(id: MailId, run: RunArgs) -> Result<(), Box<dyn Error>> {
    local::run(&run.config.load()?, |server| async move {
        let mail = server.application.list_mails.one(id).await?;
        if run.json {
            return output::print_json(&as_json(&mail)?);
        }
        let (what, at) = since(mail.state);
        output::print(&output::details(&[
            ("Id", mail.id.to_string().into()),
            ("To", mail.to.as_str().into()),
            ("About", mail.subject.as_str().into()),
            ("Asked for", output::time(mail.created_at)?.into()),
            ("State", state(mail.state)),
            (what, output::time(at)?.into()),
            ("Tries", mail.attempts.to_string().into()),
            ("Last error", Cell::maybe(mail.last_error)),
        ]))
    })
}

fn retry(id: Option<MailId>, run: RunArgs) -> Result<(), Box<dyn Error>> {
    local::run(&run.config.load()?, |server| async move {
        let use_case = &server.application.retry_mail;
        let due = match id {
            Some(id) => use_case.run(id).await.map(|()| 1)?,
            None => use_case.all_parked().await?,
        };
        if run.json {
            return output::print_json(&json!({ "due": due }));
        }
        if due == 0 {
            return output::print("no mail has been given up: nothing was done\n");
        }
        let mails = output::count(due, "mail");
        output::print(&format!("{mails} made due; a running server sends within seconds\n"))
    })
}

fn state(state: MailState) -> Cell {
    let style = match state {
        MailState::Waiting { .. } => ODD,
        MailState::Sent { .. } => GOOD,
        MailState::Parked { .. } => BAD,
    };
    Cell::styled(state.name().as_str(), style)
}

/// What the time of a state is.
fn since(state: MailState) -> (&'static str, time::OffsetDateTime) {
    match state {
        MailState::Waiting { due_at } => ("Due", due_at),
        MailState::Sent { at } => ("Sent", at),
        MailState::Parked { at } => ("Given up", at),
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
        Cell::maybe(mail.last_error.as_deref()),
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
        "parked_at": at(name == MailStateName::Parked),
        "attempts": mail.attempts,
        "last_error": mail.last_error,
    }))
}
