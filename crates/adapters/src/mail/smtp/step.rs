use std::fmt;

/// The steps of a delivery to a mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Resolve the server's name.
    Resolve,
    /// Connect to the server.
    Connect,
    /// Exchange greetings, and receive the server's capabilities.
    Greet,
    /// Encrypt the connection, and verify the server's certificate.
    Encrypt,
    /// Sign in, if a password is configured.
    SignIn,
    /// Send the sender's address (`MAIL FROM`).
    Sender,
    /// Send the recipient's address (`RCPT TO`).
    Recipient,
    /// Send the message.
    Content,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resolve => "resolving the mail server's name",
            Self::Connect => "connecting to the mail server",
            Self::Greet => "greeting the mail server",
            Self::Encrypt => "starting TLS with the mail server",
            Self::SignIn => "signing in to the mail server",
            Self::Sender => "sending the sender address (MAIL FROM)",
            Self::Recipient => "sending the recipient address (RCPT TO)",
            Self::Content => "sending the message",
        })
    }
}
