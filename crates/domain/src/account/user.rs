//! User accounts.

use time::{Duration, OffsetDateTime};

use crate::{
    OrgId, UserId,
    account::{email::EmailAddress, profile::Profile, username::Username},
    credential::password::StoredPassword,
    field::FieldError,
    mail::{is_harmless, quoted},
    org::role::Role,
    request_context::IpPrefix,
    token::TokenRef,
};

/// A user account. The password hash isn't part of it: see [`LoginCandidate`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The ID in `sub` claims. It is never reused for another account.
    pub id: UserId,
    /// The email address, to which messages are sent.
    pub email: EmailAddress,
    /// The username, with which the user can sign in.
    pub username: Username,
    /// The data that the user edits.
    pub profile: Profile,
    /// When the email address was verified to be the user's; `None` if it wasn't.
    pub verified_at: Option<OffsetDateTime>,
    /// When the account was disabled; `None` if it is enabled.
    pub disabled_at: Option<OffsetDateTime>,
    /// Whether the user is a platform administrator.
    pub is_platform_admin: bool,
    /// Whether the account was registered by a user who hasn't yet verified the email address. The contents
    /// of such an account are discarded when the owner of the address sets its password.
    pub is_provisional: bool,
    /// Whether the account has a password to sign in with.
    pub has_password: bool,
    /// The organization in which a sign-in starts.
    pub default_org: Option<OrgId>,
    /// When the user last signed in.
    pub last_login_at: Option<OffsetDateTime>,
    /// When the account was created.
    pub created_at: OffsetDateTime,
    /// When the user's data last changed; a sign-in is not a change.
    pub updated_at: OffsetDateTime,
}

impl User {
    /// Returns `true` if the account is enabled.
    pub fn is_active(&self) -> bool {
        self.disabled_at.is_none()
    }

    /// Returns `true` if the email address is verified.
    pub fn is_verified(&self) -> bool {
        self.verified_at.is_some()
    }

    /// Returns the name to show to other users: the full name, or the username if there is none.
    pub fn display_name(&self) -> &str {
        let name = self.profile.full_name.as_ref().map(|name| name.as_str().trim());
        name.filter(|name| !name.is_empty()).unwrap_or(self.username.as_str())
    }

    /// Returns the name to show in a message to another user: the display name if it is harmless in an email
    /// (see [`is_harmless`]), otherwise the username as [`quoted`].
    pub fn name_in_mail(&self) -> String {
        let name = self.display_name();
        if is_harmless(name) { name.to_owned() } else { quoted(self.username.as_str()) }
    }

    /// Returns the username for a message to the account's own address. Returns `None` if the address isn't
    /// verified and the username would have to be changed to be harmless (see [`quoted`]).
    pub fn greeting(&self) -> Option<&Username> {
        Some(&self.username).filter(|name| self.is_verified() || is_harmless(name.as_str()))
    }

    /// Returns the names of the user's roles when acting in an organization with the role `in_org`.
    pub fn roles(&self, in_org: Option<Role>) -> Vec<&'static str> {
        role_names(in_org, self.is_platform_admin)
    }
}

/// A change of an account's email address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailChange {
    /// The current address.
    pub from: EmailAddress,
    /// The new address.
    pub to: EmailAddress,
    /// Whether the change is rejected if `from` is verified.
    pub unverified_only: bool,
    /// When `to` was verified to be the user's; `None` if it wasn't.
    pub verified_at: Option<OffsetDateTime>,
}

/// A filter for a list of accounts. The default matches all accounts; each condition that is set narrows the
/// list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Matches accounts whose email address or username starts with this text, without regard to case.
    pub prefix: Option<String>,
    /// Matches only disabled accounts.
    pub disabled: bool,
    /// Matches only accounts whose email address isn't verified.
    pub unverified: bool,
    /// Matches only platform administrators.
    pub platform_admins: bool,
}

/// Returns the names of a user's roles: the one in the active organization, then `platform_admin`.
///
/// ```
/// use doorward_domain::{org::role::Role, account::user::role_names};
///
/// assert_eq!(role_names(Some(Role::Member), true), ["member", "platform_admin"]);
/// ```
pub fn role_names(in_org: Option<Role>, is_platform_admin: bool) -> Vec<&'static str> {
    let platform = is_platform_admin.then_some("platform_admin");
    in_org.map(Role::as_str).into_iter().chain(platform).collect()
}

/// The name that a user signs in with: a username or an email address.
///
/// The two can't be confused, because a username contains no `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginIdentifier {
    /// A username.
    Username(Username),
    /// An email address.
    Email(EmailAddress),
}

impl LoginIdentifier {
    /// Parses a name entered by a user. A text that contains `@` is an email address.
    ///
    /// # Errors
    /// Returns [`FieldError`] if no account can have this name.
    ///
    /// ```
    /// use doorward_domain::account::user::LoginIdentifier;
    ///
    /// assert!(matches!(LoginIdentifier::parse("ann@example.com"), Ok(LoginIdentifier::Email(_))));
    /// assert!(matches!(LoginIdentifier::parse("ann"), Ok(LoginIdentifier::Username(_))));
    /// assert!(LoginIdentifier::parse("ann lee").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        if text.contains('@') {
            Ok(Self::Email(EmailAddress::parse(text)?))
        } else {
            Username::parse(text).map(Self::Username)
        }
    }

    /// Returns the form in which names are compared.
    pub fn key(&self) -> String {
        match self {
            Self::Username(name) => name.key(),
            Self::Email(email) => email.key(),
        }
    }
}

