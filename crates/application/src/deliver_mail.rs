//! Getting mails out of the outbox.

mod compose;
mod outage;

use std::sync::Arc;

use doorward_domain::{
    OneTimeTokenId,
    error::chain,
    mail::{MailLane, MailSubject, OutboxEntry, OutgoingMail, retry},
    one_time_token::{IssueOneTimeToken, OneTimePurpose},
    ports::{MailError, StorageError, UnitOfWork},
    token::TokenRef,
    user::User,
};
use tracing::{Instrument, debug_span};

use self::outage::{Outage, Refusals};
use crate::{Failure, Ports, Settings, failure::fails_with, outbox::is_allowed};

/// Takes mails that are due out of the outbox and hands them to the mailer.
///
/// A mail is taken for a while only, so that a worker that dies loses none: it may send one twice,
/// with the same `Message-ID`.
#[derive(Debug)]
pub struct DeliverMail {
    ports: Ports,
    settings: Settings,
    outages: Arc<Outages>,
}

/// What the log has been told of messages that are not accepted.
#[derive(Debug, Default)]
struct Outages {
    unavailable: Outage,
    refused: Refusals,
}

/// Whether the mail server is accepting messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailServer {
    /// It accepted or refused this one.
    Available,
    /// It is unreachable: others are not to be tried for now.
    Unavailable,
}

