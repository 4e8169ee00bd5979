//! Nothing that was handed out is good any more.

use doorward_domain::{audit::AuditKind, ports::StorageError, signing_key::SigningKey};

use crate::{
    Failure, Ports, Settings, audit,
    failure::fails_with,
    rotate_keys::{Handover, RotateKeys, RotateKeysError},
};

/// Ends every session, voids every link that resets a password or verifies an address, and replaces the signing key:
/// for a database that was restored from a backup, where what had been revoked since is good again.
///
/// Invites stay: they admit only users who can read the email of the invited address. When the master secret
/// is lost, they are revoked as well: no link that was made with it can be verified.
#[derive(Debug)]
pub struct RevokeEverything {
    ports: Ports,
    rotate_keys: RotateKeys,
}

/// What was revoked.
#[derive(Debug)]
pub struct Revoked {
    /// How many sessions have ended.
    pub sessions: usize,
    /// How many links in mails are void.
    pub links: usize,
    /// How many invites were revoked.
    pub invites: usize,
    /// The key that signs from now on.
    pub key: SigningKey,
}

/// Not all was revoked. Trying again goes on where it ended.
#[derive(Debug, thiserror::Error)]
pub enum RevokeEverythingError {
    /// Sessions have ended, but their access tokens are still good for other services.
    #[error("the sessions have ended, but the signing key was not replaced")]
    Keys(#[from] RotateKeysError),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(RevokeEverythingError: StorageError);

impl RevokeEverything {
    /// How many sessions one transaction ends: few enough for nobody to wait long.
    pub const BATCH: u32 = 5_000;

    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), rotate_keys: RotateKeys::new(ports, settings) }
    }

    /// Revokes everything, and says how much that was.
    ///
    /// # Errors
    /// See [`RevokeEverythingError`].
    pub async fn run(&self) -> Result<Revoked, RevokeEverythingError> {
        self.revoke(false).await
    }

    /// As [`RevokeEverything::run`], after the master secret was lost and another has taken its place: invites are
    /// revoked, and the former signing keys, which nothing can decrypt any more, are deleted.
    ///
    /// # Errors
    /// See [`RevokeEverythingError`].
    pub async fn run_after_lost_secret(&self) -> Result<Revoked, RevokeEverythingError> {
        let revoked = self.revoke(true).await?;
        let mut repositories = self.ports.storage.connect().await?;
        repositories.signing_keys().delete_gone(self.ports.clock.now()).await?;
        Ok(revoked)
    }

    async fn revoke(&self, with_invites: bool) -> Result<Revoked, RevokeEverythingError> {
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
        work.audit().record(&audit::by_the_server(&self.ports, kind)).await?;
        work.commit().await?;
        tracing::warn!(
            event = kind.as_str(),
            sessions_ended = sessions,
            "everybody's sessions ended"
        );
        let key = self.rotate_keys.run(Handover::AtOnceAndAlone).await?;
        Ok(Revoked { sessions, links, invites, key })
    }
}
