//! Pagination of lists.

use std::{fmt::Display, str::FromStr};

use doorward_domain::pagination::{PageQuery, PageSize};
use serde_json::{Value, json};

/// Options that select a page of a list.
#[derive(Debug, clap::Args)]
pub(super) struct PageArgs {
    /// The number of items to list, 1–100.
    #[arg(long, value_name = "N", default_value = "50")]
    limit: i64,
    /// List the items after this one. The end of a page shows the value for the next page.
    #[arg(long, value_name = "ID")]
    after: Option<String>,
}

impl PageArgs {
    /// Returns the requested page. `what` names the items in the error for an invalid ID.
    pub(super) fn request<Id: FromStr<Err: Display>>(
        &self,
        what: &str,
    ) -> Result<PageQuery<Id>, String> {
        let limit = PageSize::new(self.limit).map_err(|error| format!("--limit {error}"))?;
        let after = self.after.as_deref().map(str::parse).transpose();
        let after = after.map_err(|error| format!("--after must be the ID of {what}: {error}"))?;
        Ok(PageQuery { limit, after })
    }
}

/// Returns the line below a table that says how to list the next page, if there is one.
pub(super) fn more<Id: Display>(next: Option<Id>) -> String {
    next.map(|id| format!("\nNext page: --after {id}\n")).unwrap_or_default()
}

/// Returns a page as JSON.
pub(super) fn as_json<Id: Display>(items: Vec<Value>, next: Option<Id>) -> Value {
    json!({ "items": items, "next": next.map(|id| id.to_string()) })
}