/// The outbox could not be worked on.
#[derive(Debug, thiserror::Error)]
pub enum DeliverMailError {
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(DeliverMailError: StorageError);

impl DeliverMail {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone(), outages: Arc::default() }
    }

    /// Delivers one batch of each lane, one message after the other. Returns the number of messages that were taken. One
    /// that fails holds up none of the others.
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
                        outcome = outcome.and(self.give_back(due).await);
                        break;
                    }
                    Err(error) => outcome = outcome.and(Err(error)),
                }
            }
        }
        outcome.map(|()| count)
    }

    /// Takes up to `limit` messages of a lane that are due, for as long as [`retry::LEASE`]. Each is to be
    /// [handled](Self::handle) at once.
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
        Ok(repositories.outbox().claim(lane, limit, now, now + retry::LEASE).await?)
    }

    /// Delivers a message that was taken, or decides when to try again.
    ///
    /// # Errors
    /// See [`DeliverMailError`]. The message is due again when its lease ends.
    pub async fn handle(&self, entry: OutboxEntry) -> Result<MailServer, DeliverMailError> {
        let id = entry.id;
        // A trace of its own: no request waits for it.
        let span = debug_span!("mail", otel.kind = "producer", mail_id = %id, subject = entry.subject.as_str());
        let outcome = self.deliver(entry).instrument(span).await;
        if let Err(error) = &outcome {
            tracing::warn!(mail_id = %id, error = %chain(error), "mail not dealt with");
        }
        Ok(outcome?)
    }

    /// Messages that were taken and not tried wait, and no try counts.
    async fn give_back(
        &self,
        mails: impl Iterator<Item = OutboxEntry> + Send,
    ) -> Result<(), DeliverMailError> {
        let at = self.ports.clock.now() + retry::AWAY;
        let mut repositories = self.ports.storage.connect().await?;
        for mail in mails {
            repositories.outbox().put_back(mail.id, at, "the mail server is unavailable").await?;
        }
        Ok(())
    }

    async fn deliver(&self, entry: OutboxEntry) -> Result<MailServer, StorageError> {
        if entry.attempts > retry::MAX_ATTEMPTS {
            // It never came as far as the mailer: something about it breaks us each time.
            self.park(&entry, "given up before it was sent").await?;
            return Ok(MailServer::Available);
        }
        let entry = match entry.subject {
            MailSubject::VerificationRequested => {
                self.resolve(entry, OneTimePurpose::VerifyEmail).await?
            }
            MailSubject::ResetRequested => {
                self.resolve(entry, OneTimePurpose::ResetPassword).await?
            }
            MailSubject::VerifyEmail(_)
            | MailSubject::ResetPassword(_)
            | MailSubject::Invite(_)
            | MailSubject::PasswordChanged
            | MailSubject::SuspiciousSignIn(_)
            | MailSubject::AddressTaken
            | MailSubject::EmailChanged => Some(entry),
        };
        let Some(entry) = entry else { return Ok(MailServer::Available) };
        match self.compose(&entry).await? {
            Some(mail) => self.send(&entry, &mail).await,
            None => {
                self.discard(&entry, "no longer of use").await?;
                Ok(MailServer::Available)
            }
        }
    }

    /// Looks up what the request did not: whether there is an account to write to. If so, the
    /// request becomes the mail in the same transaction that issues its token.
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
            tracing::info!(mail_id = %entry.id, subject = entry.subject.as_str(), "no mail is due: no such account, none wanted, or one went out a moment ago");
            return Ok(None);
        };
        let subject = match purpose {
            OneTimePurpose::VerifyEmail => MailSubject::VerifyEmail(token),
            OneTimePurpose::ResetPassword => MailSubject::ResetPassword(token),
        };
        // To the address of the account, which may differ in case from the one that was asked for.
        work.outbox().resolve(entry.id, &user.email, subject).await?;
        work.commit().await?;
        Ok(Some(OutboxEntry { to: user.email, subject, ..entry }))
    }

    /// Returns the token, unless the address was sent enough verification emails. Resets are limited by their tokens
    /// only: no one but the account's own owner is kept from a reset by them.
    async fn within_allowance(
        &self,
        work: &mut dyn UnitOfWork,
        issue: &IssueOneTimeToken,
        token: Option<TokenRef>,
    ) -> Result<Option<TokenRef>, StorageError> {
        let Some(token) = token.filter(|_| issue.purpose == OneTimePurpose::VerifyEmail) else {
            return Ok(token);
        };
        let kind = MailSubject::VerifyEmail(token);
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
            .instrument(debug_span!("send mail", otel.kind = "client"))
            .await;
        let now = self.ports.clock.now();
        let subject = entry.subject.as_str();
        let mut repositories = self.ports.storage.connect().await?;
        let outbox = repositories.outbox();
        match outcome {
            Ok(()) => {
                outbox.mark_sent(entry.id, now).await?;
                tracing::info!(mail_id = %entry.id, subject, "mail sent");
                if self.outages.unavailable.ends() {
                    tracing::info!("the mail server accepts messages again");
                }
                if self.outages.refused.ends(&entry.to, now) {
                    tracing::info!("the mail server accepts this server's messages again");
                }
            }
            Err(MailError::Unavailable(error)) => {
                let why = chain(&*error);
                // It is not the message's fault: the try does not count.
                outbox.put_back(entry.id, now + retry::AWAY, &why).await?;
                self.report_unavailable(&why);
                return Ok(MailServer::Unavailable);
            }
            Err(MailError::SenderRefused(error)) if retry::may_wait(entry.created_at, now) => {
                let why = chain(&*error);
                let at = now + retry::wait(entry.created_at, now);
                outbox.put_back(entry.id, at, &why).await?;
                // It may be for this message's sake after all: the others are tried.
                self.report_refused(entry, &why);
            }
            Err(MailError::Transient(error)) if entry.attempts < retry::MAX_ATTEMPTS => {
                let at = retry::next(entry.attempts, now, self.jitter());
                outbox.retry(entry.id, at, &chain(&*error)).await?;
                tracing::warn!(mail_id = %entry.id, subject, error = %chain(&*error), attempts = entry.attempts, "mail not sent, to be tried again");
            }
            Err(
                MailError::Transient(error)
                | MailError::Permanent(error)
                | MailError::SenderRefused(error),
            ) => {
                outbox.park(entry.id, now, &chain(&*error)).await?;
                tracing::error!(mail_id = %entry.id, subject, error = %chain(&*error), attempts = entry.attempts, "mail not sent, given up");
            }
        }
        Ok(MailServer::Available)
    }

    fn report_unavailable(&self, why: &str) {
        if self.outages.unavailable.is_news(why, self.ports.clock.now()) {
            tracing::warn!(error = why, "mails can't be sent for now, and wait");
        }
    }

    fn report_refused(&self, OutboxEntry { id, to, .. }: &OutboxEntry, why: &str) {
        if self.outages.refused.is_news(to, why, self.ports.clock.now()) {
            tracing::warn!(error = why, mail_id = %id, "the mail server refuses this server's messages, which wait");
        }
    }

    async fn discard(&self, entry: &OutboxEntry, why: &'static str) -> Result<(), StorageError> {
        self.ports.storage.connect().await?.outbox().discard(entry).await?;
        tracing::info!(mail_id = %entry.id, subject = entry.subject.as_str(), why, "mail dropped");
        Ok(())
    }

    async fn park(&self, entry: &OutboxEntry, why: &str) -> Result<(), StorageError> {
        let now = self.ports.clock.now();
        self.ports.storage.connect().await?.outbox().park(entry.id, now, why).await?;
        tracing::error!(mail_id = %entry.id, subject = entry.subject.as_str(), why, "mail given up");
        Ok(())
    }

    fn jitter(&self) -> f64 {
        let mut octet = [0];
        self.ports.randomness.fill(&mut octet);
        f64::from(octet[0]) / 255.0
    }
}

fn wants(user: &User, purpose: OneTimePurpose) -> bool {
    user.is_active()
        && match purpose {
            OneTimePurpose::VerifyEmail => !user.is_verified(),
            OneTimePurpose::ResetPassword => true,
        }
}
