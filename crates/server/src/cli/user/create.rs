use std::error::Error;

use doorward_application::create_user::CreateUserCommand;
use doorward_domain::{
    email::EmailAddress, field::FieldError, profile::FullName, user::User, username::Username,
};

use super::{show, who};
use crate::{
    cli::{RunArgs, output, password::PasswordArgs},
    local,
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct CreateArgs {
    /// Where mail goes.
    #[arg(value_name = "E-MAIL")]
    email: String,
    /// The name to sign in with (default: made from the e-mail address).
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// The person's name.
    #[arg(long, value_name = "NAME")]
    full_name: Option<String>,
    /// Take the e-mail address for the person's own, and send no mail to find out.
    #[arg(long)]
    verified: bool,
    /// Make the person an administrator of the whole server.
    #[arg(long)]
    admin: bool,
    /// Ask for no password: the person is mailed a link to choose one, which is good for an hour.
    #[arg(long, conflicts_with = "password_stdin")]
    no_password: bool,
    #[command(flatten)]
    password: PasswordArgs,
    #[command(flatten)]
    run: RunArgs,
}

pub(super) fn field<T>(name: &str, parsed: Result<T, impl Into<FieldError>>) -> Result<T, String> {
    parsed.map_err(|error| format!("{name} {}", error.into()))
}

impl CreateArgs {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let email = field("E-MAIL:", EmailAddress::parse(&self.email))?;
        let username = self.username.as_deref().map(Username::parse).transpose();
        let full_name = self.full_name.as_deref().map(FullName::parse).transpose();
        let (username, full_name) =
            (field("--username", username)?, field("--full-name", full_name)?);
        let config = self.run.config.load()?;
        local::run(&config, |state| async move {
            let password = if self.no_password { None } else { Some(self.password.read()?) };
            let command = CreateUserCommand {
                email,
                username,
                full_name,
                password,
                is_verified: self.verified,
                is_platform_admin: self.admin,
            };
            let user = state.application.create_user.run(command).await?;
            if self.run.json {
                return output::print_json(&show::as_json(&user)?);
            }
            output::print(&format!("{} was made: {}{}\n", who(&user), user.id, next(&user)))
        })
    }
}

/// What the person gets by mail.
fn next(user: &User) -> &'static str {
    match (user.has_password, user.is_verified()) {
        (false, _) => "; a link to choose a password is on its way",
        (true, false) => "; a link to verify the e-mail address is on its way",
        (true, true) => "",
    }
}
