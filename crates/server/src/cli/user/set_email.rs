use std::error::Error;

use doorward_domain::account::email::EmailAddress;
use serde_json::json;

use super::{UserArgs, create::field, who};
use crate::cli::{local, output};

#[derive(Debug, clap::Args)]
pub(crate) struct SetEmailArgs {
    #[command(flatten)]
    user: UserArgs,
    /// The new email address.
    #[arg(value_name = "EMAIL")]
    email: String,
    /// Mark the new email address as verified without sending a verification email.
    #[arg(long)]
    verified: bool,
}

impl SetEmailArgs {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self { user: UserArgs { name, run }, email, verified } = self;
        let email = field("EMAIL:", EmailAddress::parse(&email))?;
        local::run(&run.config.load()?, |state| async move {
            let user = state.application.admin.find_user.run(&name).await?;
            let changed = state.application.admin.set_email.run(user.id, &email, verified).await?;
            if run.json {
                return output::print_json(&json!({
                    "user_id": user.id.to_string(),
                    "email": email.as_str(),
                    "changed": changed,
                }));
            }
            let is_unverified = verified && !user.is_verified();
            let (user, email) = (who(&user), email.as_str());
            output::print(&match (changed, verified) {
                (false, _) if is_unverified => format!(
                    "{user} already has this email address: nothing changed; to mark it as verified, use: doorward user verify {email}\n"
                ),
                (false, _) => format!("{user} already has this email address: nothing changed\n"),
                (true, true) => format!("{user}: the email address is now {email}, verified\n"),
                (true, false) => format!(
                    "{user}: the email address is now {email}; a verification email is queued\n"
                ),
            })
        })
    }
}
