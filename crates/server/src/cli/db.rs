//! `doorward db`: the database.

use std::error::Error;

use clap::Subcommand;

use super::{backup::BackupArgs, copy::CopyArgs, migrate::MigrateArgs};

#[derive(Debug, Subcommand)]
pub(super) enum DbCommand {
    /// Run pending migrations of the database schema, as the server does at its start.
    Migrate(MigrateArgs),
    /// Back up the embedded database while the server runs.
    Backup(BackupArgs),
    /// Copy all data to another database, such as PostgreSQL. Stop all servers on both databases first.
    Copy(CopyArgs),
}

impl DbCommand {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        match self {
            Self::Migrate(args) => args.run(),
            Self::Backup(args) => args.run(),
            Self::Copy(args) => args.run(),
        }
    }
}
