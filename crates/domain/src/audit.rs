//! The audit trail: which user did what, when, and from where.

use time::OffsetDateTime;

use crate::{AuditEventId, OrgId, SessionId, UserId, request_context::RequestContext};

macro_rules! audit_kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        /// The kind of an audit event.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum AuditKind {
            $($(#[$doc])* $name,)+
        }

        impl AuditKind {
            /// Returns the name of the kind in storage and in logs.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// Parses the name of a kind. Returns `None` if there is no such kind.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
            }

            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$name,)+];
        }
    };
}

audit_kinds! {
    /// An account was registered.
    Registered = "registered";
    /// An account was imported from another system.
    Imported = "imported";
    /// A user signed in with a password.
    LoggedIn = "logged_in";
    /// A sign-in failed: the password was wrong, or no account has the name.
    LoginFailed = "login_failed";
    /// Too many incorrect passwords came from a device or session. The device is no longer recognized.
    DeviceForgotten = "device_forgotten";
    /// A user signed out.
    LoggedOut = "logged_out";
    /// An old refresh token was used again, and the session was ended.
    RefreshReused = "refresh_token_reuse_detected";
    /// A session was refreshed from a different network than before.
    SessionNetworkChanged = "session_network_changed";
    /// A user continued a session in another organization.
    OrgSwitched = "org_switched";
    /// A user ended one of their sessions from another session, or an operator ended it.
    SessionRevoked = "session_revoked";
    /// A user ended all of their other sessions.
    OtherSessionsRevoked = "other_sessions_revoked";
    /// An email address was verified by the user or by an operator.
    EmailVerified = "email_verified";
    /// A user or an operator changed the email address of an account.
    EmailChanged = "email_changed";
    /// A user changed their password.
    PasswordChanged = "password_changed";
    /// A password was set through a link from an email.
    PasswordReset = "password_reset";
    /// The owner of an email address took over the account that another user registered with it. The
    /// account's contents were discarded.
    AccountReclaimed = "account_reclaimed";
    /// The owner of an email address deleted the account that another user registered with it.
    RegistrationDisowned = "registration_disowned";
    /// An operator created an account.
    AccountCreated = "account_created";
    /// An operator disabled an account.
    AccountDisabled = "account_disabled";
    /// An operator enabled an account.
    AccountEnabled = "account_enabled";
    /// An operator deleted an account.
    AccountDeleted = "account_deleted";
    /// An operator set an account's password.
    PasswordSet = "password_set_by_operator";
    /// An operator made a user a platform administrator.
    AdminGranted = "platform_admin_granted";
    /// A user is no longer a platform administrator.
    AdminRevoked = "platform_admin_revoked";
    /// An operator ended all sessions of a user.
    AllSessionsRevoked = "all_sessions_revoked";
    /// An operator retried a message.
    MailRetried = "mail_retried";
    /// A new signing key was created, or the next one was activated early.
    KeyRotated = "key_rotated";
    /// An organization was created.
    OrgCreated = "org_created";
    /// An organization was renamed.
    OrgRenamed = "org_renamed";
    /// An organization was deleted, with its memberships and invites.
    OrgDeleted = "org_deleted";
    /// The role of a member was changed.
    MemberRoleChanged = "member_role_changed";
    /// A member was removed from an organization.
    MemberRemoved = "member_removed";
    /// A member left an organization.
    MemberLeft = "member_left";
    /// A user was invited to an organization.
    InviteCreated = "invite_created";
    /// An invite was sent again, which invalidates the earlier link.
    InviteRenewed = "invite_renewed";
    /// An invite was revoked.
    InviteRevoked = "invite_revoked";
    /// An invite was accepted.
    InviteAccepted = "invite_accepted";
}

/// An entry in the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// The ID of the entry.
    pub id: AuditEventId,
    /// The kind of the event.
    pub kind: AuditKind,
    /// When it happened.
    pub at: OffsetDateTime,
    /// The user whose account it concerns.
    pub user_id: Option<UserId>,
    /// The organization that it concerns.
    pub org_id: Option<OrgId>,
    /// The session that it concerns. If a member changed another member's role or membership, it is the session of the
    /// member who made the change.
    pub session_id: Option<SessionId>,
    /// The client that caused it.
    pub client: RequestContext,
}
