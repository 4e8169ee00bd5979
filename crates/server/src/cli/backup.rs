//! `doorward db backup`: a backup of the embedded database.

use std::{error::Error, path::PathBuf};

use doorward_adapters::storage::{Backup, DatabaseUrl};
use serde_json::json;

use super::{RunArgs, output, progress};
use crate::cli::local;

#[derive(Debug, thiserror::Error)]
#[error(
    "{0} is not an embedded database: back it up with pg_dump or with PostgreSQL's continuous archiving \
     (see docs/operate/backup.md)"
)]
struct NotEmbedded(String);

#[derive(Debug, clap::Args)]
pub(super) struct BackupArgs {
    /// The file to create. An existing file is not overwritten.
    file: PathBuf,
    #[command(flatten)]
    run: RunArgs,
}

impl BackupArgs {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self { file, run } = self;
        let config = run.config.load()?;
        let DatabaseUrl::Sqlite(database) = &config.database else {
            return Err(NotEmbedded(config.database.to_string()).into());
        };
        local::expect_database(&config.database)?;
        let backup = Backup { database, to: &file };
        let bar = progress::of(0);
        let bytes = local::block_on(backup.run(&|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        }))??;
        bar.finish_and_clear();
        if run.json {
            return output::print_json(&json!({ "file": file, "bytes": bytes }));
        }
        output::print(&format!("Backup written to {} ({bytes} bytes)\n", file.display()))
    }
}
