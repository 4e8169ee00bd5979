//! `doorward revoke-everything`: nothing that was handed out is good any more.

use std::error::Error;

use serde_json::json;

use super::{RunArgs, confirm::confirm, output};
use crate::local;

#[derive(Debug, clap::Args)]
pub(super) struct RevokeEverythingArgs {
    /// Do not ask whether that is meant.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    run: RunArgs,
}

impl RevokeEverythingArgs {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self { yes, run } = self;
        local::run(&run.config.load()?, |state| async move {
            confirm("Sign everybody out, and void all links in mails but invites?", yes)?;
            let revoked = state.application.revoke_everything.run().await?;
            if run.json {
                return output::print_json(&json!({
                    "sessions_ended": revoked.sessions,
                    "links_voided": revoked.links,
                    "kid": revoked.key.kid,
                }));
            }
            let sessions = output::count(revoked.sessions, "session");
            let links = output::count(revoked.links, "link");
            output::print(&format!(
                "{sessions} ended, {links} voided; {} signs from now on\n",
                revoked.key.kid
            ))
        })
    }
}
