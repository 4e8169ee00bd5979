//! `doorward db migrate`: migrations of the database schema.

use std::error::Error;

use doorward_adapters::storage::{DatabaseUrl, MigrationStatus, Migrator};
use serde_json::{Value, json};

use super::{
    RunArgs,
    output::{self, BAD, Cell, GOOD, WARN},
};
use crate::{cli::local, config::Config, data_dir};

#[derive(Debug, clap::Args)]
pub(super) struct MigrateArgs {
    /// List all migrations and their state without changing anything.
    #[arg(long, conflicts_with = "dry_run")]
    status: bool,
    /// List pending migrations without changing anything.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    run: RunArgs,
}

impl MigrateArgs {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self { status, dry_run, run } = self;
        let config = run.config.load()?;
        if status || dry_run {
            let mut found = local::block_on(Migrator(&config.database).status())??;
            found.retain(|migration| status || !migration.is_applied);
            return show(&found, run.json);
        }
        make_folder(&config)?;
        let migrator = Migrator(&config.database);
        let done = local::block_on(async {
            migrator.check().await?;
            migrator.run().await
        })??;
        if run.json {
            return output::print_json(&json!({ "applied": done }));
        }
        let done = done.iter().map(|version| format!("Applied {version}\n"));
        let done: String = done.collect();
        output::print(if done.is_empty() { "the schema is up to date\n" } else { &done })
    }
}

/// Creates the data folder as a starting server does. Other users of the machine can't read the database.
fn make_folder(config: &Config) -> Result<(), Box<dyn Error>> {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    match &config.database {
        DatabaseUrl::Sqlite(path) if path.starts_with(&config.data_dir) => {
            Ok(data_dir::prepare(&config.data_dir)?)
        }
        DatabaseUrl::Sqlite(_) | DatabaseUrl::Postgres(_) => Ok(()),
    }
}

fn show(found: &[MigrationStatus], json: bool) -> Result<(), Box<dyn Error>> {
    if json {
        return output::print_json(&found.iter().map(as_json).collect::<Vec<_>>());
    }
    if found.is_empty() {
        return output::print("the schema is up to date\n");
    }
    let row = |migration: &MigrationStatus| [migration.name.as_str().into(), state(migration)];
    let rows: Vec<_> = found.iter().map(row).collect();
    output::print(&output::table(["MIGRATION", "STATE"], &rows))
}

fn state(migration: &MigrationStatus) -> Cell {
    match (migration.is_known, migration.is_applied) {
        (false, _) => Cell::styled("from a newer version", BAD),
        (true, true) => Cell::styled("applied", GOOD),
        (true, false) => Cell::styled("pending", WARN),
    }
}

fn as_json(migration: &MigrationStatus) -> Value {
    json!({
        "version": migration.version,
        "name": migration.name,
        "applied": migration.is_applied,
        "known": migration.is_known,
    })
}
