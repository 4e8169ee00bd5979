//! `doorward user`: user accounts.

mod change;
mod create;
mod delete;
#[cfg(any(test, fuzzing))]
pub(super) mod fuzzing;
mod import;
mod list;
mod set_email;
mod set_password;
mod show;

use std::error::Error;

use clap::Subcommand;
use doorward_domain::account::user::User;

use super::RunArgs;
use change::Change;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Create a user with a personal organization. Create the first administrator with --admin.
    Create(create::CreateArgs),
    /// List users, newest first.
    List(list::ListArgs),
    /// Show a user and the organizations that they belong to.
    Show(UserArgs),
    /// Disable a user and revoke their sessions.
    Disable(UserArgs),
    /// Enable a disabled user.
    Enable(UserArgs),
    /// Mark a user's email address as verified without sending an email.
    Verify(UserArgs),
    /// Set a user's email address. If the former address was verified, an email is sent to it.
    SetEmail(set_email::SetEmailArgs),
    /// Set a user's password and revoke their sessions. The user is notified by email.
    SetPassword(set_password::SetPasswordArgs),
    /// Make a user an administrator of the whole server.
    GrantAdmin(GrantAdminArgs),
    /// Revoke a user's administrator rights.
    RevokeAdmin(UserArgs),
    /// Delete a user permanently, with their data and the organizations that have no other members. Audit events
    /// about the user are kept.
    Delete(delete::DeleteArgs),
    /// Import the users of another system with their password hashes, from a file with one JSON object per line.
    /// Existing users are left unchanged, so an interrupted import can be run again. No emails are sent.
    Import(import::ImportArgs),
}

/// The user that a command is about.
#[derive(Debug, clap::Args)]
pub(super) struct UserArgs {
    /// The user: an ID, email address, or username.
    #[arg(value_name = "USER")]
    name: String,
    #[command(flatten)]
    run: RunArgs,
}

/// A user who becomes an administrator.
#[derive(Debug, clap::Args)]
pub(super) struct GrantAdminArgs {
    /// Proceed even if the user's email address is not verified. The account may have been registered by an attacker,
    /// who would then administer the server.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    user: UserArgs,
}

impl UserCommand {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        match self {
            Self::Create(args) => args.run(),
            Self::List(args) => args.run(),
            Self::Show(args) => show::run(args),
            Self::Disable(args) => change::run(Change::Disable, args),
            Self::Enable(args) => change::run(Change::Enable, args),
            Self::Verify(args) => change::run(Change::Verify, args),
            Self::SetEmail(args) => args.run(),
            Self::SetPassword(args) => args.run(),
            Self::GrantAdmin(GrantAdminArgs { force, user }) => {
                change::run(Change::GrantAdmin { force }, user)
            }
            Self::RevokeAdmin(args) => change::run(Change::RevokeAdmin, args),
            Self::Delete(args) => args.run(),
            Self::Import(args) => args.run(),
        }
    }
}

/// Returns the name of a user in messages.
fn who(user: &User) -> String {
    format!("{} <{}>", user.username.as_str(), user.email.as_str())
}
