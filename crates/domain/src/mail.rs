//! Mails: what is to be said to whom, and how often it is tried.

mod allowance;
mod link;
pub mod queue;
mod quoted;
pub mod retry;

pub use allowance::Allowance;
pub use link::{PublicUrl, PublicUrlError, SecretLink};
pub use queue::{MailLane, MailSender};
pub use quoted::{MAX_QUOTED, is_harmless, quoted};

use time::{Duration, OffsetDateTime};

use crate::{
    MailId, SessionId,
    client::Network,
    email::EmailAddress,
    profile::Locale,
    role::Role,
    token::{TokenPurpose, TokenRef},
    username::Username,
};

/// A row of the outbox: a mail that has to go out, or a request that may lead to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// The mail's id; its `Message-ID` too, so that a mail sent twice is recognisable.
    pub id: MailId,
    /// The address to send to, or that was asked about.
    pub to: EmailAddress,
    /// What it is about.
    pub subject: MailSubject,
    /// Who caused it.
    pub sender: MailSender,
    /// When it was asked for.
    pub created_at: OffsetDateTime,
    /// How often it has been tried.
    pub attempts: u32,
}

/// A row of the outbox as whoever looks after it sees it: the token that its link is made of is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMail {
    /// The mail's id.
    pub id: MailId,
    /// The address.
    pub to: EmailAddress,
    /// The name of what it is about; one that is unknown is why some can't be sent.
    pub subject: String,
    /// When it was asked for.
    pub created_at: OffsetDateTime,
    /// How often it has been tried.
    pub attempts: u32,
    /// What became of it.
    pub state: MailState,
    /// Why the last try failed.
    pub last_error: Option<String>,
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    /// It has to go out.
    Waiting {
        /// When it is tried next.
        due_at: OffsetDateTime,
    },
    /// It has gone out.
    Sent {
        /// When.
        at: OffsetDateTime,
    },
    /// It was given up, until somebody looks after it.
    Parked {
        /// When.
        at: OffsetDateTime,
    },
}

/// A mail's state without its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is that of MailState")]
pub enum MailStateName {
    Waiting,
    Sent,
    Parked,
}

impl MailState {
    /// The state without its time.
    pub const fn name(self) -> MailStateName {
        match self {
            Self::Waiting { .. } => MailStateName::Waiting,
            Self::Sent { .. } => MailStateName::Sent,
            Self::Parked { .. } => MailStateName::Parked,
        }
    }
}

impl MailStateName {
    /// The name itself.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Parked => "parked",
        }
    }
}

/// The mails that have not gone out, for whoever watches over a server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// How many have to go out.
    pub waiting: u64,
    /// When the first of these was asked for.
    pub oldest: Option<OffsetDateTime>,
    /// How many were given up.
    pub parked: u64,
}

impl Backlog {
    /// For how long the oldest mail has waited; not at all, if none waits.
    pub fn age(&self, now: OffsetDateTime) -> Duration {
        // Another server's clock may be ahead.
        self.oldest.map_or(Duration::ZERO, |oldest| (now - oldest).max(Duration::ZERO))
    }
}

/// What a mail is about. Links are not in it: they hold tokens, which are derived when it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSubject {
    /// Somebody asked to have the verification mail again, for an address that may be unknown.
    /// Looked up only by the worker, so that the request takes the same time for every address.
    VerificationRequested,
    /// Somebody asked for a new password, for an address that may be unknown; see above.
    ResetRequested,
    /// "Verify your address", with a link.
    VerifyEmail(TokenRef),
    /// "Choose a new password", with a link.
    ResetPassword(TokenRef),
    /// "You are invited", with a link.
    Invite(TokenRef),
    /// "Your password was changed".
    PasswordChanged,
    /// "There was a sign-in after wrong passwords", which opened this session.
    SuspiciousSignIn(SessionId),
    /// "You have an account already": somebody tried to register with the address.
    AddressTaken,
    /// "Your account has another email address", to the address that it had.
    EmailChanged,
}

