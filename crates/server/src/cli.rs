//! The command line.

mod audit;
mod backup;
mod config;
mod confirm;
mod copy;
mod credentials;
mod db;
mod doctor;
mod health;
mod invite;
mod keys;
pub(crate) mod local;
mod mail;
mod migrate;
mod org;
mod output;
mod page;
mod password;
mod progress;
mod secret;
mod session;
mod user;

use std::{error::Error, path::PathBuf};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;

#[cfg(any(test, fuzzing))]
pub use user::fuzzing::import_lines;

use crate::{
    config::{Config, Options, flag},
    openapi, serve,
};
use audit::AuditCommand;
use credentials::CredentialsCommand;
use db::DbCommand;
use health::HealthArgs;
use invite::InviteCommand;
use keys::KeysCommand;
use mail::MailCommand;
use org::OrgCommand;
use secret::SecretCommand;
use session::SessionCommand;
use user::UserCommand;

/// A self-hosted authentication server: accounts, sessions, and organizations behind a JSON API.
#[derive(Debug, Parser)]
#[command(name = "doorward", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// All commands accept these options, before and after the name of the command.
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (the default without a command).
    Serve(ConfigArgs),
    /// List or rotate signing keys.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// List audit events, such as sign-ins, password changes, and key rotations.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Create, list, update, or delete user accounts, or import them from another system.
    #[command(subcommand)]
    User(UserCommand),
    /// Create, list, or show organizations, or list their members.
    #[command(subcommand)]
    Org(OrgCommand),
    /// Create, list, or revoke invites to organizations.
    #[command(subcommand)]
    Invite(InviteCommand),
    /// List or revoke sessions.
    #[command(subcommand)]
    Session(SessionCommand),
    /// List queued, sent, and failed emails, or retry them.
    #[command(subcommand)]
    Mail(MailCommand),
    /// Run migrations, back up the database, or copy it to another one.
    #[command(subcommand)]
    Db(DbCommand),
    /// Revoke all sessions, links, and signing keys.
    #[command(subcommand)]
    Credentials(CredentialsCommand),
    /// Generate a master key or a pepper.
    #[command(subcommand)]
    Secret(SecretCommand),
    /// Check whether a running server is ready: exit code 0 if it is, 1 if not.
    Health(HealthArgs),
    /// Check configuration, database, and mail without starting the server.
    Doctor(RunArgs),
    /// Show the effective configuration without secrets, and the source of each value.
    Config(RunArgs),
    /// Generate shell completions (see docs/reference/cli.md).
    Completions {
        /// The shell to generate them for.
        shell: Shell,
    },
    /// Print the OpenAPI document of the API.
    Openapi,
}

/// The options of all commands except `serve`.
#[derive(Debug, clap::Args)]
struct RunArgs {
    /// Write JSON instead of text.
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = HEADING)]
struct ConfigArgs {
    /// The configuration file (default: `doorward.toml` in the working folder, if it exists) [env: DOORWARD_CONFIG]
    #[arg(short, long, global = true, value_name = "FILE", value_parser = flag::<PathBuf>)]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

impl ConfigArgs {
    fn load(self) -> Result<Config, Box<dyn Error>> {
        Ok(Config::load(self.config.as_deref(), self.options)?)
    }
}

/// The heading of the configuration options in the help of `serve`.
const HEADING: &str = "Configuration";

impl Cli {
    /// Parses the arguments of this process. Prints the error and exits if they are invalid.
    pub fn read() -> Self {
        let matches = command().get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    /// Runs the command.
    ///
    /// # Errors
    /// Returns the reason that the command failed, as a message for the operator.
    pub fn run(self) -> Result<(), Box<dyn Error>> {
        let has_json = !matches!(
            self.command,
            None | Some(
                Command::Serve(_)
                    | Command::Openapi
                    | Command::Completions { .. }
                    | Command::Secret(_)
            )
        );
        if self.run.json && !has_json {
            return Err("this command has no JSON output: remove --json".into());
        }
        match self.command {
            Some(Command::Openapi) => output::print(&openapi::json()?),
            Some(Command::Keys(command)) => command.run(),
            Some(Command::Audit(command)) => command.run(),
            Some(Command::User(command)) => command.run(),
            Some(Command::Org(command)) => command.run(),
            Some(Command::Invite(command)) => command.run(),
            Some(Command::Session(command)) => command.run(),
            Some(Command::Mail(command)) => command.run(),
            Some(Command::Db(command)) => command.run(),
            Some(Command::Credentials(command)) => command.run(),
            Some(Command::Secret(command)) => command.run(),
            Some(Command::Health(args)) => args.run(),
            Some(Command::Doctor(args)) => doctor::run(args),
            Some(Command::Config(args)) => config::run(args),
            Some(Command::Completions { shell }) => completions(shell),
            Some(Command::Serve(config)) => Ok(serve(&config.load()?)?),
            None => Ok(serve(&self.run.config.load()?)?),
        }
    }
}

/// Builds the command line. The configuration options are the same for every command, so only the help of `serve` lists
/// them, and the help of the others refers to it.
fn command() -> clap::Command {
    let root = Cli::command();
    let names: Vec<String> = root.get_subcommands().map(|it| it.get_name().to_owned()).collect();
    names
        .into_iter()
        .fold(root, |root, name| {
            let is_serve = name == "serve";
            root.mut_subcommand(name, |it| if is_serve { it.mut_args(show) } else { point(it) })
        })
        .after_help(POINTER)
}

fn show(arg: clap::Arg) -> clap::Arg {
    let described = Options::DESCRIPTIONS.iter().find(|(key, ..)| arg.get_id().as_str() == *key);
    let Some((_, variable, what)) = described else { return arg };
    let help = format!("{} [env: {variable}]", what.trim());
    arg.help(help).hide_long_help(false)
}

const POINTER: &str = "Every command accepts the configuration options: see doorward serve --help.";

fn point(command: clap::Command) -> clap::Command {
    command.mut_subcommands(point).after_help(POINTER)
}

fn completions(shell: Shell) -> Result<(), Box<dyn Error>> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "doorward", &mut script);
    output::print(&String::from_utf8(script)?)
}
