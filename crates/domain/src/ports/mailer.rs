use async_trait::async_trait;

use crate::mail::OutgoingMail;

/// Hands mails over to whoever delivers them.
///
/// An implementation MUST answer `Ok` only once the mail is in other hands for good, and MUST give
/// a mail the same `Message-ID` each time it is sent. It SHOULD give up within ten seconds: a worker
/// has a handful of mails for a minute.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one mail.
    ///
    /// # Errors
    /// It was not taken.
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError>;
}

/// A mail was not taken.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Nobody takes any mail at the moment, which says nothing of this one.
    #[error("mails are not taken for now")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The mail server refused the sender, the connection, or a policy about them, as it may do for every
    /// message. It says little or nothing about this one, which MUST NOT be lost for it.
    #[error("the mail server refuses this server's messages for now")]
    SenderRefused(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It may be taken later.
    #[error("the mail was not taken for now")]
    Transient(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It will never be taken.
    #[error("the mail was refused for good")]
    Permanent(#[source] Box<dyn std::error::Error + Send + Sync>),
}
