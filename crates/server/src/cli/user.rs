//! `doorward user`: people's accounts.

mod import;
mod lines;
mod progress;
mod record;

use std::{error::Error, path::PathBuf};

use clap::Subcommand;

use super::ConfigArgs;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Take over the accounts of another system, with their password hashes, from a file with one JSON object
    /// a line. Accounts that are there already are left as they are, so that an import that was broken off
    /// is gone on with by running it again. Nobody is sent a mail.
    Import {
        /// The file, or - for standard input.
        file: PathBuf,
        /// Judge every line, and make nothing.
        #[arg(long)]
        dry_run: bool,
        /// Write the outcome as JSON, for programs.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        config: ConfigArgs,
    },
}

impl UserCommand {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self::Import { file, dry_run, json, config } = self;
        import::run(&file, dry_run, json, &config.load()?)
    }
}
