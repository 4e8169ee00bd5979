use std::collections::BTreeMap;

use doorward_domain::{
    AuditEventId, InviteId, MailId, OneTimeTokenId, OrgId, SessionId, UserId,
    account::user::User,
    audit::AuditEvent,
    credential::password::PasswordHash,
    mail::{MailState, OutboxEntry},
    org::{Org, invite::Invite, membership::Membership, role::Role},
    pagination::{Page, PageQuery},
    ports::StorageError,
    request_context::IpPrefix,
    session::Session,
    signing_key::SigningKey,
    token::one_time::{OneTimePurpose, OneTimeToken},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::table::Table;

/// The stored data. A unit of work changes a copy, which replaces the original at the commit.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is the table with its name")]
pub struct State {
    pub users: Table<UserId, Account>,
    pub orgs: Table<OrgId, Org>,
    pub memberships: Table<(UserId, OrgId), Membership>,
    pub invites: Table<InviteId, Invite>,
    pub sessions: Table<SessionId, Session>,
    pub one_time_tokens: Table<OneTimeTokenId, IssuedToken>,
    pub outbox: Table<MailId, Mail>,
    /// By the beginning of the day and the key that is counted.
    pub mail_allowances: Table<(OffsetDateTime, String), u32>,
    pub audit: Table<AuditEventId, AuditEvent>,
    /// By the order of their creation.
    pub signing_keys: Table<u32, SigningKey>,
}

/// A row of users.
#[derive(Debug, Clone)]
pub struct Account {
    /// The account.
    pub user: User,
    /// The hash of its password, if it has one.
    pub password: Option<PasswordHash>,
    /// Incremented by each change of the password.
    pub password_version: u32,
    /// When and from where the password was set, if that was after the account was created.
    pub password_set: Option<(OffsetDateTime, Option<IpPrefix>)>,
    /// The number of incorrect passwords by session, and by the account's ID for the device on which the password
    /// was reset.
    pub device_failures: BTreeMap<Uuid, u32>,
}

/// A row of single-use tokens.
#[derive(Debug, Clone)]
pub struct IssuedToken {
    /// The purpose.
    pub purpose: OneTimePurpose,
    /// The token.
    pub token: OneTimeToken,
}

/// A row of the outbox.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The message.
    pub entry: OutboxEntry,
    /// When the next attempt is due.
    pub due_at: OffsetDateTime,
    /// The order in which the messages of a lane are sent.
    pub turn_at: OffsetDateTime,
    /// When it was sent.
    pub sent_at: Option<OffsetDateTime>,
    /// When it was marked as failed.
    pub failed_at: Option<OffsetDateTime>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// The key that is unique for a message per day: the day, the kind, and the email address.
    pub once_key: Option<String>,
}

impl Mail {
    /// Returns `true` if it is waiting to be sent.
    pub fn is_waiting(&self) -> bool {
        self.sent_at.is_none() && self.failed_at.is_none()
    }

    /// Returns its delivery state.
    pub fn state(&self) -> MailState {
        match (self.sent_at, self.failed_at) {
            (Some(at), _) => MailState::Sent { at },
            (None, Some(at)) => MailState::Failed { at },
            (None, None) => MailState::Waiting { due_at: self.due_at },
        }
    }
}

impl State {
    /// Returns a user's role in an organization.
    pub fn role(&self, user_id: UserId, org_id: OrgId) -> Option<Role> {
        self.memberships.get(&(user_id, org_id)).map(|membership| membership.role)
    }

    /// Returns a user's memberships in the order of joining.
    pub(super) fn memberships_of(&self, user_id: UserId) -> Vec<&Membership> {
        let mut found: Vec<_> =
            self.memberships.rows().filter(|membership| membership.user_id == user_id).collect();
        found.sort_by_key(|membership| (membership.joined_at, membership.org_id));
        found
    }

    /// Returns the organization in which a user acts by default: their default organization, else the one
    /// joined first.
    pub(super) fn workspace(&self, user: &User) -> Option<(OrgId, Role)> {
        let default = user.default_org.and_then(|org| self.memberships.get(&(user.id, org)));
        default
            .or_else(|| self.memberships_of(user.id).into_iter().next())
            .map(|membership| (membership.org_id, membership.role))
    }
}

/// Returns a page of rows. The rows come with the latest key first.
pub(super) fn page<'a, K: Ord + Copy + 'a, V: 'a, T>(
    rows: impl Iterator<Item = (K, &'a V)>,
    request: PageQuery<K>,
    item: impl Fn(&'a V) -> T,
) -> Page<T, K> {
    let after = rows.filter(|(key, _)| request.after.is_none_or(|after| *key < after));
    let found = after.take(request.limit.get() + 1).map(|(key, row)| (key, item(row))).collect();
    let Page { items, next } = Page::new(found, request.limit, |(key, _): &(K, T)| *key);
    Page { items: items.into_iter().map(|(_, item)| item).collect(), next }
}

/// Returns the error of the databases for a row that refers to a missing one.
pub(super) fn refers_to_nothing() -> StorageError {
    StorageError::Unavailable("the row refers to a missing row".into())
}

/// Returns the error of the databases for a second row with the same key.
pub(super) fn is_there_already() -> StorageError {
    StorageError::Fault("a row with this key exists already".into())
}
