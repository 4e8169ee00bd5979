//! `doorward user`: people's accounts.

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
use doorward_domain::user::User;

use super::RunArgs;
use change::Change;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make an account, with an organization of its own. The first administrator is made so, with --admin.
    Create(create::CreateArgs),
    /// List accounts, the newest first.
    List(list::ListArgs),
    /// Show an account and the organizations that it belongs to.
    Show(UserArgs),
    /// Switch an account off, and end its sessions at once.
    Disable(UserArgs),
    /// Switch an account on again.
    Enable(UserArgs),
    /// Mark the e-mail address of an account as the person's own, without a mail.
    Verify(UserArgs),
    /// Set an account's email address. If the former address was verified, an email to it says so.
    SetEmail(set_email::SetEmailArgs),
    /// Set an account's password, and end its sessions. The person is told by mail.
    SetPassword(set_password::SetPasswordArgs),
    /// Make a person an administrator of the whole server.
    GrantAdmin(GrantAdminArgs),
    /// Make an administrator of the whole server a person like others.
    RevokeAdmin(UserArgs),
    /// Remove an account for good, with all that is its own and the organizations that nobody else is in. What
    /// the audit trail says of it stays.
    Delete(delete::DeleteArgs),
    /// Take over the accounts of another system, with their password hashes, from a file with one JSON object
    /// a line. Accounts that are there already are left as they are, so that an import that was broken off
    /// is gone on with by running it again. Nobody is sent a mail.
    Import(import::ImportArgs),
}

/// An account.
#[derive(Debug, clap::Args)]
pub(super) struct UserArgs {
    /// The account: its id, its e-mail address or its user name.
    #[arg(value_name = "USER")]
    name: String,
    #[command(flatten)]
    run: RunArgs,
}

/// An account that is to be an administrator.
#[derive(Debug, clap::Args)]
pub(super) struct GrantAdminArgs {
    /// Also if its email address is not verified: someone else may have registered the account, and would
    /// administer the server.
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

/// What an account is called in a sentence.
fn who(user: &User) -> String {
    format!("{} <{}>", user.username.as_str(), user.email.as_str())
}
