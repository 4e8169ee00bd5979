//! What an operator does on the machine, beside a server that may run, by the same use cases.

use std::{
    error::Error,
    future::Future,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use doorward_adapters::storage::DatabaseUrl;
use tokio::runtime;

use crate::{compose::compose_existing, config::Config, state::State};

/// A server has not been here.
#[derive(Debug, thiserror::Error)]
#[error(
    "there is no database {}: run this where the server runs, or name its folder with --data-dir or its \
     database with --database-url",
    .0.display()
)]
struct NoDatabase(PathBuf);

/// Does something with the use cases of a server that has been started before. Nothing is made: whoever
/// is in the wrong place is to hear of it.
pub(crate) fn run<F>(
    config: &Config,
    act: impl FnOnce(Arc<State>) -> F,
) -> Result<(), Box<dyn Error>>
where
    F: Future<Output = Result<(), Box<dyn Error>>>,
{
    if let Some(file) = missing_file(&config.database) {
        return Err(NoDatabase(file.to_owned()).into());
    }
    block_on(async { act(compose_existing(config).await?).await })?
}

/// Waits for something on a runtime of its own, as small as adapters can do with.
pub(crate) fn block_on<F: Future>(future: F) -> io::Result<F::Output> {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    Ok(runtime.block_on(future))
}

fn missing_file(database: &DatabaseUrl) -> Option<&Path> {
    match database {
        DatabaseUrl::Sqlite(path) if !path.exists() => Some(path),
        DatabaseUrl::Sqlite(_) | DatabaseUrl::Postgres(_) => None,
    }
}
