//! The command line.

mod audit;
mod backup;
mod check;
mod config;
mod confirm;
mod copy;
mod credentials;
mod health;
mod invite;
mod keys;
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
use backup::BackupArgs;
use copy::CopyArgs;
use credentials::CredentialsCommand;
use health::HealthArgs;
use invite::InviteCommand;
use keys::KeysCommand;
use mail::MailCommand;
use migrate::MigrateArgs;
use org::OrgCommand;
use secret::SecretCommand;
use session::SessionCommand;
use user::UserCommand;

/// A self-hosted authentication server: accounts, sessions and organizations behind a JSON API.
#[derive(Debug, Parser)]
#[command(name = "doorward", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Every command has these as well: they may be given before and after its name.
    #[command(flatten)]
    run: RunArgs,
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
    /// Make and list organizations, and list who belongs to them.
    #[command(subcommand)]
    Org(OrgCommand),
    /// Invite people into organizations, list invites, or take them back.
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
    /// Revoke all sessions, links, and signing keys.
    #[command(subcommand)]
    Credentials(CredentialsCommand),
    /// Generate a master secret or a pepper.
    #[command(subcommand)]
    Secret(SecretCommand),
    /// Ask a running server whether it is ready: exit code 0 if it is, and 1 if not.
    Health(HealthArgs),
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
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = HEADING)]
struct ConfigArgs {
    /// The configuration file; by default `doorward.toml` in the working folder, if it exists [env: DOORWARD_CONFIG]
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

/// The heading of the options of the configuration, in the help of `serve`.
const HEADING: &str = "Configuration";

impl Cli {
    /// Reads the arguments of this process. Bad ones end it, with what is wrong with them.
    pub fn read() -> Self {
        let matches = command().get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    /// Does what was asked for.
    ///
    /// # Errors
    /// Whatever kept it from being done, in words for the person who asked.
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
            return Err("--json is not available here: this command writes no tables".into());
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
            Some(Command::Migrate(args)) => args.run(),
            Some(Command::Backup(args)) => args.run(),
            Some(Command::Copy(args)) => args.run(),
            Some(Command::Credentials(command)) => command.run(),
            Some(Command::Secret(command)) => command.run(),
            Some(Command::Health(args)) => args.run(),
            Some(Command::Check(args)) => check::run(args),
            Some(Command::Config(args)) => config::run(args),
            Some(Command::Completions { shell }) => completions(shell),
            Some(Command::Serve(config)) => Ok(serve(&config.load()?)?),
            None => Ok(serve(&self.run.config.load()?)?),
        }
    }
}

/// The options of the configuration are the same for every command: the help of `serve` lists them, and that of the
/// others says so.
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

const POINTER: &str =
    "doorward serve --help lists the options of the configuration; every command takes them.";

fn point(command: clap::Command) -> clap::Command {
    command.mut_subcommands(point).after_help(POINTER)
}

fn completions(shell: Shell) -> Result<(), Box<dyn Error>> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "doorward", &mut script);
    output::print(&String::from_utf8(script)?)
}
