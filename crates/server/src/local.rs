//! What an operator does on the machine, beside a server that may run, by the same use cases.

use std::{error::Error, future::Future, sync::Arc};

use doorward_adapters::storage::Migrator;
use tokio::runtime;

use crate::{
    compose::{System, compose},
    config::Config,
    data_dir,
    state::State,
};

/// Does something with the use cases, once the schema is brought up.
pub(crate) fn run<F>(
    config: &Config,
    act: impl FnOnce(Arc<State>) -> F,
) -> Result<(), Box<dyn Error>>
where
    F: Future<Output = Result<(), Box<dyn Error>>>,
{
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    data_dir::prepare(&config.data_dir)?;
    let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        Migrator(&config.database).run().await?;
        act(compose(config, System::default()).await?).await
    })
}
