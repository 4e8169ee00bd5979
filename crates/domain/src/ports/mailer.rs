use async_trait::async_trait;

use crate::mail::OutgoingMail;

/// Sends messages, usually by handing them to the mail server.
///
/// An implementation MUST return `Ok` only once the recipient system has accepted responsibility for the
/// message. It MUST send a message with the same `Message-ID` each time. It SHOULD give up within ten
/// seconds, because a worker has one minute for a batch of messages.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends a message.
    ///
    /// # Errors
    /// Returns [`MailError`] if the message wasn't accepted.
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError>;
}

/// Errors returned by [`Mailer::send`].
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// No message can be sent at present, for example because the mail server is unreachable. The failure is
    /// unrelated to this message.
    #[error("the mail server is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The mail server rejected the sender or the connection, possibly by a policy about them, as it may for
    /// every message. The rejection says little or nothing about this message, which MUST NOT be lost because
    /// of it.
    #[error("the mail server rejects messages from this server for now")]
    SenderRefused(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The message wasn't accepted, but may be accepted later.
    #[error("the message was not accepted for now")]
    Transient(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The message will never be accepted.
    #[error("the message was permanently rejected")]
    Permanent(#[source] Box<dyn std::error::Error + Send + Sync>),
}
