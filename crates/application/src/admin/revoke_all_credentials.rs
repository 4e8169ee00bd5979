//! Revoking all outstanding sessions, links, and signing keys.

use doorward_domain::{audit::AuditKind, ports::StorageError, signing_key::SigningKey};

use crate::{
    CommonError, Ports, Settings,
    error::common_error,
    events::audit,
    keys::rotate::{Rollover, RotateKeys, RotateKeysError},
};

/// Revokes every session, invalidates every link that resets a password or verifies an email address, and replaces the
/// signing key. Performs no authorization; call only on behalf of a trusted operator.
///
/// Use it after a database was restored from a backup: what was revoked after the backup is valid again.
///
/// Invites stay valid, because only a user who can read the emails of the invited address can use one. If the master
/// secret is lost, invites are revoked as well, since no link that was created with it can be verified.
#[derive(Debug)]
pub struct RevokeAllCredentials {
    ports: Ports,
    rotate_keys: RotateKeys,
}

/// What was revoked.
#[derive(Debug)]
pub struct Revoked {
    /// The number of sessions revoked.
    pub sessions: usize,
    /// The number of links invalidated.
    pub links: usize,
    /// The number of invites revoked.
    pub invites: usize,
    /// The key that signs from now on.
    pub key: SigningKey,
}

/// Errors returned by [`RevokeAllCredentials::run`]. Not everything was revoked; a retry continues from there.
#[derive(Debug, thiserror::Error)]
pub enum RevokeAllCredentialsError {
    /// The sessions were revoked, but the signing key was not replaced, so other services still accept the access tokens of those
    /// sessions.
    #[error("the sessions were revoked, but the signing key was not replaced; try again")]
    Keys(#[from] RotateKeysError),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(RevokeAllCredentialsError: StorageError);

impl RevokeAllCredentials {
    /// The number of sessions that one transaction revokes. It is small enough that other requests don't wait long for locks.
    pub const BATCH: u32 = 5_000;

    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), rotate_keys: RotateKeys::new(ports, settings) }
    }

    /// Revokes everything, and returns what was revoked.
    ///
    /// # Errors
    /// See [`RevokeAllCredentialsError`].
    pub async fn run(&self) -> Result<Revoked, RevokeAllCredentialsError> {
        self.revoke(false).await
    }

    /// As [`RevokeAllCredentials::run`], after the master key was lost and replaced. Invites are revoked as well, and the
    /// former signing keys, which can't be decrypted anymore, are deleted.
    ///
    /// # Errors
    /// See [`RevokeAllCredentialsError`].
    pub async fn run_after_lost_secret(&self) -> Result<Revoked, RevokeAllCredentialsError> {
        let revoked = self.revoke(true).await?;
        let mut repositories = self.ports.storage.connect().await?;
        repositories.signing_keys().delete_expired(self.ports.clock.now()).await?;
        Ok(revoked)
    }

    async fn revoke(&self, with_invites: bool) -> Result<Revoked, RevokeAllCredentialsError> {
        let now = self.ports.clock.now();
        let mut sessions = 0;
        loop {
            let mut repositories = self.ports.storage.connect().await?;
            match repositories.sessions().revoke_some(Self::BATCH, now).await? {
                0 => break,
                ended => sessions += ended,
            }
        }
        let mut work = self.ports.storage.begin().await?;
        let links = work.one_time_tokens().void_all(now).await?;
        let invites = if with_invites { work.invites().revoke_all(now).await? } else { 0 };
        let kind = AuditKind::AllSessionsRevoked;
        work.audit().record(&audit::by_system(&self.ports, kind)).await?;
        work.commit().await?;
        tracing::warn!(event = kind.as_str(), sessions_ended = sessions, "all sessions revoked");
        let key = self.rotate_keys.run(Rollover::Emergency).await?;
        Ok(Revoked { sessions, links, invites, key })
    }
}
