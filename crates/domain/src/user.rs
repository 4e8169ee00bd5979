//! A person's account.

use time::{Duration, OffsetDateTime};

use crate::{
    OrgId, UserId,
    client::Network,
    email::EmailAddress,
    field::FieldError,
    mail::{is_harmless, quoted},
    password::StoredPassword,
    profile::Profile,
    role::Role,
    token::TokenRef,
    username::Username,
};

/// A person's account. Its password's hash is not in it: see [`Credentials`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The id that `sub` claims name; never used again for another account.
    pub id: UserId,
    /// Where mail goes.
    pub email: EmailAddress,
    /// The name to sign in with.
    pub username: Username,
    /// What the person says of themselves.
    pub profile: Profile,
    /// Since when the e-mail address is known to be the person's.
    pub verified_at: Option<OffsetDateTime>,
    /// Since when the account is switched off.
    pub disabled_at: Option<OffsetDateTime>,
    /// Whether the person runs this server.
    pub is_platform_admin: bool,
    /// Whether the account was registered by a user who has not shown yet that the address is theirs. What such an
    /// account has is discarded when the owner of the address sets its password.
    pub is_provisional: bool,
    /// Whether there is a password to sign in with.
    pub has_password: bool,
    /// The organisation that a sign-in opens.
    pub default_org: Option<OrgId>,
    /// The latest sign-in.
    pub last_login_at: Option<OffsetDateTime>,
    /// When the account was made.
    pub created_at: OffsetDateTime,
    /// When the person's data last changed; a sign-in is no change.
    pub updated_at: OffsetDateTime,
}

impl User {
    /// Whether the account may be used.
    pub fn is_active(&self) -> bool {
        self.disabled_at.is_none()
    }

    /// Whether the e-mail address is known to be the person's.
    pub fn is_verified(&self) -> bool {
        self.verified_at.is_some()
    }

    /// What others call the person: their name, or else their user name.
    pub fn display_name(&self) -> &str {
        let name = self.profile.full_name.as_ref().map(|name| name.as_str().trim());
        name.filter(|name| !name.is_empty()).unwrap_or(self.username.as_str())
    }

    /// The name as a message to somebody else has it: the one that is shown, unless it has to be changed for that (see
    /// [`quoted`]); then the user name.
    pub fn name_in_mail(&self) -> String {
        let name = self.display_name();
        if is_harmless(name) { name.to_owned() } else { quoted(self.username.as_str()) }
    }

    /// The user name as a message has it to an address that nobody has shown to be theirs: `None` if it has to be
    /// changed for that (see [`quoted`]).
    pub fn greeting(&self) -> Option<&Username> {
        Some(&self.username).filter(|name| self.is_verified() || is_harmless(name.as_str()))
    }

    /// The names of the roles that the person has while working in an organisation.
    pub fn roles(&self, in_org: Option<Role>) -> Vec<&'static str> {
        role_names(in_org, self.is_platform_admin)
    }
}

/// Another address for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailChange {
    /// The address that the account has.
    pub from: EmailAddress,
    /// The address that it gets.
    pub to: EmailAddress,
    /// Whether the change is refused once `from` is verified.
    pub unverified_only: bool,
    /// Since when `to` is known to be the user's.
    pub verified_at: Option<OffsetDateTime>,
}

/// Which accounts a list is of. What is not asked for is let through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Their e-mail address or user name begins so, without regard to case.
    pub begins: Option<String>,
    /// They are switched off.
    pub disabled: bool,
    /// Nobody has shown that the e-mail address is theirs.
    pub unverified: bool,
    /// They run this server.
    pub platform_admins: bool,
}

/// The names of a person's roles: the one in the active organisation, and the platform's.
pub fn role_names(in_org: Option<Role>, is_platform_admin: bool) -> Vec<&'static str> {
    let platform = is_platform_admin.then_some("platform_admin");
    in_org.map(Role::as_str).into_iter().chain(platform).collect()
}

/// What a person types to say who they are: a user name or an e-mail address.
///
/// The two can't be confused, for a user name has no `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginName {
    /// A user name.
    Username(Username),
    /// An e-mail address.
    Email(EmailAddress),
}

impl LoginName {
    /// Reads what was typed.
    ///
    /// # Errors
    /// Nobody can have such a name.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        if text.contains('@') {
            Ok(Self::Email(EmailAddress::parse(text)?))
        } else {
            Username::parse(text).map(Self::Username)
        }
    }

    /// The form in which names are compared.
    pub fn key(&self) -> String {
        match self {
            Self::Username(name) => name.key(),
            Self::Email(email) => email.key(),
        }
    }
}

/// All that a sign-in needs to know of an account, read at once.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The account.
    pub user: User,
    /// Its password, if it has one.
    pub password: Option<StoredPassword>,
    /// The organisation that a sign-in opens, and the person's role there.
    pub workspace: Option<(OrgId, Role)>,
    /// Whether the account has been signed in to from the client's network before, or its password was set from there.
    pub knows_network: bool,
    /// Whether the client's device has been signed in to the account before, and its session was not ended
    /// for suspicion or a new password; or whether its password was reset on it.
    pub knows_device: bool,
    /// How many sign-ins have failed since the last good one or the last new password, a hundred at most.
    pub recent_failures: u32,
}

