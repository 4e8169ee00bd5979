mod deliveries;

use std::{future::Future, sync::Arc, time::Duration};

use doorward_adapters::tokens::KeyError;
use doorward_application::password::sample_hashes::HashSample;
use doorward_domain::{mail::MailLane, ports::StorageError};
use tokio::{sync::watch, task::JoinHandle, time::sleep};

use self::deliveries::Deliveries;
use crate::http::state::State;

/// How often expired data is deleted.
const SWEEP: Duration = Duration::from_secs(3600);

/// How often the signing keys are reloaded.
const READ_KEYS: Duration = Duration::from_secs(10);

/// The background tasks: email delivery, cleanup, and key maintenance.
pub(crate) struct Workers {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Workers {
    pub(crate) fn start(state: &Arc<State>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let application = &state.application;
        let lanes = MailLane::ALL.map(|lane| {
            let deliveries = Deliveries::new(application.clone(), lane, stopped.clone());
            tokio::spawn(deliveries.run())
        });
        let tidy = tokio::spawn(purge(state.clone(), stopped.clone()));
        let keys = tokio::spawn(read_keys(state.clone(), stopped));
        let tasks = lanes.into_iter().chain([tidy, keys]).collect();
        Self { stop, tasks }
    }

    /// Stops all tasks, and waits for each to complete its current work.
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "background task failed");
            }
        }
    }
}

async fn purge(state: Arc<State>, mut stopped: watch::Receiver<bool>) {
    let application = &state.application;
    while !*stopped.borrow() {
        if let Err(error) = application.maintenance.purge_expired.run().await {
            tracing::warn!(%error, "cleanup failed");
        }
        match state.reencrypt_keys().await {
            Ok(0) => {}
            Ok(keys) => {
                tracing::info!(keys, "signing keys re-encrypted with the current master key");
            }
            Err(error) => tracing::warn!(%error, "re-encrypting signing keys failed"),
        }
        // A server that can't decrypt the current key would encrypt the next one with a secret that only it has.
        if state.reload_keys().await.is_ok()
            && let Err(error) = application.keys.rotate.if_due().await
        {
            tracing::warn!(%error, "creating the next signing key failed");
        }
        unless_stopped(&mut stopped, sleep(SWEEP)).await;
        if *stopped.borrow() {
            return;
        }
        // Last, because the server has already done this when it started.
        match application.password.sample_hashes.run().await {
            Ok(survey) => warn_of_unusable(&survey),
            Err(error) => tracing::warn!(%error, "sampling password hashes failed"),
        }
    }
}

/// Warns the operator about password hashes that can't be verified.
pub(crate) fn warn_of_unusable(survey: &HashSample) {
    if let Some(warning) = unusable(survey) {
        tracing::warn!("{warning}");
    }
}

/// Returns a warning if stored passwords in the sample can't be verified.
pub(crate) fn unusable(survey: &HashSample) -> Option<String> {
    let reason = survey.unusable.first()?;
    let (unusable, sampled) = (survey.unusable.len(), survey.sampled);
    Some(format!(
        "{unusable} of {sampled} stored passwords in a sample can't be verified: those users must reset their passwords \
         ({reason})"
    ))
}

/// Reloads the signing keys periodically, so that a key that another replica or the command line created is published
/// and, in an emergency, used.
async fn read_keys(state: Arc<State>, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        unless_stopped(&mut stopped, sleep(READ_KEYS)).await;
        match state.reload_keys().await {
            Ok(()) => {}
            // The pool has logged the reason, once.
            Err(KeyError::Storage(StorageError::Unavailable(_))) => {
                tracing::debug!("cannot read the signing keys: the database is unavailable");
            }
            Err(error) => tracing::error!(%error, "some signing keys can't be used"),
        }
    }
}

async fn unless_stopped(stopped: &mut watch::Receiver<bool>, pause: impl Future<Output = ()>) {
    tokio::select! {
        () = pause => {}
        _ = stopped.changed() => {}
    }
}
