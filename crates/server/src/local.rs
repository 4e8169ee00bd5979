//! What an operator does on the machine, beside a server that may run, by the same use cases.

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
    state::State,
};

/// A server has not been here.
#[derive(Debug, thiserror::Error)]
#[error(
    "there is no database {}: run this where the server runs, or name its folder with --data-dir or its \
     database with --database-url; if there is no server yet, start doorward once",
    .0.display()
)]
struct NoDatabase(PathBuf);

/// A server of another version has been here last.
#[derive(Debug, thiserror::Error)]
enum OtherSchema {
    #[error(
        "the database is empty: start doorward once; where servers may not create tables, run doorward migrate before"
    )]
    Empty,
    #[error(
        "the database has an older schema than this version: start the new version, or run doorward migrate"
    )]
    Older,
    #[error("the database was migrated by a newer version of doorward: run that version")]
    Newer,
}

/// Does something with the use cases of a server that has been started before. Nothing is made: whoever
/// is in the wrong place is to hear of it.
pub(crate) fn run<F>(
    config: &Config,
    act: impl FnOnce(Arc<State>) -> F,
) -> Result<(), Box<dyn Error>>
where
    F: Future<Output = Result<(), Box<dyn Error>>>,
{
    run_with(config, compose_existing(config), act)
}

/// As [`run`], where the signing keys can't be decrypted any more. A master secret is created if there is none.
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

/// Waits for something on a runtime of its own, as small as adapters can do with.
pub(crate) fn block_on<F: Future>(future: F) -> io::Result<F::Output> {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    Ok(runtime.block_on(future))
}

/// Tells whoever is in the wrong place.
pub(crate) fn expect_database(database: &DatabaseUrl) -> Result<(), Box<dyn Error>> {
    match missing_file(database) {
        Some(file) => Err(NoDatabase(file.to_owned()).into()),
        None => Ok(()),
    }
}

/// Tells whoever has another version than the server that was there last.
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
