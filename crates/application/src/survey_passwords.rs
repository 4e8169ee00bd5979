//! Finding out how passwords are stored.

use doorward_domain::ports::{StorageError, UnusableHash};
use tracing::instrument;

use crate::{Failure, Ports, failure::fails_with};

/// Lets accounts that do not exist look like those that do, by the clock: see
/// [`PasswordHasher::imitate`](doorward_domain::ports::PasswordHasher::imitate).
#[derive(Debug)]
pub struct SurveyPasswords {
    ports: Ports,
}

/// What a sample of the accounts' passwords is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// How many were looked at.
    pub sampled: usize,
    /// Those of them that nobody can sign in with, and why.
    pub unusable: Vec<UnusableHash>,
}

/// Nothing was found out.
#[derive(Debug, thiserror::Error)]
pub enum SurveyPasswordsError {
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(SurveyPasswordsError: StorageError);

impl SurveyPasswords {
    /// How many accounts are looked at: proportions come out within three in a hundred.
    pub const SAMPLE: u16 = 1000;

    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case.
    ///
    /// # Errors
    /// See [`SurveyPasswordsError`].
    #[instrument(level = "debug", name = "survey passwords", skip_all)]
    pub async fn run(&self) -> Result<Survey, SurveyPasswordsError> {
        let mut repositories = self.ports.storage.connect().await?;
        let sample = repositories.users().password_sample(Self::SAMPLE).await?;
        drop(repositories);
        self.ports.hasher.imitate(&sample);
        let checked = sample.iter().map(|hash| self.ports.hasher.check(hash));
        Ok(Survey { sampled: sample.len(), unusable: checked.filter_map(Result::err).collect() })
    }
}
