use std::error::Error;

use serde_json::json;

use super::{UserArgs, who};
use crate::{
    cli::{output, password::PasswordArgs},
    local,
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct SetPasswordArgs {
    #[command(flatten)]
    password: PasswordArgs,
    #[command(flatten)]
    user: UserArgs,
}

impl SetPasswordArgs {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self { password, user: UserArgs { name, run } } = self;
        local::run(&run.config.load()?, |state| async move {
            let user = state.application.find_user.run(&name).await?;
            let password = password.read()?;
            let ended = state.application.set_password.run(user.id, &password).await?;
            if run.json {
                let user_id = user.id.to_string();
                return output::print_json(&json!({ "user_id": user_id, "sessions_ended": ended }));
            }
            let ended = output::count(ended, "session");
            output::print(&format!(
                "{} has a new password; {ended} ended, and a mail says so\n",
                who(&user)
            ))
        })
    }
}
