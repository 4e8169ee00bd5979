use std::collections::BTreeMap;

use doorward_domain::{
    AuditEventId, InviteId, MailId, OneTimeTokenId, OrgId, SessionId, UserId,
    audit::AuditEvent,
    client::Network,
    invite::Invite,
    mail::{MailState, OutboxEntry},
    membership::Membership,
    one_time_token::{OneTimePurpose, OneTimeToken},
    org::Org,
    page::{Page, PageRequest},
    password::PasswordHash,
    ports::StorageError,
    role::Role,
    session::Session,
    signing_key::SigningKey,
    user::User,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::table::Table;

/// All that is stored. A unit of work changes a copy of it, which takes its place at the commit.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is the table it is named after")]
pub struct State {
    pub users: Table<UserId, Account>,
    pub orgs: Table<OrgId, Org>,
    pub memberships: Table<(UserId, OrgId), Membership>,
    pub invites: Table<InviteId, Invite>,
    pub sessions: Table<SessionId, Session>,
    pub one_time_tokens: Table<OneTimeTokenId, IssuedToken>,
    pub outbox: Table<MailId, Mail>,
    /// By the beginning of the day and what is counted.
    pub mail_allowances: Table<(OffsetDateTime, String), u32>,
    pub audit: Table<AuditEventId, AuditEvent>,
    /// By the order that they were made in.
    pub signing_keys: Table<u32, SigningKey>,
}

/// A row of users.
#[derive(Debug, Clone)]
pub struct Account {
    /// The account itself.
    pub user: User,
    /// Its password's hash, if it has one.
    pub password: Option<PasswordHash>,
    /// Moves on with each change of the password.
    pub password_version: u32,
    /// When and from where the password was set, if it was after the account was created.
    pub password_set: Option<(OffsetDateTime, Option<Network>)>,
    /// Wrong passwords of each session, and, by the account's id, of the device that the password was reset on.
    pub device_failures: BTreeMap<Uuid, u32>,
}

/// A row of single-use tokens.
#[derive(Debug, Clone)]
pub struct IssuedToken {
    /// What it is for.
    pub purpose: OneTimePurpose,
    /// The token itself.
    pub token: OneTimeToken,
}

/// A row of the outbox.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The mail itself.
    pub entry: OutboxEntry,
    /// When it is tried next.
    pub due_at: OffsetDateTime,
    /// In this order the messages of a lane go out.
    pub turn_at: OffsetDateTime,
    /// When it went out.
    pub sent_at: Option<OffsetDateTime>,
    /// When it was given up.
    pub parked_at: Option<OffsetDateTime>,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// What there is to be one of: the day, the subject and the address.
    pub once_key: Option<String>,
}

impl Mail {
    /// Whether it has to go out.
    pub fn is_waiting(&self) -> bool {
        self.sent_at.is_none() && self.parked_at.is_none()
    }

    /// What became of it.
    pub fn state(&self) -> MailState {
        match (self.sent_at, self.parked_at) {
            (Some(at), _) => MailState::Sent { at },
            (None, Some(at)) => MailState::Parked { at },
            (None, None) => MailState::Waiting { due_at: self.due_at },
        }
    }
}

impl State {
    /// A person's role in an organisation.
    pub fn role(&self, user_id: UserId, org_id: OrgId) -> Option<Role> {
        self.memberships.get(&(user_id, org_id)).map(|membership| membership.role)
    }

    /// A person's memberships in the order of joining.
    pub(super) fn memberships_of(&self, user_id: UserId) -> Vec<&Membership> {
        let mut found: Vec<_> =
            self.memberships.rows().filter(|membership| membership.user_id == user_id).collect();
        found.sort_by_key(|membership| (membership.joined_at, membership.org_id));
        found
    }

    /// Where a person works if nothing else is said: in their default organisation, else in the one joined
    /// first.
    pub(super) fn workspace(&self, user: &User) -> Option<(OrgId, Role)> {
        let default = user.default_org.and_then(|org| self.memberships.get(&(user.id, org)));
        default
            .or_else(|| self.memberships_of(user.id).into_iter().next())
            .map(|membership| (membership.org_id, membership.role))
    }
}

/// A page of rows that come with the latest key first.
pub(super) fn page<'a, K: Ord + Copy + 'a, V: 'a, T>(
    rows: impl Iterator<Item = (K, &'a V)>,
    request: PageRequest<K>,
    item: impl Fn(&'a V) -> T,
) -> Page<T, K> {
    let after = rows.filter(|(key, _)| request.after.is_none_or(|after| *key < after));
    let found = after.take(request.limit.get() + 1).map(|(key, row)| (key, item(row))).collect();
    let Page { items, next } = Page::new(found, request.limit, |(key, _): &(K, T)| *key);
    Page { items: items.into_iter().map(|(_, item)| item).collect(), next }
}

/// What the databases say of a row that refers to nothing.
pub(super) fn refers_to_nothing() -> StorageError {
    StorageError::Unavailable("a row would refer to one that is not there".into())
}

/// What the databases say of a second row with one key.
pub(super) fn is_there_already() -> StorageError {
    StorageError::Fault("there is a row with this key already".into())
}