impl MailSubject {
    /// The subject's name in storage and in logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerificationRequested => "verification_requested",
            Self::ResetRequested => "reset_requested",
            Self::VerifyEmail(_) => "verify_email",
            Self::ResetPassword(_) => "reset_password",
            Self::Invite(_) => "invite",
            Self::PasswordChanged => "password_changed",
            Self::SuspiciousSignIn(_) => "suspicious_sign_in",
            Self::AddressTaken => "address_taken",
            Self::EmailChanged => "email_changed",
        }
    }

    /// The lane that it goes out in.
    pub const fn lane(self) -> MailLane {
        match self {
            Self::Invite(_) => MailLane::Bulk,
            Self::VerificationRequested
            | Self::ResetRequested
            | Self::VerifyEmail(_)
            | Self::ResetPassword(_)
            | Self::PasswordChanged
            | Self::SuspiciousSignIn(_)
            | Self::AddressTaken
            | Self::EmailChanged => MailLane::Account,
        }
    }

    /// The row that the mail's link names.
    pub const fn token(self) -> Option<(TokenPurpose, TokenRef)> {
        match self {
            Self::VerificationRequested
            | Self::ResetRequested
            | Self::PasswordChanged
            | Self::SuspiciousSignIn(_)
            | Self::AddressTaken
            | Self::EmailChanged => None,
            Self::VerifyEmail(token) => Some((TokenPurpose::VerifyEmail, token)),
            Self::ResetPassword(token) => Some((TokenPurpose::ResetPassword, token)),
            Self::Invite(token) => Some((TokenPurpose::Invite, token)),
        }
    }

    /// The session that the mail tells of.
    pub const fn session(self) -> Option<SessionId> {
        match self {
            Self::SuspiciousSignIn(id) => Some(id),
            Self::VerificationRequested
            | Self::ResetRequested
            | Self::VerifyEmail(_)
            | Self::ResetPassword(_)
            | Self::Invite(_)
            | Self::PasswordChanged
            | Self::AddressTaken
            | Self::EmailChanged => None,
        }
    }

    /// Reads a subject back from storage; `None` if there is no such subject.
    pub fn from_stored(
        name: &str,
        token: Option<TokenRef>,
        session: Option<SessionId>,
    ) -> Option<Self> {
        match (name, token, session) {
            ("verification_requested", None, None) => Some(Self::VerificationRequested),
            ("reset_requested", None, None) => Some(Self::ResetRequested),
            ("verify_email", Some(token), None) => Some(Self::VerifyEmail(token)),
            ("reset_password", Some(token), None) => Some(Self::ResetPassword(token)),
            ("invite", Some(token), None) => Some(Self::Invite(token)),
            ("password_changed", None, None) => Some(Self::PasswordChanged),
            ("suspicious_sign_in", None, Some(id)) => Some(Self::SuspiciousSignIn(id)),
            ("address_taken", None, None) => Some(Self::AddressTaken),
            ("email_changed", None, None) => Some(Self::EmailChanged),
            _ => None,
        }
    }
}

/// A mail ready to be rendered and sent.
#[derive(Debug, Clone)]
pub struct OutgoingMail {
    /// The id that makes the `Message-ID`.
    pub id: MailId,
    /// The address.
    pub to: EmailAddress,
    /// The name of the account, where there is one.
    pub username: Option<Username>,
    /// The language that the person prefers.
    pub locale: Option<Locale>,
    /// What to say.
    pub content: MailContent,
    /// When the mail was asked for.
    pub created_at: OffsetDateTime,
}

/// What a mail says.
#[derive(Debug, Clone)]
pub enum MailContent {
    /// "Verify your address".
    VerifyEmail {
        /// Where to.
        link: SecretLink,
        /// What was registered, if the reader of the message may not know of it.
        registration: Option<Registration>,
    },
    /// "Choose a new password".
    ResetPassword {
        /// Where to.
        link: SecretLink,
    },
    /// "You are invited".
    Invite {
        /// Where to.
        link: SecretLink,
        /// Into which organisation.
        org: String,
        /// Who invites, as far as that is known.
        inviter: Option<String>,
        /// With which role.
        role: Role,
    },
    /// "Your password was changed", when the mail was asked for.
    PasswordChanged {
        /// From where, as far as that is known.
        origin: Option<SignInOrigin>,
        /// Where to ask for a new password.
        page: String,
    },
    /// "There was a sign-in after wrong passwords", when the mail was asked for.
    SuspiciousSignIn {
        /// From where, as long as that is known.
        origin: Option<SignInOrigin>,
        /// Where to ask for a new password.
        page: String,
    },
    /// "You have an account already".
    AddressTaken {
        /// Where to ask for a new password.
        page: String,
    },
    /// "Your account has another email address".
    EmailChanged,
}

/// A registration that is to be confirmed.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The name of the account, as a message can quote it.
    pub username: String,
    /// When it was created.
    pub at: OffsetDateTime,
    /// From where, as far as that is known.
    pub origin: Option<SignInOrigin>,
    /// Where to delete it, if this server has a page for that.
    pub disown: Option<SecretLink>,
}

/// Where a registration, a sign-in, or the change of a password, came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInOrigin {
    /// The address, or the network of it.
    pub network: Network,
    /// What the client called itself, as a message can quote it.
    pub user_agent: Option<String>,
}

impl MailContent {
    /// The link in it that holds a token.
    pub fn link(&self) -> Option<&SecretLink> {
        match self {
            Self::VerifyEmail { link, .. }
            | Self::ResetPassword { link }
            | Self::Invite { link, .. } => Some(link),
            Self::PasswordChanged { .. }
            | Self::SuspiciousSignIn { .. }
            | Self::AddressTaken { .. }
            | Self::EmailChanged => None,
        }
    }

    /// The link in it that anybody may know.
    pub fn page(&self) -> Option<&str> {
        match self {
            Self::PasswordChanged { page, .. }
            | Self::SuspiciousSignIn { page, .. }
            | Self::AddressTaken { page } => Some(page),
            Self::VerifyEmail { .. }
            | Self::ResetPassword { .. }
            | Self::Invite { .. }
            | Self::EmailChanged => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_backlog_is_as_old_as_its_oldest_mail() {
        let now = datetime!(2026-01-01 12:00 UTC);
        let age = |oldest| Backlog { oldest, ..Backlog::default() }.age(now);
        assert_eq!(age(None), Duration::ZERO);
        assert_eq!(age(Some(now - Duration::HOUR)), Duration::HOUR);
        assert_eq!(age(Some(now + Duration::SECOND)), Duration::ZERO);
    }
}
