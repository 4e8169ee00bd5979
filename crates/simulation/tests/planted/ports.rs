use std::sync::Arc;

use async_trait::async_trait;
use doorward_domain::{
    credential::password::{Password, PasswordHash},
    mail::OutgoingMail,
    ports::{
        HashError, MailError, Mailer, PasswordHasher, Priority, UnusableHash, Verification,
        VerifyTarget,
    },
};
use doorward_simulation::ports::{Mailbox, PlainHasher};

/// Accepts every password.
pub(crate) struct TrustingHasher(pub(crate) PlainHasher);

#[async_trait]
impl PasswordHasher for TrustingHasher {
    fn is_saturated(&self, priority: Priority) -> bool {
        self.0.is_saturated(priority)
    }

    async fn hash(
        &self,
        password: Password,
        priority: Priority,
    ) -> Result<PasswordHash, HashError> {
        self.0.hash(password, priority).await
    }

    async fn verify(
        &self,
        password: Password,
        against: VerifyTarget,
        priority: Priority,
    ) -> Result<Verification, HashError> {
        self.0.verify(password, against, priority).await.map(|_| Verification::Match)
    }

    fn validate_hash(&self, hash: &PasswordHash) -> Result<(), UnusableHash> {
        self.0.validate_hash(hash)
    }

    fn calibrate_decoys(&self, sample: &[PasswordHash]) {
        self.0.calibrate_decoys(sample);
    }
}

/// Reports messages as sent without sending them.
pub(crate) struct ForgetfulMailer;

#[async_trait]
impl Mailer for ForgetfulMailer {
    async fn send(&self, _mail: &OutgoingMail) -> Result<(), MailError> {
        Ok(())
    }
}

/// Sends every message twice.
pub(crate) struct InsistentMailer(pub(crate) Arc<Mailbox>);

#[async_trait]
impl Mailer for InsistentMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        self.0.send(mail).await?;
        self.0.send(mail).await
    }
}
