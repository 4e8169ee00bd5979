//! Setting the email address of an account, for operators.

use doorward_domain::{
    MailId, UserId,
    account::{
        email::EmailAddress,
        user::{EmailChange, User},
    },
    audit::AuditKind,
    mail::{MailKind, MailSender, OutboxEntry},
    ports::{ChangeEmailError as StoreError, StorageError},
    token::one_time::OneTimePurpose,
};
use tracing::instrument;

use crate::{CommonError, Ports, account::verification, error::common_error, events::audit};

/// Replaces the email address of an account, whether it is verified or not. Performs no authorization; call only on behalf
/// of a trusted operator.
#[derive(Debug)]
pub struct SetEmail {
    ports: Ports,
}

/// Errors returned by [`SetEmail::run`].
#[derive(Debug, thiserror::Error)]
pub enum SetEmailError {
    /// The account doesn't exist.
    #[error("the account does not exist")]
    NotFound,
    /// Another account has this email address.
    #[error("another account has this email address; choose another one, or delete that account")]
    EmailTaken,
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(SetEmailError: StorageError);

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

    /// Sets the address. Returns `true` if the account had another one.
    ///
    /// Links that were sent to the former address become invalid. If that address was verified, an email to it reports the
    /// change. A verification email is queued for the new address unless `is_verified` is set.
    ///
    /// # Errors
    /// See [`SetEmailError`].
    #[instrument(level = "debug", name = "set_email", skip_all)]
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
        // The tokens first, because a reset and a verification lock these rows in this order.
        work.one_time_tokens().void(OneTimePurpose::ResetPassword, user.id, now).await?;
        let token = if is_verified {
            work.one_time_tokens().void(OneTimePurpose::VerifyEmail, user.id, now).await?;
            None
        } else {
            let whose = (user.id, email);
            verification::issue_verification(&self.ports, work.as_mut(), whose, now).await?
        };
        if !work.users().change_email(user.id, &change, now).await? {
            // The account was changed or deleted since it was read. A retry shows which.
            return Err(SetEmailError::Failure(CommonError::Busy));
        }
        let (mail, sender) = ((email, token), MailSender::recipient(email));
        verification::queue_verification(&self.ports, work.as_mut(), mail, sender, now).await?;
        if user.is_verified() {
            let notice = OutboxEntry {
                id: MailId::from_uuid(self.ports.ids.next()),
                to: user.email.clone(),
                subject: MailKind::EmailChanged,
                sender: MailSender::recipient(&user.email),
                created_at: now,
                attempts: 0,
            };
            work.outbox().enqueue(&notice).await?;
        }
        let kind = AuditKind::EmailChanged;
        work.audit().record(&audit::by_operator(&self.ports, kind, user.id)).await?;
        if is_verified {
            let verified = AuditKind::EmailVerified;
            work.audit().record(&audit::by_operator(&self.ports, verified, user.id)).await?;
        }
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %user.id, "email address set by operator");
        Ok(())
    }
}
