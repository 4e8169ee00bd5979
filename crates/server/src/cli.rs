//! The command line.

use std::{error::Error, path::PathBuf};

use clap::{Parser, Subcommand};

use crate::{
    config::{Config, Options},
    serve,
};

/// A self-hosted authentication server: accounts, sessions and organisations behind a JSON API.
#[derive(Debug, Parser)]
#[command(name = "doorward", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (what happens without a command, too).
    Serve(ServeArgs),
}

#[derive(Debug, clap::Args)]
struct ServeArgs {
    /// The configuration file; `doorward.toml` in the working folder is taken if it is there.
    #[arg(long, env = "DOORWARD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

impl Cli {
    /// Does what was asked for.
    ///
    /// # Errors
    /// Whatever kept it from being done, in words for the person who asked.
    pub fn run(self) -> Result<(), Box<dyn Error>> {
        let args = match self.command {
            Some(Command::Serve(args)) => args,
            None => self.serve,
        };
        let config = Config::load(args.config.as_deref(), args.options)?;
        Ok(serve(&config)?)
    }
}
