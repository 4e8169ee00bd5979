//! `doorward db copy`: copies all data to another database.

use std::{error::Error, path::PathBuf};

use doorward_adapters::storage::{self, CopiedTable, Copying, DatabaseUrl, Migrator};
use serde_json::{Map, json};

use super::{
    RunArgs,
    output::{self, Cell},
    progress,
};
use crate::{cli::local, text};

#[derive(Debug, thiserror::Error)]
#[error("{0} is the source database: choose another target")]
struct Same(String);

#[derive(Debug, clap::Args)]
pub(super) struct CopyArgs {
    /// The URL of the target database. It must be empty; the tables are created.
    #[arg(long, value_name = "URL", required_unless_present = "to_file")]
    to: Option<String>,
    /// A file that contains the URL of the target database, to keep the URL out of the process list.
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    to_file: Option<PathBuf>,
    #[command(flatten)]
    run: RunArgs,
}

impl CopyArgs {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self { to, to_file, run } = self;
        let from = run.config.load()?.database;
        let to = target(to, to_file)?;
        local::expect_database(&from)?;
        if from.is_same_database(&to) {
            return Err(Same(from.to_string()).into());
        }
        // Other users of the machine can't read a database file that is created.
        rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
        let copied = local::block_on(copy(&from, &to))??;
        show(&copied, &to, run.json)
    }
}

fn target(to: Option<String>, file: Option<PathBuf>) -> Result<DatabaseUrl, Box<dyn Error>> {
    let text = match (to, file) {
        (Some(text), _) => text,
        (None, Some(file)) => {
            text::read(&file).map_err(|error| format!("cannot read {}: {error}", file.display()))?
        }
        (None, None) => String::new(),
    };
    Ok(text.parse()?)
}

async fn copy(from: &DatabaseUrl, to: &DatabaseUrl) -> Result<Vec<CopiedTable>, Box<dyn Error>> {
    local::check_schema(from).await?;
    Migrator(to).check().await?;
    Migrator(to).run().await?;
    let bar = progress::of(0);
    let progress = |Copying { table, done, total }| {
        bar.set_length(total);
        bar.set_position(done);
        bar.set_message(table);
    };
    let copied = storage::copy(from, to, &progress).await?;
    bar.finish_and_clear();
    Ok(copied)
}

fn show(copied: &[CopiedTable], to: &DatabaseUrl, json: bool) -> Result<(), Box<dyn Error>> {
    if json {
        let tables: Map<_, _> =
            copied.iter().map(|it| (it.table.to_owned(), it.rows.into())).collect();
        return output::print_json(&json!({ "tables": tables }));
    }
    let rows: Vec<[Cell; 2]> =
        copied.iter().map(|it| [it.table.into(), it.rows.to_string().into()]).collect();
    let table = output::table(["TABLE", "ROWS"], &rows);
    output::print(&format!(
        "{table}\nCopied all data to {to}. Start the server with the new database and the same master key; do not start it with the old database again.\n"
    ))
}
