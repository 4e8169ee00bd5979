use std::{fmt, io, time::Duration};

use doorward_domain::ports::MailError;
use lettre::transport::smtp;

use super::blame::{Blame, advice, blame};

/// How far a conversation with a mail server gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The server's name is looked up.
    Resolve,
    /// A connection is made.
    Connect,
    /// Both greet, and the server says what it can do.
    Greet,
    /// The conversation is encrypted, and the server's certificate checked.
    Encrypt,
    /// The client signs in, where it has a password.
    SignIn,
    /// The server is told whom the mail is from (`MAIL FROM`).
    Sender,
    /// The server is told whom it is for (`RCPT TO`).
    Recipient,
    /// The mail is said.
    Content,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resolve => "looking up the mail server's name",
            Self::Connect => "connecting to the mail server",
            Self::Greet => "greeting the mail server",
            Self::Encrypt => "going over to TLS with the mail server",
            Self::SignIn => "signing in to the mail server",
            Self::Sender => "telling the mail server the sender",
            Self::Recipient => "telling the mail server the recipient",
            Self::Content => "handing the mail over",
        })
    }
}

/// How far a conversation has got, also for whoever stops it.
#[derive(Debug, Default)]
pub(super) struct Progress(Vec<Step>);

impl Progress {
    /// Comes to a step. After TLS both greet again, which is part of that.
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

/// What went wrong, whatever was at stake.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Lettre(#[from] smtp::Error),
    #[error("{code} {words}")]
    Refused { code: u16, words: String },
    #[error("there was no answer within {} s", .0.as_secs_f32())]
    Late(Duration),
    #[error("the name has no address")]
    NoAddress,
    #[error("it hung up")]
    HungUp,
    #[error("what answers does not speak SMTP")]
    NoSmtp,
    #[error("the host of its URL can't be in a certificate")]
    NoCertificateName,
    #[error(
        "it offers no STARTTLS, and without TLS nothing is said to it: use smtps://, or put \
         ?starttls=never after the host if everything between here and there can be trusted"
    )]
    NoTls,
    #[error(
        "it offers no STARTTLS, and the password is not said without TLS, unless ?starttls=never is \
         put after the host"
    )]
    ClearPassword,
    #[error("somebody answers before being asked, as whoever meddles with STARTTLS would")]
    SaidTooMuch,
    #[error("it does not take addresses with letters beyond ASCII before the @-sign (SMTPUTF8)")]
    NoSmtpUtf8,
    /// The sender was refused, together with a parameter that this message needs.
    #[error(transparent)]
    Parameter(smtp::Error),
}

/// A conversation with a mail server broke off.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{step}: {words}{}", advice.map(|advice| format!(" ({advice})")).unwrap_or_default())]
pub struct SmtpError {
    /// At what.
    pub step: Step,
    /// The code that the server answered (RFC 5321, section 4.2), if it did.
    pub code: Option<u16>,
    /// The server's words, or ours: in one line, and with nothing in them that is secret.
    pub words: String,
    /// What the operator can do, where the message is not to blame.
    pub advice: Option<&'static str>,
    /// What it says about the message.
    blame: Blame,
    /// The mail itself can't go there, whatever the server says.
    hopeless: bool,
}

/// So much of a server's words is kept.
const MAX_WORDS: usize = 300;

impl SmtpError {
    /// `secrets` are cut out of what the server says, which may repeat them.
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
            // As if it were said of the recipient: another message may need no such parameter.
            Trouble::Parameter(_) => blame(Step::Recipient, code, &words),
            _ => blame(step, code, &words),
        };
        let advice = match blame {
            Blame::Message => None,
            Blame::Connection | Blame::Sender => advice(step, code, &words),
        };
        Self { step, code, words, advice, blame, hopeless: matches!(trouble, Trouble::NoSmtpUtf8) }
    }

    /// Whether the refusal concerns this message alone, and not the sender or the connection.
    pub(super) fn is_about_message(&self) -> bool {
        self.blame == Blame::Message
    }
}

/// lettre's words, or the server's where there are some.
fn said(error: &smtp::Error) -> String {
    use std::error::Error;
    match (error.status(), error.source()) {
        (Some(code), Some(words)) => format!("{code} {words}"),
        (Some(code), None) => code.to_string(),
        (None, Some(source)) if error.is_response() || error.is_client() => source.to_string(),
        (None, _) => error.to_string(),
    }
}

/// Without what would break a log's line, and without secrets, in whatever case they come back.
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
    fn refusal_before_the_recipient_makes_every_message_wait() {
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
    fn refusal_of_a_message_is_permanent_from_code_500_on() {
        for step in [Step::Recipient, Step::Content] {
            assert!(matches!(refused(step, 550), MailError::Permanent(_)));
            assert!(matches!(refused(step, 503), MailError::SenderRefused(_)));
            for code in [450, 452] {
                assert!(matches!(refused(step, code), MailError::Transient(_)));
            }
        }
    }

    #[test]
    fn words_are_one_line_without_secrets() {
        let words = "5.1.1 <Ann@Example.com>:\r\nno such\tbox, HUNTER2 hunter2".to_owned();
        let trouble = Trouble::Refused { code: 550, words };
        let secrets = ["ann@example.com".to_owned(), "hunter2".to_owned(), String::new()];
        let error = SmtpError::new(Step::Recipient, &trouble, &secrets);
        assert_eq!(
            error.to_string(),
            "telling the mail server the recipient: 550 5.1.1 <…>:  no such box, … …"
        );
        let trouble = Trouble::Refused { code: 550, words: "x".repeat(5000) };
        assert_eq!(SmtpError::new(Step::Content, &trouble, &[]).words.len(), MAX_WORDS);
    }
}
