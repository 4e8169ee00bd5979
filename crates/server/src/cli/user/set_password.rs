use std::error::Error;

use serde_json::json;

use super::{UserArgs, who};
use crate::cli::{local, output, password::PasswordArgs};

#[derive(Debug, clap::Args)]
pub(crate) struct SetPasswordArgs {
    #[command(flatten)]
    password: PasswordArgs,
    /// Proceed even if the user's email address is not verified. The account may have been registered by an attacker.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    user: UserArgs,
}

impl SetPasswordArgs {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self { password, force, user: UserArgs { name, run } } = self;
        local::run(&run.config.load()?, |state| async move {
            let user = state.application.admin.find_user.verified(&name, force).await?;
            let password = password.read()?;
            let ended = state.application.admin.set_password.run(user.id, &password).await?;
            if run.json {
                let user_id = user.id.to_string();
                return output::print_json(&json!({ "user_id": user_id, "sessions_ended": ended }));
            }
            let ended = output::count(ended, "session");
            output::print(&format!(
                "Set the password of {}; {ended} revoked; a notification email is queued\n",
                who(&user)
            ))
        })
    }
}
