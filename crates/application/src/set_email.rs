//! Setting the email address of an account, for operators.

use doorward_domain::{
    MailId, UserId,
    audit::AuditKind,
    email::EmailAddress,
    mail::{MailSender, MailSubject, OutboxEntry},
    one_time_token::OneTimePurpose,
    ports::{ChangeEmailError as StoreError, StorageError},
    user::{EmailChange, User},
};
use tracing::instrument;

use crate::{Failure, Ports, address, audit, failure::fails_with};

/// Replaces the address of an account, verified or not. Performs no authorization; call only on behalf of a trusted
/// operator.
#[derive(Debug)]
pub struct SetEmail {
    ports: Ports,
}

/// Errors returned by [`SetEmail::run`].
#[derive(Debug, thiserror::Error)]
pub enum SetEmailError {
    /// The account doesn't exist.
    #[error("there is no such account")]
    NotFound,
    /// Another account has the address.
    #[error("another account has this email address; choose another one, or delete that account")]
    EmailTaken,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(SetEmailError: StorageError);

impl From<StoreError> for SetEmailError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken => Self::EmailTaken,
            StoreError::Storage(error) => error.into(),
        }
    }
}

impl SetEmail {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case. Returns `true` if the account had another address.
    ///
    /// Links that were mailed to the former address are invalid afterwards; if it was verified, an email to it
    /// tells of the change. Unless the new address counts as verified, a verification email goes to it.
    ///
    /// # Errors
    /// See [`SetEmailError`].
    #[instrument(level = "debug", name = "set email", skip_all)]
    pub async fn run(
        &self,
        id: UserId,
        email: &EmailAddress,
        is_verified: bool,
    ) -> Result<bool, SetEmailError> {
        let mut repositories = self.ports.storage.connect().await?;
        let user = repositories.users().find(id).await?.ok_or(SetEmailError::NotFound)?;
        drop(repositories);
        if user.email == *email {
            return Ok(false);
        }
        self.store(&user, email, is_verified).await?;
        Ok(true)
    }

    async fn store(
        &self,
        user: &User,
        email: &EmailAddress,
        is_verified: bool,
    ) -> Result<(), SetEmailError> {
        let now = self.ports.clock.now();
        let change = EmailChange {
            from: user.email.clone(),
            to: email.clone(),
            unverified_only: false,
            verified_at: is_verified.then_some(now),
        };
        let mut work = self.ports.storage.begin().await?;
        // The tokens first, as a reset and a verification take these rows in this order.
        work.one_time_tokens().void(OneTimePurpose::ResetPassword, user.id, now).await?;
        let token = if is_verified {
            work.one_time_tokens().void(OneTimePurpose::VerifyEmail, user.id, now).await?;
            None
        } else {
            let whose = (user.id, email);
            address::issue_verification(&self.ports, work.as_mut(), whose, now).await?
        };
        if !work.users().change_email(user.id, &change, now).await? {
            // Changed or deleted since it was read: another try finds out.
            return Err(SetEmailError::Failure(Failure::Busy));
        }
        let (mail, sender) = ((email, token), MailSender::recipient(email));
        address::queue_verification(&self.ports, work.as_mut(), mail, sender, now).await?;
        if user.is_verified() {
            let notice = OutboxEntry {
                id: MailId::from_uuid(self.ports.ids.next()),
                to: user.email.clone(),
                subject: MailSubject::EmailChanged,
                sender: MailSender::recipient(&user.email),
                created_at: now,
                attempts: 0,
            };
            work.outbox().enqueue(&notice).await?;
        }
        let kind = AuditKind::EmailChanged;
        work.audit().record(&audit::by_an_operator(&self.ports, kind, user.id)).await?;
        if is_verified {
            let verified = AuditKind::EmailVerified;
            work.audit().record(&audit::by_an_operator(&self.ports, verified, user.id)).await?;
        }
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %user.id, "email address set by operator");
        Ok(())
    }
}
