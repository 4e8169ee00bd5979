//! Mails: what is to be said to whom, and how often it is tried.

use time::{Duration, OffsetDateTime};
use url::Url;

use crate::{
    MailId, SessionId,
    client::Network,
    email::EmailAddress,
    field::FieldError,
    profile::Locale,
    token::{PlainToken, TokenPurpose, TokenRef},
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
        }
    }

    /// The row that the mail's link names.
    pub const fn token(self) -> Option<(TokenPurpose, TokenRef)> {
        match self {
            Self::VerificationRequested
            | Self::ResetRequested
            | Self::PasswordChanged
            | Self::SuspiciousSignIn(_)
            | Self::AddressTaken => None,
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
            | Self::AddressTaken => None,
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
    },
    /// "Your password was changed".
    PasswordChanged,
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
}

/// Where a sign-in came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInOrigin {
    /// The address, or the network of it.
    pub network: Network,
    /// What the client called itself.
    pub user_agent: Option<String>,
}

impl MailContent {
    /// The link in it that holds a token.
    pub fn link(&self) -> Option<&SecretLink> {
        match self {
            Self::VerifyEmail { link }
            | Self::ResetPassword { link }
            | Self::Invite { link, .. } => Some(link),
            Self::PasswordChanged | Self::SuspiciousSignIn { .. } | Self::AddressTaken { .. } => {
                None
            }
        }
    }

    /// The link in it that anybody may know.
    pub fn page(&self) -> Option<&str> {
        match self {
            Self::SuspiciousSignIn { page, .. } | Self::AddressTaken { page } => Some(page),
            Self::VerifyEmail { .. }
            | Self::ResetPassword { .. }
            | Self::Invite { .. }
            | Self::PasswordChanged => None,
        }
    }
}

/// Where people reach this server, or the front end that stands for it: what links begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    /// Judges a configured URL.
    ///
    /// # Errors
    /// [`FieldError::UrlInvalid`] unless it is an `http` or `https` URL without query and fragment.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let url = Url::parse(text).map_err(|_| FieldError::UrlInvalid)?;
        let plain = url.query().is_none() && url.fragment().is_none() && url.has_host();
        let web = matches!(url.scheme(), "http" | "https");
        if plain && web { Ok(Self(url)) } else { Err(FieldError::UrlInvalid) }
    }

    /// The URL, without a slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The page on which people ask for a new password.
    pub fn forgot_password_page(&self) -> String {
        format!("{}/forgot-password", self.as_str())
    }

    /// The host's name or address.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

/// A link that holds a token.
#[derive(Debug, Clone)]
pub struct SecretLink(PlainToken);

impl SecretLink {
    /// Builds the link for a token under the configured public URL, which no request can change.
    pub fn new(public_url: &PublicUrl, purpose: TokenPurpose, token: &PlainToken) -> Self {
        let path = match purpose {
            TokenPurpose::VerifyEmail => "verify-email",
            TokenPurpose::ResetPassword => "reset-password",
            TokenPurpose::Invite => "invite",
            TokenPurpose::Refresh | TokenPurpose::Device => "",
        };
        let base = public_url.as_str();
        Self(PlainToken::new(format!("{base}/{path}?token={}", token.expose())))
    }

    /// The URL, for the mail.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// How often and how late a mail is tried again.
pub mod retry {
    use super::{Duration, OffsetDateTime};

    /// How many mails a worker takes at a time.
    pub const BATCH: u32 = 5;

    /// A mail that the mailer has not handed over within this is given up for now.
    pub const SEND_TIMEOUT: Duration = Duration::seconds(9);

    /// How far the clock of a machine may be from the time, to either side.
    pub const CLOCK_SKEW: Duration = Duration::seconds(30);

    /// For how long a worker that took mails has them for itself. The end is told by the clock of whoever
    /// comes next: between one worker that is behind and another that is ahead, twice the skew of it is
    /// lost, and what is left has to be enough for a batch of mails that all hang, and for the database.
    pub const LEASE: Duration = Duration::minutes(2);

    /// A mail is parked after this many tries.
    pub const MAX_ATTEMPTS: u32 = 12;

    /// How long mails wait that could not even be offered. Short, since they have to go out soon after
    /// the mail server's return, and the same for all, so that they keep their order: one of each
    /// batch finds out whether it is back.
    pub const AWAY: Duration = Duration::seconds(20);

    /// When to try again after the `attempts`th failure: 5 s, doubled each time, 30 minutes at most.
    /// `jitter` is in `0.0..=1.0` and adds up to a quarter, so that mails that failed together do
    /// not come back together.
    pub fn next(attempts: u32, now: OffsetDateTime, jitter: f64) -> OffsetDateTime {
        let delay = Duration::seconds(5).saturating_mul(1 << attempts.saturating_sub(1).min(10));
        let delay = delay.min(Duration::minutes(30));
        now + delay + delay * (jitter.clamp(0.0, 1.0) / 4.0)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn links_lead_to_the_public_url() {
        let token = PlainToken::new("dwv_x".into());
        for base in ["https://auth.example.com/app", "https://auth.example.com/app/"] {
            let link = SecretLink::new(
                &PublicUrl::parse(base).unwrap(),
                TokenPurpose::VerifyEmail,
                &token,
            );
            assert_eq!(link.expose(), "https://auth.example.com/app/verify-email?token=dwv_x");
            let page = PublicUrl::parse(base).unwrap().forgot_password_page();
            assert_eq!(page, "https://auth.example.com/app/forgot-password");
        }
    }

    #[test]
    fn only_web_urls_are_public_urls() {
        for text in
            ["javascript:alert(1)", "ftp://example.com", "https://a.example/?x=1", "example.com"]
        {
            assert_eq!(PublicUrl::parse(text), Err(FieldError::UrlInvalid), "{text}");
        }
    }

    #[test]
    fn a_batch_of_mails_that_hang_is_done_within_the_lease_whatever_the_clocks_say() {
        let left = retry::LEASE - retry::CLOCK_SKEW * 2;
        let for_the_database = Duration::seconds(10);
        assert!(retry::SEND_TIMEOUT * retry::BATCH + for_the_database <= left);
    }

    #[test]
    fn the_backlog_is_as_old_as_its_oldest_mail() {
        let now = datetime!(2026-01-01 12:00 UTC);
        let age = |oldest| Backlog { oldest, ..Backlog::default() }.age(now);
        assert_eq!(age(None), Duration::ZERO);
        assert_eq!(age(Some(now - Duration::HOUR)), Duration::HOUR);
        assert_eq!(age(Some(now + Duration::SECOND)), Duration::ZERO);
    }

    #[test]
    fn retries_wait_longer_each_time() {
        let now = datetime!(2026-01-01 12:00 UTC);
        let waits = [1, 2, 3, 9, 10, 40].map(|n| (retry::next(n, now, 0.0) - now).whole_seconds());
        assert_eq!(waits, [5, 10, 20, 1280, 1800, 1800]);
        assert_eq!((retry::next(2, now, 1.0) - now).whole_milliseconds(), 12_500);
    }
}