/// Everything that a sign-in needs to know about an account, read in one query.
#[derive(Debug, Clone)]
pub struct LoginCandidate {
    /// The account.
    pub user: User,
    /// Its password, if it has one.
    pub password: Option<StoredPassword>,
    /// The organization in which a sign-in starts, and the user's role there.
    pub workspace: Option<(OrgId, Role)>,
    /// Whether the account was signed in to from the client's network before, or its password was set from
    /// there.
    pub is_known_ip_prefix: bool,
    /// Whether the account was signed in to on the client's device before, and that session wasn't ended on
    /// suspicion or because of a new password; or whether the password was reset on the device.
    pub is_known_device: bool,
    /// The number of failed sign-ins since the last successful one or the last new password, at most 100.
    pub recent_failures: u32,
}

impl LoginCandidate {
    /// The number of failed sign-ins in a row (NIST SP 800-63B-4, section 3.2.2) after which the password is
    /// accepted only from known devices, until the owner signs in on one or resets the password.
    pub const FAILURES_CAP: u32 = 100;

    /// The number of incorrect passwords after which a known device or a session is no longer known, because its
    /// token may have been stolen. A sign-in gives the device a new token with a new count.
    pub const DEVICE_FAILURES_CAP: u32 = 20;

    /// How long the device and the network from which the password was reset stay known. A sign-in makes them
    /// known for longer.
    pub const RESET_IS_KNOWN_FOR: Duration = Duration::days(14);

    /// The number of failures in a row after which a sign-in may be that of an attacker who guessed the
    /// password. Users who mistype a password usually succeed after fewer attempts.
    pub const SUSPICIOUS_FAILURES: u32 = 5;

    /// Returns `true` if the client may use the password at all. A known network is not exempt from the cap,
    /// because a network may be shared by a household or a whole university.
    pub fn is_login_allowed(&self) -> bool {
        self.failures_cap().is_none_or(|cap| self.recent_failures < cap)
    }

    /// Returns the number of failed sign-ins in a row after which the client may not use the password, or
    /// `None` on a known device.
    pub fn failures_cap(&self) -> Option<u32> {
        (!self.is_known_device).then_some(Self::FAILURES_CAP)
    }

    /// Returns `true` if the owner must be notified of a sign-in from this client (OWASP ASVS 5.0, 6.3.5).
    pub fn is_suspicious(&self) -> bool {
        !self.is_known_device && self.recent_failures >= Self::SUSPICIOUS_FAILURES
    }
}

/// The evidence by which a client can be recognized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientEvidence {
    /// The network of the client, unless other clients may share it (see [`RequestContext::own_ip_prefix`]).
    ///
    /// [`RequestContext::own_ip_prefix`]: crate::request_context::RequestContext::own_ip_prefix
    pub network: Option<IpPrefix>,
    /// The content of its device token: it refers to a session, or to the account and the version of the
    /// password that was reset.
    pub device: Option<TokenRef>,
    /// The time of the request.
    pub now: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_sign_distinguishes_email_from_username() {
        assert!(matches!(LoginIdentifier::parse("Ann@Example.com"), Ok(LoginIdentifier::Email(_))));
        assert!(matches!(LoginIdentifier::parse("Ann"), Ok(LoginIdentifier::Username(_))));
        assert_eq!(LoginIdentifier::parse("ANN").unwrap().key(), "ann");
        assert!(LoginIdentifier::parse("ann lee").is_err());
        assert!(LoginIdentifier::parse("ann\0").is_err());
    }

    #[test]
    fn name_in_email_contains_no_link_or_bidi_control() {
        use crate::account::profile::FullName;
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
    fn username_resembling_a_link_is_defused_in_messages_to_others() {
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
    fn known_device_is_exempt_from_failure_cap_and_known_network_is_not() {
        let found = |recent_failures, knows_network, knows_device| LoginCandidate {
            user: ann(),
            password: None,
            workspace: None,
            is_known_ip_prefix: knows_network,
            is_known_device: knows_device,
            recent_failures,
        };
        assert!(
            found(99, false, false).is_login_allowed()
                && found(100, false, true).is_login_allowed()
        );
        assert!(
            !found(100, false, false).is_login_allowed()
                && !found(100, true, false).is_login_allowed()
        );
    }

    #[test]
    fn sign_in_from_unrecognized_client_after_failures_is_suspicious() {
        let user = ann();
        for (recent_failures, knows_network, knows_device, expected) in [
            (4, false, false, false),
            (5, false, false, true),
            (99, false, false, true),
            (5, true, false, true),
            (5, false, true, false),
        ] {
            let found = LoginCandidate {
                user: user.clone(),
                password: None,
                workspace: None,
                is_known_ip_prefix: knows_network,
                is_known_device: knows_device,
                recent_failures,
            };
            assert_eq!(found.is_suspicious(), expected, "{recent_failures} {knows_network}");
        }
    }

    #[test]
    fn platform_admin_flag_adds_a_role_name() {
        assert_eq!(role_names(Some(Role::Member), true), ["member", "platform_admin"]);
        assert!(role_names(None, false).is_empty());
    }
}
