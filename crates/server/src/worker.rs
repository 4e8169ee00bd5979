mod deliveries;

use std::{future::Future, sync::Arc, time::Duration};

use doorward_adapters::tokens::KeyError;
use doorward_application::survey_passwords::Survey;
use doorward_domain::{mail::MailLane, ports::StorageError};
use tokio::{sync::watch, task::JoinHandle, time::sleep};

use self::deliveries::Deliveries;
use crate::state::State;

/// How often what nobody needs is deleted.
const SWEEP: Duration = Duration::from_secs(3600);

/// How often the signing keys are read.
const READ_KEYS: Duration = Duration::from_secs(10);

/// The tasks that go on beside the requests: mails go out, and tables are kept tidy.
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
        let tidy = tokio::spawn(sweep(state.clone(), stopped.clone()));
        let keys = tokio::spawn(read_keys(state.clone(), stopped));
        let tasks = lanes.into_iter().chain([tidy, keys]).collect();
        Self { stop, tasks }
    }

    /// Lets each finish what it is at.
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a worker failed");
            }
        }
    }
}

async fn sweep(state: Arc<State>, mut stopped: watch::Receiver<bool>) {
    let application = &state.application;
    while !*stopped.borrow() {
        if let Err(error) = application.sweep.run().await {
            tracing::warn!(%error, "the tables could not be tidied up");
        }
        match state.reseal_keys().await {
            Ok(0) => {}
            Ok(keys) => tracing::info!(keys, "signing keys sealed with the current secret"),
            Err(error) => tracing::warn!(%error, "the signing keys could not be sealed anew"),
        }
        // Whoever can't open the key that signs would seal the next one for itself alone.
        if state.reload_keys().await.is_ok()
            && let Err(error) = application.rotate_keys.if_due().await
        {
            tracing::warn!(%error, "the next signing key could not be made");
        }
        unless_stopped(&mut stopped, sleep(SWEEP)).await;
        if *stopped.borrow() {
            return;
        }
        // Last: the server has done it itself when it started.
        match application.survey_passwords.run().await {
            Ok(survey) => warn_of_unusable(&survey),
            Err(error) => tracing::warn!(%error, "how passwords are stored could not be found out"),
        }
    }
}

/// Tells the operator of passwords that nobody can sign in with.
pub(crate) fn warn_of_unusable(survey: &Survey) {
    if let Some(warning) = unusable(survey) {
        tracing::warn!("{warning}");
    }
}

/// Returns what is wrong with the passwords that are stored, if anything is.
pub(crate) fn unusable(survey: &Survey) -> Option<String> {
    let reason = survey.unusable.first()?;
    let (unusable, sampled) = (survey.unusable.len(), survey.sampled);
    Some(format!(
        "with {unusable} of {sampled} stored passwords nobody can sign in: these people have to reset theirs \
         ({reason})"
    ))
}

/// A key that another replica or the command line has made is published and, in an emergency, used.
async fn read_keys(state: Arc<State>, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        unless_stopped(&mut stopped, sleep(READ_KEYS)).await;
        match state.reload_keys().await {
            Ok(()) => {}
            // The pool says why, once.
            Err(KeyError::Storage(StorageError::Unavailable(_))) => {
                tracing::debug!("the signing keys can't be read while the database is unavailable");
            }
            Err(error) => tracing::error!(%error, "the signing keys can't all be used"),
        }
    }
}

async fn unless_stopped(stopped: &mut watch::Receiver<bool>, pause: impl Future<Output = ()>) {
    tokio::select! {
        () = pause => {}
        _ = stopped.changed() => {}
    }
}
