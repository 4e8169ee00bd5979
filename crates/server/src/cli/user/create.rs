use std::error::Error;

use doorward_application::admin::create_user::CreateUserCommand;
use doorward_domain::{
    account::{email::EmailAddress, profile::FullName, user::User, username::Username},
    field::FieldError,
};

use super::{show, who};
use crate::cli::{RunArgs, local, output, password::PasswordArgs};

#[derive(Debug, clap::Args)]
pub(crate) struct CreateArgs {
    /// The email address.
    #[arg(value_name = "EMAIL")]
    email: String,
    /// The username (default: derived from the email address).
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// The full name.
    #[arg(long, value_name = "NAME")]
    full_name: Option<String>,
    /// Mark the email address as verified without sending a verification email.
    #[arg(long)]
    verified: bool,
    /// Make the user an administrator of the whole server.
    #[arg(long)]
    admin: bool,
    /// Send the user an email with a link to choose a password instead of prompting for one. The link is valid for six
    /// hours.
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
        let email = field("EMAIL:", EmailAddress::parse(&self.email))?;
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
            let user = state.application.admin.create_user.run(command).await?;
            if self.run.json {
                return output::print_json(&show::as_json(&user)?);
            }
            output::print(&format!("Created user {}: {}{}\n", who(&user), user.id, next(&user)))
        })
    }
}

/// Returns the part of the message that says which email the user gets.
fn next(user: &User) -> &'static str {
    match (user.has_password, user.is_verified()) {
        (false, _) => "; an email with a link to choose a password is queued",
        (true, false) => "; a verification email is queued",
        (true, true) => "",
    }
}
