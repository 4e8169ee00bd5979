//! `doorward audit`: the audit trail.

use std::error::Error;

use clap::Subcommand;
use doorward_application::admin::find_user::FindUserError;
use doorward_domain::{AuditEventId, UserId, audit::AuditEvent, pagination::Page};
use serde_json::{Value, json};
use time::{error::Format, format_description::well_known::Rfc3339};

use super::{
    RunArgs,
    output::{self, Cell},
    page::{self, PageArgs},
};
use crate::{cli::local, http::state::State};

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// List audit events, newest first.
    List {
        /// List only events of this user: an ID, email address, or username. The ID works after the user was deleted, too.
        #[arg(long)]
        user: Option<String>,
        #[command(flatten)]
        page: PageArgs,
        #[command(flatten)]
        run: RunArgs,
    },
}

impl AuditCommand {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self::List { user, page, run } = self;
        let request = page.request::<AuditEventId>("an audit event")?;
        local::run(&run.config.load()?, |state| async move {
            let user = match user.as_deref() {
                Some(name) => Some(find(&state, name).await?),
                None => None,
            };
            let found = state.application.events.list.of(user, request).await?;
            if run.json {
                let items = found.items.iter().map(as_json).collect::<Result<_, _>>()?;
                return output::print_json(&page::as_json(items, found.next));
            }
            output::print(&as_table(&found)?)
        })
    }
}

/// Returns the ID of the user. An ID is returned unchecked, because audit events remain after a user is deleted.
async fn find(state: &State, name: &str) -> Result<UserId, FindUserError> {
    match name.parse() {
        Ok(id) => Ok(id),
        Err(_) => Ok(state.application.admin.find_user.run(name).await?.id),
    }
}

fn as_table(page: &Page<AuditEvent, AuditEventId>) -> Result<String, Format> {
    let row = |event: &AuditEvent| {
        Ok([
            output::time(event.at)?.into(),
            event.kind.as_str().into(),
            Cell::optional(event.user_id.map(|id| id.to_string())),
            event.client.ip.to_string().into(),
            event.client.request_id.as_str().into(),
        ])
    };
    let rows = page.items.iter().map(row).collect::<Result<Vec<_>, Format>>()?;
    let table = output::table(["TIME", "EVENT", "USER", "FROM", "REQUEST"], &rows);
    Ok(table + &page::more(page.next))
}

fn as_json(event: &AuditEvent) -> Result<Value, Format> {
    Ok(json!({
        "event_id": event.id.to_string(),
        "kind": event.kind.as_str(),
        "at": event.at.format(&Rfc3339)?,
        "user_id": event.user_id.map(|id| id.to_string()),
        "org_id": event.org_id.map(|id| id.to_string()),
        "session_id": event.session_id.map(|id| id.to_string()),
        "address": event.client.ip.to_string(),
        "user_agent": event.client.user_agent,
        "request_id": event.client.request_id,
    }))
}
