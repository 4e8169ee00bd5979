//! `doorward audit`: what has happened.

use std::error::Error;

use clap::Subcommand;
use doorward_domain::{
    AuditEventId, UserId,
    audit::AuditEvent,
    email::EmailAddress,
    page::{Page, PageLimit, PageRequest},
};
use serde_json::{Value, json};
use time::{error::Format, format_description::well_known::Rfc3339};

use super::{ConfigArgs, output};
use crate::{local, state::State};

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// List what has happened, the newest first.
    List {
        /// Only to this account: its id or its e-mail address.
        #[arg(long, value_name = "ID or E-MAIL")]
        user: Option<String>,
        /// How many entries to list, 1–100.
        #[arg(long, value_name = "N", default_value = "50")]
        limit: i64,
        /// List what came before this entry.
        #[arg(long, value_name = "ID")]
        before: Option<String>,
        /// Write JSON, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        config: ConfigArgs,
    },
}

#[derive(Debug, thiserror::Error)]
#[error("there is no account {0}: give its id or its e-mail address")]
struct NoSuchUser(String);

impl AuditCommand {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self::List { user, limit, before, json, config } = self;
        let limit = PageLimit::new(limit).map_err(|error| format!("--limit {error}"))?;
        let after = before.map(|text| text.parse::<AuditEventId>()).transpose();
        let after =
            after.map_err(|error| format!("--before has to be the id of an entry: {error}"))?;
        local::run(&config.load()?, |state| async move {
            let user = match user {
                Some(name) => Some(find(&state, &name).await?.ok_or(NoSuchUser(name))?),
                None => None,
            };
            let page = PageRequest { limit, after };
            let page = state.application.list_events.of(user, page).await?;
            if json {
                let items = page.items.iter().map(as_json).collect::<Result<Vec<_>, _>>()?;
                let next = page.next.map(|id| id.to_string());
                return output::print_json(&json!({ "items": items, "next": next }));
            }
            output::print(&as_table(&page)?)
        })
    }
}

async fn find(state: &State, name: &str) -> Result<Option<UserId>, Box<dyn Error>> {
    if let Ok(id) = name.parse() {
        return Ok(Some(id));
    }
    let Ok(email) = EmailAddress::parse(name) else { return Ok(None) };
    let mut repositories = state.ports.storage.connect().await?;
    Ok(repositories.users().find_by_email(&email).await?.map(|user| user.id))
}

fn as_table(page: &Page<AuditEvent, AuditEventId>) -> Result<String, Format> {
    let id = |id: Option<String>| id.unwrap_or_else(|| "-".to_owned());
    let row = |event: &AuditEvent| {
        Ok([
            event.at.truncate_to_second().format(&Rfc3339)?,
            event.kind.as_str().to_owned(),
            id(event.user_id.map(|id| id.to_string())),
            event.client.address.to_string(),
            event.client.request_id.clone(),
        ])
    };
    let rows = page.items.iter().map(row).collect::<Result<Vec<_>, Format>>()?;
    let table = output::table(["WHEN", "WHAT", "USER", "FROM", "REQUEST"], &rows);
    let more = page.next.map(|id| format!("\nMore: --before {id}\n"));
    Ok(table + &more.unwrap_or_default())
}

fn as_json(event: &AuditEvent) -> Result<Value, Format> {
    Ok(json!({
        "event_id": event.id.to_string(),
        "kind": event.kind.as_str(),
        "at": event.at.format(&Rfc3339)?,
        "user_id": event.user_id.map(|id| id.to_string()),
        "org_id": event.org_id.map(|id| id.to_string()),
        "session_id": event.session_id.map(|id| id.to_string()),
        "address": event.client.address.to_string(),
        "user_agent": event.client.user_agent,
        "request_id": event.client.request_id,
    }))
}
