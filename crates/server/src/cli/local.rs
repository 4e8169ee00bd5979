//! Runs operator commands on the server's machine, with the use cases of the server, which may be running.

use std::{
    error::Error,
    future::Future,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use doorward_adapters::storage::{DatabaseUrl, Migrator};
use tokio::runtime;

use crate::{
    compose::{compose_after_lost_secret, compose_existing},
    config::Config,
    http::state::State,
};

/// There is no database: no server has been started with this configuration.
#[derive(Debug, thiserror::Error)]
#[error(
    "there is no database {}: run this command where the server runs, or pass the server's data folder with --data-dir \
     or its database with --database-url; if no server has been started yet, start doorward once",
    .0.display()
)]
struct NoDatabase(PathBuf);

/// Errors returned by [`check_schema`]: the schema of the database does not match this version.
#[derive(Debug, thiserror::Error)]
enum OtherSchema {
    #[error(
        "the database is empty: start doorward once; if the server may not create tables, run doorward db migrate first"
    )]
    Empty,
    #[error(
        "the database has an older schema than this version: start the new version, or run doorward db migrate"
    )]
    Older,
    #[error("the database was migrated by a newer version of doorward: run that version")]
    Newer,
}

/// Runs `act` with the use cases of a server that has been started before. Creates nothing, so that a command that runs
/// in the wrong place fails.
pub(crate) fn run<F>(
    config: &Config,
    act: impl FnOnce(Arc<State>) -> F,
) -> Result<(), Box<dyn Error>>
where
    F: Future<Output = Result<(), Box<dyn Error>>>,
{
    run_with(config, compose_existing(config), act)
}

/// Like [`run`], if the signing keys can no longer be decrypted. A master key is created if there is none.
pub(crate) fn run_after_lost_secret<F>(
    config: &Config,
    act: impl FnOnce(Arc<State>) -> F,
) -> Result<(), Box<dyn Error>>
where
    F: Future<Output = Result<(), Box<dyn Error>>>,
{
    run_with(config, compose_after_lost_secret(config), act)
}

fn run_with<F, E>(
    config: &Config,
    composing: impl Future<Output = Result<Arc<State>, E>>,
    act: impl FnOnce(Arc<State>) -> F,
) -> Result<(), Box<dyn Error>>
where
    F: Future<Output = Result<(), Box<dyn Error>>>,
    E: Error + 'static,
{
    expect_database(&config.database)?;
    block_on(async {
        check_schema(&config.database).await?;
        act(composing.await?).await
    })?
}

/// Runs a future to completion on its own runtime, with the fewest threads that adapters need.
pub(crate) fn block_on<F: Future>(future: F) -> io::Result<F::Output> {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    Ok(runtime.block_on(future))
}

/// Returns an error if the database file does not exist, which is likely if a command runs in the wrong place.
pub(crate) fn expect_database(database: &DatabaseUrl) -> Result<(), Box<dyn Error>> {
    match missing_file(database) {
        Some(file) => Err(NoDatabase(file.to_owned()).into()),
        None => Ok(()),
    }
}

/// Returns an error if the schema of the database does not match this version.
pub(crate) async fn check_schema(database: &DatabaseUrl) -> Result<(), Box<dyn Error>> {
    let migrations = Migrator(database).status().await?;
    if migrations.iter().any(|migration| !migration.is_known) {
        return Err(OtherSchema::Newer.into());
    }
    if migrations.iter().all(|migration| !migration.is_applied) {
        return Err(OtherSchema::Empty.into());
    }
    if migrations.iter().any(|migration| !migration.is_applied) {
        return Err(OtherSchema::Older.into());
    }
    Ok(())
}

fn missing_file(database: &DatabaseUrl) -> Option<&Path> {
    match database {
        DatabaseUrl::Sqlite(path) if !path.exists() => Some(path),
        DatabaseUrl::Sqlite(_) | DatabaseUrl::Postgres(_) => None,
    }
}
