//! Delivering the messages of the outbox.

mod compose;
mod outage;

use std::sync::Arc;

use doorward_domain::{
    OneTimeTokenId,
    account::user::User,
    error::chain,
    mail::{MailKind, MailLane, OutboxEntry, OutgoingMail, retry},
    ports::{MailError, StorageError, UnitOfWork},
    token::{
        TokenRef,
        one_time::{IssueOneTimeToken, OneTimePurpose},
    },
};
use tracing::{Instrument, debug_span};

use self::outage::{Outage, Refusals};
use crate::{CommonError, Ports, Settings, error::common_error, mail::enqueue::is_allowed};

/// Leases due messages from the outbox and passes them to the mailer. Performs no authorization.
///
/// A lease expires, so that no message is lost if a worker crashes. A message may be sent twice, with the same
/// `Message-ID`.
#[derive(Debug)]
pub struct DeliverMail {
    ports: Ports,
    settings: Settings,
    outages: Arc<Outages>,
}

/// Which reasons for undelivered messages were logged already.
#[derive(Debug, Default)]
struct Outages {
    unavailable: Outage,
    refused: Refusals,
}

/// Whether the mail server is accepting messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailServer {
    /// It accepted or rejected this message.
    Available,
    /// It is unreachable. Don't try other messages for now.
    Unavailable,
}

