//! The command line.

use std::{
    error::Error,
    io::{ErrorKind, Write},
    path::PathBuf,
};

use clap::{Parser, Subcommand};

use crate::{
    config::{Config, Options},
    openapi, serve,
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
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
enum Command {
    /// Run the server (what happens without a command, too).
    Serve(ServeArgs),
    /// Print the OpenAPI document of the API.
    Openapi,
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
        match self.command {
            Some(Command::Openapi) => print(&openapi::json()?),
            Some(Command::Serve(args)) => run_server(args),
            None => run_server(self.serve),
        }
    }
}

fn run_server(args: ServeArgs) -> Result<(), Box<dyn Error>> {
    let config = Config::load(args.config.as_deref(), args.options)?;
    Ok(serve(&config)?)
}

/// Writes what was asked for. Whoever reads it may stop early, as `head` does.
fn print(text: &str) -> Result<(), Box<dyn Error>> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}