impl Credentials {
    /// How many sign-ins may fail in a row (NIST SP 800-63B-4, section 3.2.2). From then on the password is accepted
    /// from known devices only, until the owner signs in on one or resets it.
    pub const FAILURES_CAP: u32 = 100;

    /// So many wrong passwords may come from one known device or one session. Then it is known no longer: its token may
    /// have been stolen. A sign-in gives the device another token, and another count.
    pub const DEVICE_FAILURES_CAP: u32 = 20;

    /// For how long the device and the network are known that the password was reset on. A sign-in makes them known
    /// for longer.
    pub const RESET_IS_KNOWN_FOR: Duration = Duration::days(14);

    /// After so many failures in a row, a sign-in may be that of somebody who has guessed. People who
    /// mistype a password have it right after fewer; guessers seldom have.
    pub const SUSPICIOUS_FAILURES: u32 = 5;

    /// Returns `true` if the client may use the password at all. A network is shared, by a household or by a whole
    /// university, so a known one is no exemption.
    pub fn is_open(&self) -> bool {
        self.failures_cap().is_none_or(|cap| self.recent_failures < cap)
    }

    /// How many sign-ins may fail in a row until the client may not use the password; `None` on a known device.
    pub fn failures_cap(&self) -> Option<u32> {
        (!self.knows_device).then_some(Self::FAILURES_CAP)
    }

    /// Returns `true` if the owner is to be told of a sign-in of this client (OWASP ASVS 5.0, 6.3.5).
    pub fn is_suspicious(&self) -> bool {
        !self.knows_device && self.recent_failures >= Self::SUSPICIOUS_FAILURES
    }
}

/// What a client can be recognized by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientEvidence {
    /// Its network, if that is its own.
    pub network: Option<Network>,
    /// What its device token says: it names a session, or the account and the version of the password that was reset.
    pub device: Option<TokenRef>,
    /// The time at which it is asked for.
    pub now: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_at_sign_tells_an_address_from_a_name() {
        assert!(matches!(LoginName::parse("Ann@Example.com"), Ok(LoginName::Email(_))));
        assert!(matches!(LoginName::parse("Ann"), Ok(LoginName::Username(_))));
        assert_eq!(LoginName::parse("ANN").unwrap().key(), "ann");
        assert!(LoginName::parse("ann lee").is_err());
        assert!(LoginName::parse("ann\0").is_err());
    }

    #[test]
    fn name_in_mail_is_no_link_and_turns_no_text_around() {
        use crate::profile::FullName;
        let named = |name: &str| {
            let full_name = Some(FullName::parse(name).unwrap());
            let profile = Profile { full_name, ..Profile::default() };
            User { profile, ..ann() }.name_in_mail()
        };
        for name in ["Ann Lee", "Dr. Ann A. Lee, Jr.", "Łukasz O'Neil-Smith", "安 李", "Ann (IT)"]
        {
            assert_eq!(named(name), name);
        }
        for name in [
            "Pay at https://evil.example",
            "evil.example",
            "evil.example/pay",
            "ann@evil.example",
            "Ann\u{202e}eeL",
            "Ann\u{2028}Lee",
            &"x".repeat(65),
        ] {
            assert_eq!(named(name), "ann", "{name:?}");
        }
    }

    #[test]
    fn user_name_like_a_link_is_not_in_messages_to_others() {
        let username = Username::parse("pay.evil.example").unwrap();
        let eve = User { username, ..ann() };
        assert_eq!(eve.name_in_mail(), "pay evil example");
        assert_eq!(eve.greeting(), None);
        let verified = User { verified_at: Some(OffsetDateTime::UNIX_EPOCH), ..eve };
        assert_eq!(verified.greeting(), Some(&verified.username));
        assert_eq!(ann().greeting(), Some(&ann().username));
    }

    fn ann() -> User {
        User {
            id: UserId::from_uuid(uuid::Uuid::nil()),
            email: EmailAddress::parse("ann@example.com").unwrap(),
            username: Username::parse("ann").unwrap(),
            profile: Profile::default(),
            verified_at: None,
            disabled_at: None,
            is_platform_admin: false,
            is_provisional: false,
            has_password: true,
            default_org: None,
            last_login_at: None,
            created_at: OffsetDateTime::UNIX_EPOCH,
            updated_at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn known_device_passes_the_cap_and_a_known_network_does_not() {
        let found = |recent_failures, knows_network, knows_device| Credentials {
            user: ann(),
            password: None,
            workspace: None,
            knows_network,
            knows_device,
            recent_failures,
        };
        assert!(found(99, false, false).is_open() && found(100, false, true).is_open());
        assert!(!found(100, false, false).is_open() && !found(100, true, false).is_open());
    }

    #[test]
    fn a_sign_in_of_a_stranger_after_failures_is_suspicious() {
        let user = ann();
        for (recent_failures, knows_network, knows_device, expected) in [
            (4, false, false, false),
            (5, false, false, true),
            (99, false, false, true),
            (5, true, false, true),
            (5, false, true, false),
        ] {
            let found = Credentials {
                user: user.clone(),
                password: None,
                workspace: None,
                knows_network,
                knows_device,
                recent_failures,
            };
            assert_eq!(found.is_suspicious(), expected, "{recent_failures} {knows_network}");
        }
    }

    #[test]
    fn platform_admins_have_a_role_of_their_own() {
        assert_eq!(role_names(Some(Role::Member), true), ["member", "platform_admin"]);
        assert!(role_names(None, false).is_empty());
    }
}
