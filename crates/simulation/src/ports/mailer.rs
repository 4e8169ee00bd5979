use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use doorward_domain::{
    MailId,
    account::email::EmailAddress,
    mail::OutgoingMail,
    ports::{MailError, Mailer},
};
use time::Duration;
use tokio::task::yield_now;

use crate::{
    clock::VirtualClock,
    faults::Faults,
    journal::{Invariant, Journal},
    ledger::Ledger,
    rng::Chance,
};

/// How long to wait for a mail server that hangs.
const PATIENCE: Duration = Duration::seconds(10);

/// A message that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The ID of the message.
    pub id: MailId,
    /// The recipient.
    pub to: EmailAddress,
    /// The token in its link.
    pub token: Option<String>,
}

/// A mail server on which all users read their messages, and that fails at times.
pub struct Mailbox {
    mails: Mutex<Vec<Delivered>>,
    clock: VirtualClock,
    chance: Arc<Chance>,
    faults: Arc<Faults>,
    journal: Arc<Journal>,
    ledger: Arc<Ledger>,
}

impl Mailbox {
    /// Creates an empty mailbox.
    pub fn new(
        clock: VirtualClock,
        chance: Arc<Chance>,
        faults: Arc<Faults>,
        journal: Arc<Journal>,
        ledger: Arc<Ledger>,
    ) -> Self {
        Self { mails: Mutex::default(), clock, chance, faults, journal, ledger }
    }

    fn delivered(&self) -> MutexGuard<'_, Vec<Delivered>> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the tokens with a prefix in the messages to these addresses, the latest first.
    pub fn tokens(&self, to: &[EmailAddress], prefix: &str) -> Vec<String> {
        let mails = self.delivered();
        let tokens = mails.iter().rev().filter(|mail| to.contains(&mail.to));
        let tokens = tokens.filter_map(|mail| mail.token.clone());
        tokens.filter(|token| token.starts_with(prefix)).collect()
    }

    /// Returns all messages in the order in which they were accepted.
    pub fn all(&self) -> Vec<Delivered> {
        self.delivered().clone()
    }

    fn take(&self, mail: &OutgoingMail) {
        self.journal.note(format_args!("    message {} is accepted", mail.id));
        let excused = self.ledger.delivers(mail.id, self.faults.count());
        self.journal.check(excused, Invariant::MailGoesOut, || {
            format!("message {} was sent more often than faults explain", mail.id)
        });
        let link = mail.content.link().map(|link| link.expose().to_owned());
        let token = link.and_then(|link| Some(link.split_once("token=")?.1.to_owned()));
        self.delivered().push(Delivered { id: mail.id, to: mail.to.clone(), token });
    }
}

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        yield_now().await;
        if !self.faults.strikes(|rates| rates.mail_fails) {
            self.take(mail);
            yield_now().await;
            return Ok(());
        }
        match self.chance.below(10) {
            0..=1 => Err(MailError::Unavailable("connection refused".into())),
            2 => Err(MailError::SenderRefused("554 5.7.1 relay access denied".into())),
            3..=5 => Err(MailError::Transient("450 try later".into())),
            6..=7 => {
                self.clock.sleep(PATIENCE).await;
                Err(MailError::Transient("the mail server hangs".into()))
            }
            8 => {
                self.take(mail);
                self.clock.sleep(PATIENCE).await;
                Err(MailError::Transient("the connection broke after the data".into()))
            }
            _ => {
                self.ledger.refuses(mail.id);
                Err(MailError::Permanent("550 no such mailbox".into()))
            }
        }
    }
}
