//! Messages: their contents, their recipients, and how they are delivered.

mod allowance;
mod link;
pub mod queue;
mod quoted;
pub mod retry;

pub use allowance::Allowance;
pub use link::{ActionLink, PublicUrl, PublicUrlError};
pub use queue::{MailLane, MailSender};
pub use quoted::{MAX_QUOTED, is_harmless, quoted};

use time::{Duration, OffsetDateTime};

use crate::{
    MailId, SessionId,
    account::{email::EmailAddress, profile::Locale, username::Username},
    org::role::Role,
    request_context::IpPrefix,
    token::{TokenPurpose, TokenRef},
};

/// A row of the outbox: a message to send, or a request that may result in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// The ID of the message. It is also the `Message-ID`, so that mail servers recognize a duplicate.
    pub id: MailId,
    /// The email address to send to, or that the request named.
    pub to: EmailAddress,
    /// The kind of message.
    pub subject: MailKind,
    /// The user or client that caused it.
    pub sender: MailSender,
    /// When it was requested.
    pub created_at: OffsetDateTime,
    /// The number of delivery attempts.
    pub attempts: u32,
}

/// A row of the outbox as operators see it. It doesn't contain the token of the message's link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMail {
    /// The ID of the message.
    pub id: MailId,
    /// The email address of the recipient.
    pub to: EmailAddress,
    /// The name of its kind. An unknown name is one reason why a message can't be sent.
    pub subject: String,
    /// When it was requested.
    pub created_at: OffsetDateTime,
    /// The number of delivery attempts.
    pub attempts: u32,
    /// Whether it was sent.
    pub state: MailState,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
}

/// The delivery state of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    /// It is waiting to be sent.
    Waiting {
        /// When the next attempt is due.
        due_at: OffsetDateTime,
    },
    /// It was sent.
    Sent {
        /// When it was sent.
        at: OffsetDateTime,
    },
    /// Its delivery failed. It isn't tried again until the operator retries it.
    Failed {
        /// When it failed.
        at: OffsetDateTime,
    },
}

/// The state of a message without its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "same variants as MailState")]
pub enum MailStateName {
    Waiting,
    Sent,
    Failed,
}

impl MailState {
    /// Returns the state without its time.
    pub const fn name(self) -> MailStateName {
        match self {
            Self::Waiting { .. } => MailStateName::Waiting,
            Self::Sent { .. } => MailStateName::Sent,
            Self::Failed { .. } => MailStateName::Failed,
        }
    }
}

impl MailStateName {
    /// Returns the name in the API and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }
}

/// A summary of the messages that haven't been sent, for monitoring.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OutboxStats {
    /// The number of messages waiting to be sent.
    pub waiting: u64,
    /// When the oldest waiting message was requested.
    pub oldest: Option<OffsetDateTime>,
    /// The number of messages whose delivery failed.
    pub failed: u64,
}

impl OutboxStats {
    /// Returns how long the oldest waiting message has waited; zero if none is waiting.
    pub fn age(&self, now: OffsetDateTime) -> Duration {
        // The clock of another server may be ahead.
        self.oldest.map_or(Duration::ZERO, |oldest| (now - oldest).max(Duration::ZERO))
    }
}

/// The kind of message. Links aren't part of it: they contain tokens, which are derived when the message is
/// sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// A client requested the verification email again, for an address that may be unknown. Only the worker
    /// looks the address up, so the request takes the same time for every address.
    VerificationRequested,
    /// A client requested a password reset, for an address that may be unknown. See
    /// [`MailKind::VerificationRequested`].
    ResetRequested,
    /// A link to verify the email address.
    VerifyEmail(TokenRef),
    /// A link to choose a new password.
    ResetPassword(TokenRef),
    /// A link to accept an invite.
    Invite(TokenRef),
    /// A notice that the password was changed.
    PasswordChanged,
    /// A notice of a sign-in after failed attempts, which opened this session.
    SuspiciousSignIn(SessionId),
    /// A notice that the recipient already has an account: a client tried to register with the address.
    AddressTaken,
    /// A notice to the previous address that the account's email address was changed.
    EmailChanged,
}

impl MailKind {
    /// Returns the name of the kind in storage and in logs.
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

    /// Returns the lane in which the message is sent.
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

    /// Returns the row to which the token in the message's link refers.
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

    /// Returns the session that the message reports.
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

    /// Restores a kind from storage. Returns `None` if there is no such kind, or if the token or the session
    /// doesn't match it.
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

/// A message that is ready to be rendered and sent.
#[derive(Debug, Clone)]
pub struct OutgoingMail {
    /// The ID, from which the `Message-ID` is formed.
    pub id: MailId,
    /// The email address of the recipient.
    pub to: EmailAddress,
    /// The username of the recipient, if they have an account and it may be shown.
    pub username: Option<Username>,
    /// The language that the recipient prefers.
    pub locale: Option<Locale>,
    /// The content.
    pub content: MailContent,
    /// When the message was requested.
    pub created_at: OffsetDateTime,
}

/// The content of a message.
#[derive(Debug, Clone)]
pub enum MailContent {
    /// A link to verify the email address.
    VerifyEmail {
        /// The link.
        link: ActionLink,
        /// The registration, if the recipient may not know about it.
        registration: Option<Registration>,
    },
    /// A link to choose a new password.
    ResetPassword {
        /// The link.
        link: ActionLink,
    },
    /// A link to accept an invite.
    Invite {
        /// The link.
        link: ActionLink,
        /// The name of the organization.
        org: String,
        /// The name of the inviter, if known.
        inviter: Option<String>,
        /// The role that the invite grants.
        role: Role,
    },
    /// A notice that the password was changed.
    PasswordChanged {
        /// Where the change came from, if known.
        origin: Option<SignInOrigin>,
        /// The URL of the page on which to request a new password.
        page: String,
    },
    /// A notice of a sign-in after failed attempts.
    SuspiciousSignIn {
        /// Where the sign-in came from, if still known.
        origin: Option<SignInOrigin>,
        /// The URL of the page on which to request a new password.
        page: String,
    },
    /// A notice that the recipient already has an account.
    AddressTaken {
        /// The URL of the page on which to request a new password.
        page: String,
    },
    /// A notice to the previous address that the account's email address was changed.
    EmailChanged,
}

/// A registration that has to be confirmed.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The username of the account, in a form that is safe in an email (see [`quoted`]).
    pub username: String,
    /// When the account was created.
    pub at: OffsetDateTime,
    /// Where the registration came from, if known.
    pub origin: Option<SignInOrigin>,
    /// The link to delete the account, if this server has a page for that.
    pub disown: Option<ActionLink>,
}

/// Where a registration, a sign-in, or a password change came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInOrigin {
    /// The network of the client.
    pub network: IpPrefix,
    /// The `User-Agent`, in a form that is safe in an email.
    pub user_agent: Option<String>,
}

impl MailContent {
    /// Returns the link in the content that contains a token.
    pub fn link(&self) -> Option<&ActionLink> {
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

    /// Returns the URL in the content that contains no secret.
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
    fn backlog_age_is_that_of_its_oldest_message() {
        let now = datetime!(2026-01-01 12:00 UTC);
        let age = |oldest| OutboxStats { oldest, ..OutboxStats::default() }.age(now);
        assert_eq!(age(None), Duration::ZERO);
        assert_eq!(age(Some(now - Duration::HOUR)), Duration::HOUR);
        assert_eq!(age(Some(now + Duration::SECOND)), Duration::ZERO);
    }
}
