//! Getting mails out of the outbox.

mod compose;
mod outage;

use std::{iter::once, sync::Arc};

use doorward_domain::{
    MailId, OneTimeTokenId,
    error::chain,
    mail::{MailSubject, OutboxEntry, OutgoingMail, retry},
    one_time_token::{IssueOneTimeToken, OneTimePurpose},
    ports::{MailError, StorageError},
    user::User,
};
use tracing::{Instrument, debug_span};

use self::outage::{Outage, Refusals};
use crate::{Failure, Ports, Settings, failure::fails_with};

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

/// Whether there is any sense in going on.
enum Mailer {
    Works,
    /// For this reason.
    IsAway(String),
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

    /// Takes one batch of due mails, and says how many it were. One that fails holds up none of
    /// the others.
    ///
    /// # Errors
    /// See [`DeliverMailError`].
    pub async fn run(&self) -> Result<usize, DeliverMailError> {
        let now = self.ports.clock.now();
        let mut repositories = self.ports.storage.connect().await?;
        let due = repositories.outbox().claim(retry::BATCH, now, now + retry::LEASE).await?;
        drop(repositories);
        let count = due.len();
        let mut outcome = Ok(count);
        let mut due = due.into_iter();
        while let Some(entry) = due.next() {
            let id = entry.id;
            // A trace of its own: nobody's request waits for it.
            let span = debug_span!("mail", otel.kind = "producer", mail_id = %id, subject = entry.subject.as_str());
            match self.deliver(entry).instrument(span).await {
                Ok(Mailer::Works) => {}
                Ok(Mailer::IsAway(why)) => {
                    self.report_unavailable(&why);
                    let waiting: Vec<_> = once(id).chain(due.map(|entry| entry.id)).collect();
                    outcome = outcome.and(self.put_back(&waiting, &why).await.map(|()| count));
                    break;
                }
                Err(error) => {
                    tracing::warn!(mail_id = %id, error = %chain(&error), "mail not dealt with");
                    outcome = outcome.and(Err(error));
                }
            }
        }
        Ok(outcome?)
    }

    async fn deliver(&self, entry: OutboxEntry) -> Result<Mailer, StorageError> {
        if entry.attempts > retry::MAX_ATTEMPTS {
            // It never came as far as the mailer: something about it breaks us each time.
            self.park(&entry, "given up before it was sent").await?;
            return Ok(Mailer::Works);
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
        let Some(entry) = entry else { return Ok(Mailer::Works) };
        match self.compose(&entry).await? {
            Some(mail) => self.send(&entry, &mail).await,
            None => {
                self.discard(&entry, "no longer of use").await?;
                Ok(Mailer::Works)
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
                work.one_time_tokens().issue(&issue).await?
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

    async fn send(&self, entry: &OutboxEntry, mail: &OutgoingMail) -> Result<Mailer, StorageError> {
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
            Err(MailError::Unavailable(error)) => return Ok(Mailer::IsAway(chain(&*error))),
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
        Ok(Mailer::Works)
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

    /// These wait, and no try counts.
    async fn put_back(&self, mails: &[MailId], why: &str) -> Result<(), StorageError> {
        let at = self.ports.clock.now() + retry::AWAY;
        let mut repositories = self.ports.storage.connect().await?;
        for id in mails {
            repositories.outbox().put_back(*id, at, why).await?;
        }
        Ok(())
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
