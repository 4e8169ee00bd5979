//! Rows of the tables, and their conversion to entities.

use diesel::{Insertable, sql_types::Bool};
use doorward_domain::{
    AuditEventId, InviteId, MailId, OneTimeTokenId, OrgId, SessionId, UserId,
    account::{
        email::EmailAddress,
        profile::{AvatarUrl, Bio, FullName, Locale, Profile, Timezone},
        user::User,
        username::Username,
    },
    json_object::JsonObject,
    org::role::Role,
    pagination::PageSize,
    session::{Session, SessionEndReason, SessionState},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    column::{DbId, DbTime},
    selection::row,
};
use crate::storage::error::CorruptRow;

macro_rules! ids {
    ($($name:ident),+ $(,)?) => {$(
        impl From<$name> for DbId {
            fn from(id: $name) -> Self {
                Self(id.as_uuid())
            }
        }

        impl From<DbId> for $name {
            fn from(id: DbId) -> Self {
                Self::from_uuid(id.0)
            }
        }
    )+};
}

ids!(UserId, OrgId, SessionId, InviteId, OneTimeTokenId, MailId, AuditEventId);

impl From<Uuid> for DbId {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}

impl From<OffsetDateTime> for DbTime {
    fn from(time: OffsetDateTime) -> Self {
        Self(time)
    }
}

impl From<DbTime> for OffsetDateTime {
    fn from(time: DbTime) -> Self {
        time.0
    }
}

/// Converts the counter of a token or session, which the databases store as a signed integer.
pub(crate) fn counter_to_db(counter: u32) -> i32 {
    // A forged counter can't get here, because its MAC is wrong, and a real one would take 68 years to overflow at
    // one refresh per second. The value after the maximum matches no row.
    i32::try_from(counter).unwrap_or(-1)
}

pub(crate) fn counter_from_db(
    counter: i32,
    table: &'static str,
    row: DbId,
) -> Result<u32, CorruptRow> {
    u32::try_from(counter).map_err(|error| corrupt(table, "counter", row, &error))
}

pub(crate) fn corrupt(
    table: &'static str,
    column: &'static str,
    row: DbId,
    problem: &dyn ToString,
) -> CorruptRow {
    CorruptRow { table, column, row: row.0.to_string(), problem: problem.to_string() }
}

/// Returns one more than the page size, to detect whether there is a next page.
pub(crate) fn one_more(limit: PageSize) -> i64 {
    i64::try_from(limit.get() + 1).unwrap_or(i64::MAX)
}

pub(crate) fn role_from_db(text: &str, table: &'static str, row: DbId) -> Result<Role, CorruptRow> {
    Role::parse(text).ok_or_else(|| corrupt(table, "role", row, &text))
}

row! {
    /// A row of `users`, without the password hash.
    #[derive(Debug)]
    pub(crate) struct UserRow from users as UserColumns {
        id: DbId,
        email: String,
        username: String,
        full_name: Option<String>,
        avatar_url: Option<String>,
        bio: Option<String>,
        timezone: Option<String>,
        locale: Option<String>,
        preferences: String,
        settings: String,
        verified_at: Option<DbTime>,
        disabled_at: Option<DbTime>,
        is_platform_admin: bool,
        is_provisional: bool,
        default_org_id: Option<DbId>,
        last_login_at: Option<DbTime>,
        created_at: DbTime,
        updated_at: DbTime,
    }
    and { has_password: bool as Bool = "users.password_hash IS NOT NULL" }
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id.into(),
            email: EmailAddress::from_stored(row.email),
            username: Username::from_stored(row.username),
            profile: Profile {
                full_name: row.full_name.map(FullName::from_stored),
                avatar_url: row.avatar_url.map(AvatarUrl::from_stored),
                bio: row.bio.map(Bio::from_stored),
                timezone: row.timezone.map(Timezone::from_stored),
                locale: row.locale.map(Locale::from_stored),
                preferences: JsonObject::from_stored(row.preferences),
                settings: JsonObject::from_stored(row.settings),
            },
            verified_at: row.verified_at.map(Into::into),
            disabled_at: row.disabled_at.map(Into::into),
            is_platform_admin: row.is_platform_admin,
            is_provisional: row.is_provisional,
            has_password: row.has_password,
            default_org: row.default_org_id.map(Into::into),
            last_login_at: row.last_login_at.map(Into::into),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
        }
    }
}

row! {
    /// A row of `sessions`.
    #[derive(Debug, Insertable)]
    #[diesel(table_name = super::schema::sessions)]
    pub(crate) struct SessionRow from sessions as SessionColumns {
        id: DbId,
        user_id: DbId,
        org_id: Option<DbId>,
        generation: i32,
        created_at: DbTime,
        rotated_at: DbTime,
        idle_expires_at: DbTime,
        expires_at: DbTime,
        network: String,
        user_agent: Option<String>,
        last_network: String,
        last_user_agent: Option<String>,
        previous_network: String,
        ended_at: Option<DbTime>,
        ended_reason: Option<String>,
    }
}

impl From<&Session> for SessionRow {
    fn from(session: &Session) -> Self {
        let (ended_at, ended_reason) = match session.state {
            SessionState::Live => (None, None),
            SessionState::Ended { at, reason } => (Some(at.into()), Some(reason.as_str().into())),
        };
        Self {
            id: session.id.into(),
            user_id: session.user_id.into(),
            org_id: session.org_id.map(Into::into),
            generation: counter_to_db(session.generation),
            created_at: session.created_at.into(),
            rotated_at: session.rotated_at.into(),
            idle_expires_at: session.idle_expires_at.into(),
            expires_at: session.expires_at.into(),
            network: session.network.to_string(),
            user_agent: session.user_agent.clone(),
            last_network: session.last_network.to_string(),
            last_user_agent: session.last_user_agent.clone(),
            previous_network: session.last_network.to_string(),
            ended_at,
            ended_reason,
        }
    }
}

impl TryFrom<SessionRow> for Session {
    type Error = CorruptRow;

    fn try_from(row: SessionRow) -> Result<Self, CorruptRow> {
        let problem = |column, error: &dyn ToString| corrupt("sessions", column, row.id, error);
        let state = match (row.ended_at, &row.ended_reason) {
            (None, _) => SessionState::Live,
            (Some(at), reason) => {
                let reason = reason.as_deref().and_then(SessionEndReason::parse);
                let reason = reason.ok_or_else(|| problem("ended_reason", &"unknown"))?;
                SessionState::Ended { at: at.into(), reason }
            }
        };
        Ok(Self {
            id: row.id.into(),
            user_id: row.user_id.into(),
            org_id: row.org_id.map(Into::into),
            generation: counter_from_db(row.generation, "sessions", row.id)?,
            created_at: row.created_at.into(),
            rotated_at: row.rotated_at.into(),
            idle_expires_at: row.idle_expires_at.into(),
            expires_at: row.expires_at.into(),
            network: row.network.parse().map_err(|e| problem("network", &e))?,
            user_agent: row.user_agent,
            last_network: row.last_network.parse().map_err(|e| problem("last_network", &e))?,
            last_user_agent: row.last_user_agent,
            state,
        })
    }
}
