//! `doorward session`: the sessions of users.

use std::error::Error;

use clap::Subcommand;
use doorward_domain::{SessionId, session::Session};
use serde_json::{Value, json};
use time::error::Format;

use super::{
    RunArgs,
    output::{self, Cell},
    page::{self, PageArgs},
};
use crate::cli::local;

#[derive(Debug, Subcommand)]
pub(super) enum SessionCommand {
    /// List the active sessions of a user, newest first.
    List {
        /// The user: an ID, email address, or username.
        user: String,
        #[command(flatten)]
        page: PageArgs,
        #[command(flatten)]
        run: RunArgs,
    },
    /// Revoke one or all sessions of a user. Their tokens are rejected immediately.
    Revoke {
        /// The user: an ID, email address, or username.
        user: String,
        /// The ID of the session.
        #[arg(value_name = "SESSION", required_unless_present = "all", conflicts_with = "all")]
        session: Option<String>,
        /// Revoke all sessions of the user.
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        run: RunArgs,
    },
}

impl SessionCommand {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        match self {
            Self::List { user, page, run } => list(&user, &page, run),
            Self::Revoke { user, session, all: _, run } => revoke(&user, session.as_deref(), run),
        }
    }
}

fn list(name: &str, page: &PageArgs, run: RunArgs) -> Result<(), Box<dyn Error>> {
    let request = page.request::<SessionId>("a session")?;
    local::run(&run.config.load()?, |state| async move {
        let user = state.application.admin.find_user.run(name).await?;
        let found = state.application.sessions.list.of(user.id, request).await?;
        if run.json {
            let items = found.items.iter().map(as_json).collect::<Result<_, _>>()?;
            return output::print_json(&page::as_json(items, found.next));
        }
        let rows = found.items.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        let head = ["SESSION", "SIGNED IN", "LAST REFRESH", "EXPIRES", "FROM", "CLIENT"];
        output::print(&(output::table(head, &rows) + &page::more(found.next)))
    })
}

fn revoke(name: &str, session: Option<&str>, run: RunArgs) -> Result<(), Box<dyn Error>> {
    let session = session.map(str::parse::<SessionId>).transpose();
    let session =
        session.map_err(|error| format!("SESSION must be the ID of a session: {error}"))?;
    local::run(&run.config.load()?, |state| async move {
        let user = state.application.admin.find_user.run(name).await?;
        let use_case = &state.application.admin.revoke_sessions;
        let ended = match session {
            Some(id) => use_case.one(user.id, id).await.map(|()| 1)?,
            None => use_case.all(user.id).await?,
        };
        if run.json {
            let user_id = user.id.to_string();
            return output::print_json(&json!({ "user_id": user_id, "sessions_ended": ended }));
        }
        output::print(&format!("{} revoked\n", output::count(ended, "session")))
    })
}

/// Returns the time at which the session expires if it isn't used.
fn ends_at(session: &Session) -> time::OffsetDateTime {
    session.idle_expires_at.min(session.expires_at)
}

fn row(session: &Session) -> Result<[Cell; 6], Format> {
    Ok([
        session.id.to_string().into(),
        output::time(session.created_at)?.into(),
        output::time(session.rotated_at)?.into(),
        output::time(ends_at(session))?.into(),
        session.last_network.to_string().into(),
        Cell::optional(session.last_user_agent.as_deref()),
    ])
}

fn as_json(session: &Session) -> Result<Value, Format> {
    Ok(json!({
        "session_id": session.id.to_string(),
        "org_id": session.org_id.map(|id| id.to_string()),
        "created_at": output::time(session.created_at)?,
        "rotated_at": output::time(session.rotated_at)?,
        "expires_at": output::time(ends_at(session))?,
        "network": session.network.to_string(),
        "user_agent": session.user_agent,
        "last_network": session.last_network.to_string(),
        "last_user_agent": session.last_user_agent,
    }))
}
