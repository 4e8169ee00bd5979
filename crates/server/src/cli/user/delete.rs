use std::error::Error;

use serde_json::json;

use super::{UserArgs, who};
use crate::cli::{confirm::confirm, local, output};

#[derive(Debug, clap::Args)]
pub(crate) struct DeleteArgs {
    /// Do not ask for confirmation.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    user: UserArgs,
}

impl DeleteArgs {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self { yes, user: UserArgs { name, run } } = self;
        local::run(&run.config.load()?, |state| async move {
            let user = state.application.admin.find_user.run(&name).await?;
            confirm(&format!("Delete {} permanently?", who(&user)), yes)?;
            let deleted = state.application.admin.delete_user.run(user.id).await?;
            if run.json {
                let orgs: Vec<_> = deleted.orgs.iter().map(|org| org.id.to_string()).collect();
                let user_id = deleted.user.id.to_string();
                return output::print_json(&json!({ "user_id": user_id, "deleted_orgs": orgs }));
            }
            let orgs = output::count(deleted.orgs.len(), "organization");
            output::print(&format!("Deleted user {} and {orgs}\n", who(&deleted.user)))
        })
    }
}
