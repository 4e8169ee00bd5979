//! The columns of an account that are written, and those that a sign-in reads.

use diesel::AsChangeset;
use doorward_domain::{
    account::{
        profile::{Change, ProfileChange},
        user::{LoginCandidate, User},
    },
    credential::password::{NewHash, PasswordHash, StoredPassword},
    ports::StorageError,
};
use time::OffsetDateTime;

use crate::storage::{
    error::CorruptRow,
    sql::{
        column::{DbId, DbTime},
        row::{UserRow, counter_from_db, role_from_db},
        schema::users,
    },
};

/// The version of an account's first password, even if the account has none yet.
pub(super) const FIRST_VERSION: i32 = 1;

#[derive(diesel::Insertable)]
#[diesel(table_name = users)]
pub(super) struct NewUser<'a> {
    id: DbId,
    email: &'a str,
    pub(super) email_key: String,
    username: &'a str,
    pub(super) username_key: String,
    password_hash: Option<&'a str>,
    password_version: i32,
    full_name: Option<&'a str>,
    avatar_url: Option<&'a str>,
    bio: Option<&'a str>,
    timezone: Option<&'a str>,
    locale: Option<&'a str>,
    preferences: &'a str,
    settings: &'a str,
    verified_at: Option<DbTime>,
    disabled_at: Option<DbTime>,
    is_platform_admin: bool,
    is_provisional: bool,
    default_org_id: Option<DbId>,
    last_login_at: Option<DbTime>,
    created_at: DbTime,
    updated_at: DbTime,
}

/// The changes to a row with a new password. The version is incremented.
#[derive(AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
pub(super) struct NewPassword<'a> {
    password_hash: Option<&'a str>,
    password_version: diesel::dsl::Add<users::password_version, i32>,
    password_set_at: Option<DbTime>,
    password_set_from: Option<String>,
    device_failures: i32,
    updated_at: DbTime,
}

impl<'a> From<&'a NewHash> for NewPassword<'a> {
    fn from(new: &'a NewHash) -> Self {
        Self {
            password_hash: Some(new.hash.expose()),
            password_version: users::password_version + 1,
            password_set_at: Some(new.at.into()),
            password_set_from: new.from.map(|network| network.to_string()),
            device_failures: 0,
            updated_at: new.at.into(),
        }
    }
}

impl<'a> NewUser<'a> {
    pub(super) fn new(user: &'a User, hash: Option<&'a PasswordHash>) -> Self {
        let profile = &user.profile;
        Self {
            id: user.id.into(),
            email: user.email.as_str(),
            email_key: user.email.key(),
            username: user.username.as_str(),
            username_key: user.username.key(),
            password_hash: hash.map(PasswordHash::expose),
            password_version: FIRST_VERSION,
            full_name: profile.full_name.as_ref().map(|text| text.as_str()),
            avatar_url: profile.avatar_url.as_ref().map(|text| text.as_str()),
            bio: profile.bio.as_ref().map(|text| text.as_str()),
            timezone: profile.timezone.as_ref().map(|text| text.as_str()),
            locale: profile.locale.as_ref().map(|text| text.as_str()),
            preferences: profile.preferences.as_str(),
            settings: profile.settings.as_str(),
            verified_at: user.verified_at.map(Into::into),
            disabled_at: user.disabled_at.map(Into::into),
            is_platform_admin: user.is_platform_admin,
            is_provisional: user.is_provisional,
            default_org_id: user.default_org.map(Into::into),
            last_login_at: user.last_login_at.map(Into::into),
            created_at: user.created_at.into(),
            updated_at: user.updated_at.into(),
        }
    }
}

/// The changes to a profile: `None` leaves a column unchanged, `Some(None)` clears it.
#[derive(AsChangeset)]
#[diesel(table_name = users)]
pub(super) struct ProfileUpdate<'a> {
    full_name: Option<Option<&'a str>>,
    avatar_url: Option<Option<&'a str>>,
    bio: Option<Option<&'a str>>,
    timezone: Option<Option<&'a str>>,
    locale: Option<Option<&'a str>>,
    preferences: Option<&'a str>,
    settings: Option<&'a str>,
    default_org_id: Option<Option<DbId>>,
    updated_at: DbTime,
}

impl<'a> ProfileUpdate<'a> {
    pub(super) fn new(change: &'a ProfileChange, now: OffsetDateTime) -> Self {
        fn text<'a, T>(
            change: &'a Change<T>,
            as_str: impl Fn(&'a T) -> &'a str,
        ) -> Option<Option<&'a str>> {
            change.as_update().map(|value| value.map(as_str))
        }
        Self {
            full_name: text(&change.full_name, |value| value.as_str()),
            avatar_url: text(&change.avatar_url, |value| value.as_str()),
            bio: text(&change.bio, |value| value.as_str()),
            timezone: text(&change.timezone, |value| value.as_str()),
            locale: text(&change.locale, |value| value.as_str()),
            preferences: text(&change.preferences, |value| value.as_str())
                .map(|object| object.unwrap_or("{}")),
            settings: text(&change.settings, |value| value.as_str())
                .map(|object| object.unwrap_or("{}")),
            default_org_id: change.default_org.as_update().map(|org| org.copied().map(Into::into)),
            updated_at: now.into(),
        }
    }
}

pub(super) type PasswordRow = (Option<String>, i32);
/// Whether the network is known, whether the device is known, and the number of failed sign-ins.
type ClientRow = (bool, bool, i64);
pub(super) type CredentialsRow = (UserRow, PasswordRow, Option<DbId>, Option<String>, ClientRow);

pub(super) fn stored_password(
    id: DbId,
    row: PasswordRow,
) -> Result<Option<StoredPassword>, CorruptRow> {
    let (hash, version) = row;
    let Some(hash) = hash.map(PasswordHash::new) else { return Ok(None) };
    Ok(Some(StoredPassword { hash, version: counter_from_db(version, "users", id)? }))
}

pub(super) fn credentials(row: CredentialsRow) -> Result<LoginCandidate, StorageError> {
    let (user, password, org, role, (knows_network, knows_device, failures)) = row;
    let workspace = match (org, role) {
        (Some(org), Some(role)) => Some((org.into(), role_from_db(&role, "memberships", user.id)?)),
        _ => None,
    };
    Ok(LoginCandidate {
        password: stored_password(user.id, password)?,
        user: user.into(),
        workspace,
        is_known_ip_prefix: knows_network,
        is_known_device: knows_device,
        recent_failures: failures.try_into().unwrap_or(u32::MAX),
    })
}
