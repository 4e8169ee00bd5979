//! The audit trail: who did what, when, and from where.

use time::OffsetDateTime;

use crate::{AuditEventId, OrgId, SessionId, UserId, client::Client};

macro_rules! audit_kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum AuditKind {
            $($(#[$doc])* $name,)+
        }

        impl AuditKind {
            /// The kind's name in storage and in logs.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// Reads a kind's name; `None` if there is no such kind.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
            }

            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$name,)+];
        }
    };
}

audit_kinds! {
    /// An account was made.
    Registered = "registered";
    /// An account was taken over from another system.
    Imported = "imported";
    /// A person signed in with a password.
    LoggedIn = "logged_in";
    /// Somebody gave a password that is not the account's, or the name of no account.
    LoginFailed = "login_failed";
    /// Too many wrong passwords came from a device or a session: the account does not recognize it any more.
    DeviceForgotten = "device_forgotten";
    /// A person signed out.
    LoggedOut = "logged_out";
    /// An old refresh token was used again, and the session ended for it.
    RefreshReused = "refresh_reused";
    /// A session was refreshed from another network than the time before.
    SessionNetworkChanged = "session_network_changed";
    /// A user continued a session in another organization.
    OrgSwitched = "org_switched";
    /// A person ended one of their sessions from another one, or an operator did.
    SessionRevoked = "session_revoked";
    /// A person ended all of their sessions but the one that asked.
    OtherSessionsRevoked = "other_sessions_revoked";
    /// An e-mail address was shown to be the person's, or an operator knows that it is.
    EmailVerified = "email_verified";
    /// A user gave their account another email address, or an operator did.
    EmailChanged = "email_changed";
    /// A person changed their password.
    PasswordChanged = "password_changed";
    /// A password was set through a mailed link.
    PasswordReset = "password_reset";
    /// The owner of an address took the account from the user who registered it: what it had was discarded.
    AccountReclaimed = "account_reclaimed";
    /// The owner of an address deleted the account that another user registered with it.
    RegistrationDisowned = "registration_disowned";
    /// An operator made an account.
    AccountCreated = "account_created";
    /// An operator switched an account off.
    AccountDisabled = "account_disabled";
    /// An operator switched an account on again.
    AccountEnabled = "account_enabled";
    /// An operator removed an account for good.
    AccountDeleted = "account_deleted";
    /// An operator set an account's password.
    PasswordSet = "password_set";
    /// An operator let a person run this server.
    AdminGranted = "admin_granted";
    /// A person runs this server no more.
    AdminRevoked = "admin_revoked";
    /// An operator ended all sessions of a person.
    AllSessionsRevoked = "all_sessions_revoked";
    /// An operator made a mail due again.
    MailRetried = "mail_retried";
    /// A new signing key was made.
    KeyRotated = "key_rotated";
    /// An organisation was made.
    OrgCreated = "org_created";
    /// An organisation was given another name.
    OrgRenamed = "org_renamed";
    /// An organisation was deleted, with its memberships and invites.
    OrgDeleted = "org_deleted";
    /// Somebody gave a member another role.
    MemberRoleChanged = "member_role_changed";
    /// Somebody took a member out of an organisation.
    MemberRemoved = "member_removed";
    /// A member left an organisation.
    MemberLeft = "member_left";
    /// Somebody was invited into an organisation.
    InviteCreated = "invite_created";
    /// An invite was sent again, which voids the link before.
    InviteRenewed = "invite_renewed";
    /// An invite was taken back.
    InviteRevoked = "invite_revoked";
    /// An invite was used.
    InviteAccepted = "invite_accepted";
}

/// An entry of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// The entry's id.
    pub id: AuditEventId,
    /// What happened.
    pub kind: AuditKind,
    /// When.
    pub at: OffsetDateTime,
    /// To whose account.
    pub user_id: Option<UserId>,
    /// In which organisation.
    pub org_id: Option<OrgId>,
    /// In which session; where a member's role or membership was changed by another one, in theirs.
    pub session_id: Option<SessionId>,
    /// From where.
    pub client: Client,
}
