//! Lists come in pages.

use std::{fmt::Display, str::FromStr};

use doorward_domain::page::{PageLimit, PageRequest};
use serde_json::{Value, json};

/// Which page of a list is asked for.
#[derive(Debug, clap::Args)]
pub(super) struct PageArgs {
    /// How many to list, 1–100.
    #[arg(long, value_name = "N", default_value = "50")]
    limit: i64,
    /// List what comes after this one; the end of a page names it.
    #[arg(long, value_name = "ID")]
    before: Option<String>,
}

impl PageArgs {
    /// `what` the items are, for whoever gave the id of something else.
    pub(super) fn request<Id: FromStr<Err: Display>>(
        &self,
        what: &str,
    ) -> Result<PageRequest<Id>, String> {
        let limit = PageLimit::new(self.limit).map_err(|error| format!("--limit {error}"))?;
        let after = self.before.as_deref().map(str::parse).transpose();
        let after =
            after.map_err(|error| format!("--before has to be the id of {what}: {error}"))?;
        Ok(PageRequest { limit, after })
    }
}

/// What to say below a table that has a next page.
pub(super) fn more<Id: Display>(next: Option<Id>) -> String {
    next.map(|id| format!("\nMore: --before {id}\n")).unwrap_or_default()
}

/// A page for programs.
pub(super) fn as_json<Id: Display>(items: Vec<Value>, next: Option<Id>) -> Value {
    json!({ "items": items, "next": next.map(|id| id.to_string()) })
}