/// Errors returned by [`DeliverMail::run`], [`DeliverMail::take`], and [`DeliverMail::handle`].
#[derive(Debug, thiserror::Error)]
pub enum DeliverMailError {
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(DeliverMailError: StorageError);

impl DeliverMail {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone(), outages: Arc::default() }
    }

    /// Delivers one batch of each lane, one message after the other. Returns the number of messages that were leased. A
    /// message that fails doesn't delay the others.
    ///
    /// # Errors
    /// See [`DeliverMailError`].
    pub async fn run(&self) -> Result<usize, DeliverMailError> {
        let mut count = 0;
        let mut outcome = Ok(());
        for lane in MailLane::ALL {
            let mut due = self.take(lane, retry::BATCH).await?.into_iter();
            count += due.len();
            while let Some(entry) = due.next() {
                match self.handle(entry).await {
                    Ok(MailServer::Available) => {}
                    Ok(MailServer::Unavailable) => {
                        outcome = outcome.and(self.release(due).await);
                        break;
                    }
                    Err(error) => outcome = outcome.and(Err(error)),
                }
            }
        }
        outcome.map(|()| count)
    }

    /// Leases up to `limit` due messages of a lane for [`retry::LEASE`]. Pass each of them to [`handle`](Self::handle)
    /// immediately.
    ///
    /// # Errors
    /// See [`DeliverMailError`].
    pub async fn take(
        &self,
        lane: MailLane,
        limit: u32,
    ) -> Result<Vec<OutboxEntry>, DeliverMailError> {
        let now = self.ports.clock.now();
        let mut repositories = self.ports.storage.connect().await?;
        Ok(repositories.outbox().lease(lane, limit, now, now + retry::LEASE).await?)
    }

    /// Delivers a leased message, or schedules the next attempt.
    ///
    /// # Errors
    /// See [`DeliverMailError`]. The message is due again when its lease expires.
    pub async fn handle(&self, entry: OutboxEntry) -> Result<MailServer, DeliverMailError> {
        let id = entry.id;
        // A separate trace, because no request waits for it.
        let span = debug_span!("outbox.deliver", otel.kind = "producer", mail_id = %id, subject = entry.subject.as_str());
        let outcome = self.deliver(entry).instrument(span).await;
        if let Err(error) = &outcome {
            tracing::warn!(mail_id = %id, error = %chain(error), "message not processed; due again when its lease expires");
        }
        Ok(outcome?)
    }

    /// Releases messages that were leased and not tried. The lease doesn't count as an attempt.
    async fn release(
        &self,
        mails: impl Iterator<Item = OutboxEntry> + Send,
    ) -> Result<(), DeliverMailError> {
        let at = self.ports.clock.now() + retry::AWAY;
        let mut repositories = self.ports.storage.connect().await?;
        for mail in mails {
            repositories.outbox().release(mail.id, at, "the mail server is unavailable").await?;
        }
        Ok(())
    }

    async fn deliver(&self, entry: OutboxEntry) -> Result<MailServer, StorageError> {
        if entry.attempts > retry::MAX_ATTEMPTS {
            // Each attempt failed before the mailer was called, so something about the message causes a fault here.
            self.park(&entry, "all attempts failed before the message was sent").await?;
            return Ok(MailServer::Available);
        }
        let entry = match entry.subject {
            MailKind::VerificationRequested => {
                self.resolve(entry, OneTimePurpose::VerifyEmail).await?
            }
            MailKind::ResetRequested => self.resolve(entry, OneTimePurpose::ResetPassword).await?,
            MailKind::VerifyEmail(_)
            | MailKind::ResetPassword(_)
            | MailKind::Invite(_)
            | MailKind::PasswordChanged
            | MailKind::SuspiciousSignIn(_)
            | MailKind::AddressTaken
            | MailKind::EmailChanged => Some(entry),
        };
        let Some(entry) = entry else { return Ok(MailServer::Available) };
        match self.compose(&entry).await? {
            Some(mail) => self.send(&entry, &mail).await,
            None => {
                self.discard(&entry, "no longer applicable").await?;
                Ok(MailServer::Available)
            }
        }
    }

    /// Looks up the account that a request names only by its email address. If it exists, the request becomes the message
    /// in the transaction that issues its token.
    async fn resolve(
        &self,
        entry: OutboxEntry,
        purpose: OneTimePurpose,
    ) -> Result<Option<OutboxEntry>, StorageError> {
        let mut work = self.ports.storage.begin().await?;
        let user = work.users().find_by_email(&entry.to).await?.filter(|user| wants(user, purpose));
        let issued = match &user {
            Some(user) => {
                let issue = IssueOneTimeToken {
                    id: OneTimeTokenId::from_uuid(self.ports.ids.next()),
                    user_id: user.id,
                    purpose,
                    email: user.email.clone(),
                    now: self.ports.clock.now(),
                };
                let token = work.one_time_tokens().issue(&issue).await?;
                self.within_allowance(work.as_mut(), &issue, token).await?
            }
            None => None,
        };
        let (Some(user), Some(token)) = (user, issued) else {
            work.outbox().discard(&entry).await?;
            work.commit().await?;
            tracing::info!(mail_id = %entry.id, subject = entry.subject.as_str(), "email request dropped: unknown account, not applicable, or sent recently");
            return Ok(None);
        };
        let subject = match purpose {
            OneTimePurpose::VerifyEmail => MailKind::VerifyEmail(token),
            OneTimePurpose::ResetPassword => MailKind::ResetPassword(token),
        };
        // Sent to the account's spelling of the address, which may differ in case from the requested one.
        work.outbox().materialize(entry.id, &user.email, subject).await?;
        work.commit().await?;
        Ok(Some(OutboxEntry { to: user.email, subject, ..entry }))
    }

    /// Returns the token, unless the address has reached its limit of verification emails. Reset emails are limited only per
    /// account, when the token is issued, so requests for other accounts can't block a reset.
    async fn within_allowance(
        &self,
        work: &mut dyn UnitOfWork,
        issue: &IssueOneTimeToken,
        token: Option<TokenRef>,
    ) -> Result<Option<TokenRef>, StorageError> {
        let Some(token) = token.filter(|_| issue.purpose == OneTimePurpose::VerifyEmail) else {
            return Ok(token);
        };
        let kind = MailKind::VerifyEmail(token);
        Ok(is_allowed(work, &issue.email, kind, issue.now).await?.then_some(token))
    }

    async fn send(
        &self,
        entry: &OutboxEntry,
        mail: &OutgoingMail,
    ) -> Result<MailServer, StorageError> {
        let outcome = self
            .ports
            .mailer
            .send(mail)
            .instrument(debug_span!("mail.send", otel.kind = "client"))
            .await;
        let now = self.ports.clock.now();
        let subject = entry.subject.as_str();
        let mut repositories = self.ports.storage.connect().await?;
        let outbox = repositories.outbox();
        match outcome {
            Ok(()) => {
                outbox.mark_sent(entry.id, now).await?;
                tracing::info!(mail_id = %entry.id, subject, "email sent");
                if self.outages.unavailable.ends() {
                    tracing::info!("mail server available again");
                }
                if self.outages.refused.ends(&entry.to, now) {
                    tracing::info!("mail server accepts messages from this server again");
                }
            }
            Err(MailError::Unavailable(error)) => {
                let why = chain(&*error);
                // The message is not the cause, so the attempt doesn't count.
                outbox.release(entry.id, now + retry::AWAY, &why).await?;
                self.report_unavailable(&why);
                return Ok(MailServer::Unavailable);
            }
            Err(MailError::SenderRefused(error)) if retry::may_wait(entry.created_at, now) => {
                let why = chain(&*error);
                let at = now + retry::wait(entry.created_at, now);
                outbox.release(entry.id, at, &why).await?;
                // The cause may be this message after all, so the others are tried.
                self.report_refused(entry, &why);
            }
            Err(MailError::Transient(error)) if entry.attempts < retry::MAX_ATTEMPTS => {
                let at = retry::next(entry.attempts, now, self.jitter());
                outbox.retry(entry.id, at, &chain(&*error)).await?;
                tracing::warn!(mail_id = %entry.id, subject, error = %chain(&*error), attempts = entry.attempts, "email not sent; will be retried");
            }
            Err(
                MailError::Transient(error)
                | MailError::Permanent(error)
                | MailError::SenderRefused(error),
            ) => {
                outbox.mark_failed(entry.id, now, &chain(&*error)).await?;
                tracing::error!(mail_id = %entry.id, subject, error = %chain(&*error), attempts = entry.attempts, "email not sent; marked as failed");
            }
        }
        Ok(MailServer::Available)
    }

    fn report_unavailable(&self, why: &str) {
        if self.outages.unavailable.is_news(why, self.ports.clock.now()) {
            tracing::warn!(error = why, "mail server unavailable; messages stay queued");
        }
    }

    fn report_refused(&self, OutboxEntry { id, to, .. }: &OutboxEntry, why: &str) {
        if self.outages.refused.is_news(to, why, self.ports.clock.now()) {
            tracing::warn!(error = why, mail_id = %id, "mail server rejects messages from this server; they stay queued");
        }
    }

    async fn discard(&self, entry: &OutboxEntry, why: &'static str) -> Result<(), StorageError> {
        self.ports.storage.connect().await?.outbox().discard(entry).await?;
        tracing::info!(mail_id = %entry.id, subject = entry.subject.as_str(), why, "message dropped");
        Ok(())
    }

    async fn park(&self, entry: &OutboxEntry, why: &str) -> Result<(), StorageError> {
        let now = self.ports.clock.now();
        self.ports.storage.connect().await?.outbox().mark_failed(entry.id, now, why).await?;
        tracing::error!(mail_id = %entry.id, subject = entry.subject.as_str(), why, "message marked as failed");
        Ok(())
    }

    fn jitter(&self) -> f64 {
        let mut byte = [0];
        self.ports.randomness.fill(&mut byte);
        f64::from(byte[0]) / 255.0
    }
}

fn wants(user: &User, purpose: OneTimePurpose) -> bool {
    user.is_active()
        && match purpose {
            OneTimePurpose::VerifyEmail => !user.is_verified(),
            OneTimePurpose::ResetPassword => true,
        }
}
