//! New signing keys follow old ones.

use doorward_domain::{
    audit::AuditKind,
    ports::{KeyNotMade, StorageError},
    signing_key::{KeyState, SigningKey},
};
use time::{Duration, OffsetDateTime};
use tracing::instrument;

use crate::{Failure, Ports, Settings, audit, failure::fails_with};

/// Makes the next signing key, which is published before it signs, and lets the others end when the
/// last of their tokens has.
#[derive(Debug)]
pub struct RotateKeys {
    ports: Ports,
    settings: Settings,
}

/// How the next key takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handover {
    /// It signs once everybody who keeps the key set has seen it.
    Published,
    /// It signs as soon as all replicas have read it; if one is on its way already, that one does.
    /// Who verifies tokens with a key set that they keep may refuse some for as long as they keep it.
    Soon,
    /// It signs at once, and all other keys are good for nothing from now on: their tokens are
    /// refused. For keys that somebody else may have.
    AtOnceAndAlone,
}

/// There is no new key.
#[derive(Debug, thiserror::Error)]
pub enum RotateKeysError {
    /// The next key has been made already.
    #[error("the next key has been made already: {kid} signs from {activates_at} on")]
    Underway {
        /// Its id.
        kid: String,
        /// From when it signs.
        activates_at: OffsetDateTime,
    },
    /// Somebody else was faster.
    #[error("somebody else has made a key at the same moment")]
    Raced,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(RotateKeysError: StorageError, KeyNotMade);

impl RotateKeys {
    /// How long a key is published after it has signed: longer than any access token lasts, whatever
    /// is configured here or on other replicas.
    pub const KEEP_AFTER: Duration = Duration::minutes(65);
    /// How long replicas take to read a new key, and a little longer.
    pub const PROPAGATION: Duration = Duration::seconds(20);

    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// All keys, in the order that they were made in, and what each does.
    ///
    /// # Errors
    /// See [`RotateKeysError`].
    #[instrument(level = "debug", name = "rotate keys list", skip_all)]
    pub async fn list(&self) -> Result<Vec<(SigningKey, KeyState)>, RotateKeysError> {
        let now = self.ports.clock.now();
        let keys = self.ports.storage.connect().await?.signing_keys().list().await?;
        let states: Vec<_> = KeyState::of(&keys, now).collect();
        Ok(keys.into_iter().zip(states).collect())
    }

    /// Makes the next key if it is time for it, and answers it.
    ///
    /// # Errors
    /// See [`RotateKeysError`].
    #[instrument(level = "debug", name = "rotate keys if due", skip_all)]
    pub async fn if_due(&self) -> Result<Option<SigningKey>, RotateKeysError> {
        let now = self.ports.clock.now();
        let keys = self.ports.storage.connect().await?.signing_keys().list().await?;
        if !self.settings.keys.is_due(&keys, now) {
            return Ok(None);
        }
        match self.run(Handover::Published).await {
            Ok(key) => Ok(Some(key)),
            // Another replica has done it.
            Err(RotateKeysError::Underway { .. } | RotateKeysError::Raced) => Ok(None),
            Err(error @ RotateKeysError::Failure(_)) => Err(error),
        }
    }

    /// Makes the next key, and answers it.
    ///
    /// # Errors
    /// See [`RotateKeysError`].
    #[instrument(level = "debug", name = "rotate keys", skip_all)]
    pub async fn run(&self, handover: Handover) -> Result<SigningKey, RotateKeysError> {
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        let keys = work.signing_keys().list().await?;
        let newest = keys.last().ok_or(RotateKeysError::Raced)?;
        let is_next = now < newest.activates_at && newest.is_published(now);
        let (activates_at, others_end) = self.times(handover, now);
        let key = match handover {
            Handover::Published if is_next => {
                let (kid, activates_at) = (newest.kid.clone(), newest.activates_at);
                return Err(RotateKeysError::Underway { kid, activates_at });
            }
            Handover::Soon if is_next => {
                let activates_at = activates_at.min(newest.activates_at);
                work.signing_keys().bring_forward(&newest.kid, activates_at).await?;
                SigningKey { activates_at, ..newest.clone() }
            }
            Handover::Published | Handover::Soon | Handover::AtOnceAndAlone => {
                let key = self.ports.signing_keys.make(now, activates_at)?;
                if !work.signing_keys().insert_next(&newest.kid, &key).await? {
                    return Err(RotateKeysError::Raced);
                }
                key
            }
        };
        work.signing_keys().expire_others(&key.kid, others_end).await?;
        let kind = AuditKind::KeyRotated;
        work.audit().record(&audit::by_the_server(&self.ports, kind)).await?;
        work.commit().await?;
        let activates_at = key.activates_at;
        tracing::info!(event = kind.as_str(), kid = key.kid, %activates_at, "signing key made");
        Ok(key)
    }

    /// From when the key signs, and until when the others are published.
    fn times(&self, handover: Handover, now: OffsetDateTime) -> (OffsetDateTime, OffsetDateTime) {
        match handover {
            Handover::Published => {
                let activates_at = now + self.settings.keys.publish_before;
                (activates_at, activates_at + Self::KEEP_AFTER)
            }
            Handover::Soon => {
                let activates_at = now + Self::PROPAGATION;
                (activates_at, activates_at + Self::KEEP_AFTER)
            }
            Handover::AtOnceAndAlone => (now, now),
        }
    }
}
