//! Rotating signing keys.

use doorward_domain::{
    audit::AuditKind,
    ports::{KeyGenerationFailed, StorageError},
    signing_key::{KeyState, SigningKey},
};
use time::{Duration, OffsetDateTime};
use tracing::instrument;

use crate::{CommonError, Ports, Settings, error::common_error, events::audit};

/// Creates the next signing key, which is published before it signs. The other keys expire after the last token that
/// they signed has expired. Performs no authorization; call only for the server or a trusted operator.
#[derive(Debug)]
pub struct RotateKeys {
    ports: Ports,
    settings: Settings,
}

/// How the next key replaces the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rollover {
    /// The key signs after it was published for long enough that every verifier that caches the key set has loaded it.
    Scheduled,
    /// The key signs as soon as all replicas have loaded it. If a next key exists already, that one is activated early.
    /// A verifier that caches the key set may reject tokens until it reloads it.
    Expedited,
    /// The key signs immediately, and all other keys expire, so their tokens are rejected. Use it if a key may be
    /// compromised.
    Emergency,
}

/// Errors returned by [`RotateKeys::run`].
#[derive(Debug, thiserror::Error)]
pub enum RotateKeysError {
    /// The next key exists already.
    #[error("a rotation is already scheduled: key {kid} signs from {activates_at} on")]
    AlreadyScheduled {
        /// The ID of the next key.
        kid: String,
        /// The time from which it signs.
        activates_at: OffsetDateTime,
    },
    /// Another process created a key at the same time, or there is no key to replace.
    #[error("another process has created a signing key at the same time; try again")]
    Conflict,
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(RotateKeysError: StorageError, KeyGenerationFailed);

impl RotateKeys {
    /// The time for which a key stays published after it stops signing. It is longer than the longest lifetime of
    /// access tokens that this server or another replica can be configured with.
    pub const KEEP_AFTER: Duration = Duration::minutes(65);
    /// The time in which all replicas load a new key, with a margin.
    pub const PROPAGATION: Duration = Duration::seconds(20);

    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Returns all keys in the order of their creation, each with its state.
    ///
    /// # Errors
    /// See [`RotateKeysError`].
    #[instrument(level = "debug", name = "rotate_keys_list", skip_all)]
    pub async fn list(&self) -> Result<Vec<(SigningKey, KeyState)>, RotateKeysError> {
        let now = self.ports.clock.now();
        let keys = self.ports.storage.connect().await?.signing_keys().list().await?;
        let states: Vec<_> = KeyState::of(&keys, now).collect();
        Ok(keys.into_iter().zip(states).collect())
    }

    /// Creates the next key if it is due, and returns it. Returns `None` if no key is due, or if another process has
    /// created it.
    ///
    /// # Errors
    /// See [`RotateKeysError`].
    #[instrument(level = "debug", name = "rotate_keys_if_due", skip_all)]
    pub async fn if_due(&self) -> Result<Option<SigningKey>, RotateKeysError> {
        let now = self.ports.clock.now();
        let keys = self.ports.storage.connect().await?.signing_keys().list().await?;
        if !self.settings.keys.is_due(&keys, now) {
            return Ok(None);
        }
        match self.run(Rollover::Scheduled).await {
            Ok(key) => Ok(Some(key)),
            // Another replica created the key.
            Err(RotateKeysError::AlreadyScheduled { .. } | RotateKeysError::Conflict) => Ok(None),
            Err(error @ RotateKeysError::Failure(_)) => Err(error),
        }
    }

    /// Creates the next key, or activates an existing next key early ([`Rollover::Expedited`]), and returns it.
    ///
    /// # Errors
    /// See [`RotateKeysError`].
    #[instrument(level = "debug", name = "rotate_keys", skip_all)]
    pub async fn run(&self, handover: Rollover) -> Result<SigningKey, RotateKeysError> {
        let now = self.ports.clock.now();
        let mut work = self.ports.storage.begin().await?;
        let keys = work.signing_keys().list().await?;
        let newest = keys.last().ok_or(RotateKeysError::Conflict)?;
        let is_next = now < newest.activates_at && newest.is_published(now);
        let (activates_at, others_end) = self.times(handover, now);
        let key = match handover {
            Rollover::Scheduled if is_next => {
                let (kid, activates_at) = (newest.kid.clone(), newest.activates_at);
                return Err(RotateKeysError::AlreadyScheduled { kid, activates_at });
            }
            Rollover::Expedited if is_next => {
                let activates_at = activates_at.min(newest.activates_at);
                work.signing_keys().activate_earlier(&newest.kid, activates_at).await?;
                SigningKey { activates_at, ..newest.clone() }
            }
            Rollover::Scheduled | Rollover::Expedited | Rollover::Emergency => {
                let key = self.ports.signing_keys.generate(now, activates_at)?;
                if !work.signing_keys().insert_next(&newest.kid, &key).await? {
                    return Err(RotateKeysError::Conflict);
                }
                key
            }
        };
        work.signing_keys().expire_others(&key.kid, others_end).await?;
        let kind = AuditKind::KeyRotated;
        work.audit().record(&audit::by_system(&self.ports, kind)).await?;
        work.commit().await?;
        let activates_at = key.activates_at;
        tracing::info!(event = kind.as_str(), kid = key.kid, %activates_at, "signing key created");
        Ok(key)
    }

    /// Returns the time from which the key signs, and the time until which the others stay published.
    fn times(&self, handover: Rollover, now: OffsetDateTime) -> (OffsetDateTime, OffsetDateTime) {
        match handover {
            Rollover::Scheduled => {
                let activates_at = now + self.settings.keys.publish_before;
                (activates_at, activates_at + Self::KEEP_AFTER)
            }
            Rollover::Expedited => {
                let activates_at = now + Self::PROPAGATION;
                (activates_at, activates_at + Self::KEEP_AFTER)
            }
            Rollover::Emergency => (now, now),
        }
    }
}
