//! The command line.

mod audit;
mod keys;
mod output;
mod user;

use std::{error::Error, path::PathBuf};

use clap::{Parser, Subcommand};

use crate::{
    config::{Config, Options},
    openapi, serve,
};
use audit::AuditCommand;
use keys::KeysCommand;
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
    /// Take over the accounts of another system.
    #[command(subcommand)]
    User(UserCommand),
    /// Print the OpenAPI document of the API.
    Openapi,
}

#[derive(Debug, clap::Args)]
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
            Some(Command::Serve(config)) => Ok(serve(&config.load()?)?),
            None => Ok(serve(&self.config.load()?)?),
        }
    }
}
