use std::{io, time::Duration};

use doorward_domain::ports::MailError;
use lettre::transport::smtp;

use super::{
    blame::{Blame, advice, blame},
    step::Step,
};

/// The current step of a conversation, readable after it was canceled.
#[derive(Debug, Default)]
pub(super) struct Progress(Vec<Step>);

impl Progress {
    /// Enters a step. The greetings after TLS belong to [`Step::Encrypt`].
    pub(super) fn at(&mut self, step: Step) {
        if !self.0.contains(&step) {
            self.0.push(step);
        }
    }

    pub(super) fn last(&self) -> Step {
        self.0.last().copied().unwrap_or(Step::Resolve)
    }

    pub(super) fn into_steps(self) -> Vec<Step> {
        self.0
    }
}

/// The cause of a failure.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Lettre(#[from] smtp::Error),
    #[error("{code} {words}")]
    Refused { code: u16, words: String },
    #[error("no response within {} s", .0.as_secs_f32())]
    Late(Duration),
    #[error("the name has no IP address")]
    NoAddress,
    #[error("the server closed the connection")]
    HungUp,
    #[error("the response is not SMTP")]
    NoSmtp,
    #[error("the host in mail.url can't be in a certificate")]
    NoCertificateName,
    #[error(
        "the server offers no STARTTLS, and nothing is sent without TLS: use smtps://, or add \
         ?starttls=never after the host if the whole network path is trusted"
    )]
    NoTls,
    #[error(
        "the server offers no STARTTLS, and the password is not sent without TLS unless \
         ?starttls=never follows the host"
    )]
    ClearPassword,
    #[error("unsolicited data before TLS (possible command injection)")]
    SaidTooMuch,
    #[error(
        "the server does not support addresses with non-ASCII characters before the @ (SMTPUTF8)"
    )]
    NoSmtpUtf8,
    /// The server rejected the sender together with a parameter that this message needs.
    #[error(transparent)]
    Parameter(smtp::Error),
}

/// A conversation with a mail server failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{step}: {words}{}", advice.map(|advice| format!(" ({advice})")).unwrap_or_default())]
pub struct SmtpError {
    /// The step that failed.
    pub step: Step,
    /// The code of the server's response (RFC 5321, section 4.2), if there was one.
    pub code: Option<u16>,
    /// The text of the server's response, or else this server's own message: one line, without secrets.
    pub words: String,
    /// What the operator can do, if the failure is not about the message.
    pub advice: Option<&'static str>,
    /// What the failure is about.
    blame: Blame,
    /// Whether the message can't be delivered to this server, whatever it responds.
    hopeless: bool,
}

/// The maximum length of a response's text.
const MAX_WORDS: usize = 300;

impl SmtpError {
    /// Creates the error. `secrets` are removed from the server's response, which may repeat them.
    pub(super) fn new(step: Step, trouble: &Trouble, secrets: &[String]) -> Self {
        let (code, words) = match trouble {
            Trouble::Refused { code, .. } => (Some(*code), trouble.to_string()),
            Trouble::Lettre(error) | Trouble::Parameter(error) => {
                (error.status().map(u16::from), said(error))
            }
            other => (None, other.to_string()),
        };
        let words = clean(&words, secrets);
        let blame = match trouble {
            Trouble::NoSmtpUtf8 => Blame::Message,
            // Treated as a response to the recipient: another message may not need the parameter.
            Trouble::Parameter(_) => blame(Step::Recipient, code, &words),
            _ => blame(step, code, &words),
        };
        let advice = match blame {
            Blame::Message => None,
            Blame::Connection | Blame::Sender => advice(step, code, &words),
        };
        Self { step, code, words, advice, blame, hopeless: matches!(trouble, Trouble::NoSmtpUtf8) }
    }

    /// Returns `true` if the rejection is about this message, and not about the sender or the connection.
    pub(super) fn is_about_message(&self) -> bool {
        self.blame == Blame::Message
    }
}

/// Returns the text of the server's response if there is one, or else lettre's.
fn said(error: &smtp::Error) -> String {
    use std::error::Error;
    match (error.status(), error.source()) {
        (Some(code), Some(words)) => format!("{code} {words}"),
        (Some(code), None) => code.to_string(),
        (None, Some(source)) if error.is_response() || error.is_client() => source.to_string(),
        (None, _) => error.to_string(),
    }
}

/// Replaces characters that would break a log line, and secrets in upper or lower case.
fn clean(words: &str, secrets: &[String]) -> String {
    let mut words: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        while let Some(at) = words.to_ascii_lowercase().find(&secret.to_ascii_lowercase()) {
            words.replace_range(at..at + secret.len(), "…");
        }
    }
    words.chars().take(MAX_WORDS).collect()
}

impl From<SmtpError> for MailError {
    fn from(error: SmtpError) -> Self {
        match error.blame {
            Blame::Connection => Self::Unavailable(Box::new(error)),
            Blame::Sender => Self::SenderRefused(Box::new(error)),
            Blame::Message if error.hopeless || error.code.is_some_and(|code| code >= 500) => {
                Self::Permanent(Box::new(error))
            }
            Blame::Message => Self::Transient(Box::new(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(step: Step, code: u16) -> MailError {
        let trouble = Trouble::Refused { code, words: "no".to_owned() };
        SmtpError::new(step, &trouble, &[]).into()
    }

    #[test]
    fn connection_or_sender_rejection_delays_every_message() {
        for (step, code) in [
            (Step::Greet, 554),
            (Step::Encrypt, 454),
            (Step::SignIn, 535),
            (Step::Sender, 421),
            (Step::Sender, 504),
            (Step::Sender, 530),
            (Step::Sender, 550),
            (Step::Recipient, 530),
            (Step::Content, 535),
        ] {
            assert!(matches!(refused(step, code), MailError::Unavailable(_)), "{step} {code}");
        }
    }

    #[test]
    fn rejection_of_a_message_is_permanent_from_code_500() {
        for step in [Step::Recipient, Step::Content] {
            assert!(matches!(refused(step, 550), MailError::Permanent(_)));
            assert!(matches!(refused(step, 503), MailError::SenderRefused(_)));
            for code in [450, 452] {
                assert!(matches!(refused(step, code), MailError::Transient(_)));
            }
        }
    }

    #[test]
    fn response_text_is_one_line_without_secrets() {
        let words = "5.1.1 <Ann@Example.com>:\r\nno such\tbox, HUNTER2 hunter2".to_owned();
        let trouble = Trouble::Refused { code: 550, words };
        let secrets = ["ann@example.com".to_owned(), "hunter2".to_owned(), String::new()];
        let error = SmtpError::new(Step::Recipient, &trouble, &secrets);
        assert_eq!(
            error.to_string(),
            "sending the recipient address (RCPT TO): 550 5.1.1 <…>:  no such box, … …"
        );
        let trouble = Trouble::Refused { code: 550, words: "x".repeat(5000) };
        assert_eq!(SmtpError::new(Step::Content, &trouble, &[]).words.len(), MAX_WORDS);
    }
}
