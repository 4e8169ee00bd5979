//! The command line.

mod audit;
mod backup;
mod check;
mod config;
mod confirm;
mod copy;
mod invite;
mod keys;
mod mail;
mod migrate;
mod org;
mod output;
mod page;
mod password;
mod progress;
mod revoke_everything;
mod session;
mod user;

use std::{error::Error, path::PathBuf};

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

#[cfg(any(test, fuzzing))]
pub use user::fuzzing::import_lines;

use crate::{
    config::{Config, Options},
    openapi, serve,
};
use audit::AuditCommand;
use backup::BackupArgs;
use copy::CopyArgs;
use invite::InviteCommand;
use keys::KeysCommand;
use mail::MailCommand;
use migrate::MigrateArgs;
use org::OrgCommand;
use revoke_everything::RevokeEverythingArgs;
use session::SessionCommand;
use user::UserCommand;

/// A self-hosted authentication server: accounts, sessions and organisations behind a JSON API.
#[derive(Debug, Parser)]
#[command(name = "doorward", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (what happens without a command, too).
    Serve(ConfigArgs),
    /// List the keys that access tokens are signed with, or make the next one.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// List what has happened: sign-ins, changed passwords, new keys.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Make, list and change people's accounts, or take over those of another system.
    #[command(subcommand)]
    User(UserCommand),
    /// Make and list organisations, and list who belongs to them.
    #[command(subcommand)]
    Org(OrgCommand),
    /// Invite people into organisations, list invites, or take them back.
    #[command(subcommand)]
    Invite(InviteCommand),
    /// List where people are signed in, or sign them out.
    #[command(subcommand)]
    Session(SessionCommand),
    /// List the mails that wait, went out or were given up, or try them again.
    #[command(subcommand)]
    Mail(MailCommand),
    /// Bring the schema of the database up, as a server does when it starts.
    Migrate(MigrateArgs),
    /// Make a copy of the embedded database, while the server runs.
    Backup(BackupArgs),
    /// Move everything to another database, as to PostgreSQL. No server may run on either.
    Copy(CopyArgs),
    /// Sign everybody out and replace the signing key: after a backup was restored.
    RevokeEverything(RevokeEverythingArgs),
    /// Find out whether a server could run so: configuration, database, mail.
    Check(RunArgs),
    /// Show the configuration that a server would run with, without its secrets, and where each value is from.
    Config(RunArgs),
    /// Print what lets a shell complete commands: see docs/operators.md.
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// Print the OpenAPI document of the API.
    Openapi,
}

/// What all that operators run takes.
#[derive(Debug, clap::Args)]
struct RunArgs {
    /// Write JSON, for programs.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Configuration")]
struct ConfigArgs {
    /// The configuration file; `doorward.toml` in the working folder is taken if it is there.
    #[arg(long, env = "DOORWARD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

impl ConfigArgs {
    fn load(self) -> Result<Config, Box<dyn Error>> {
        Ok(Config::load(self.config.as_deref(), self.options)?)
    }
}

impl Cli {
    /// Does what was asked for.
    ///
    /// # Errors
    /// Whatever kept it from being done, in words for the person who asked.
    pub fn run(self) -> Result<(), Box<dyn Error>> {
        match self.command {
            Some(Command::Openapi) => output::print(&openapi::json()?),
            Some(Command::Keys(command)) => command.run(),
            Some(Command::Audit(command)) => command.run(),
            Some(Command::User(command)) => command.run(),
            Some(Command::Org(command)) => command.run(),
            Some(Command::Invite(command)) => command.run(),
            Some(Command::Session(command)) => command.run(),
            Some(Command::Mail(command)) => command.run(),
            Some(Command::Migrate(args)) => args.run(),
            Some(Command::Backup(args)) => args.run(),
            Some(Command::Copy(args)) => args.run(),
            Some(Command::RevokeEverything(args)) => args.run(),
            Some(Command::Check(args)) => check::run(args),
            Some(Command::Config(args)) => config::run(args),
            Some(Command::Completions { shell }) => completions(shell),
            Some(Command::Serve(config)) => Ok(serve(&config.load()?)?),
            None => Ok(serve(&self.config.load()?)?),
        }
    }
}

fn completions(shell: Shell) -> Result<(), Box<dyn Error>> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "doorward", &mut script);
    output::print(&String::from_utf8(script)?)
}
