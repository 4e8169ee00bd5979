use async_trait::async_trait;
use diesel::{
    AsChangeset, BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods,
    OptionalExtension, QueryDsl, SelectableHelper, dsl, sql_types,
};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    UserId,
    client::Network,
    email::EmailAddress,
    password::{PasswordHash, StoredPassword},
    ports::{InsertUserError, StorageError, UserRepository},
    profile::{Change, ProfileChange},
    user::{Credentials, LoginName, User},
};
use time::OffsetDateTime;

use super::{
    column::{DbId, DbTime, Id},
    dispatch::{read, write},
    error::CorruptRow,
    row::{UserRow, counter_from_db, counter_to_db, role_from_db},
    schema::{memberships, sessions, users},
    work::Work,
};

/// The version of an account's first password, or of the one that it may get later.
const FIRST_VERSION: i32 = 1;

#[derive(diesel::Insertable)]
#[diesel(table_name = users)]
struct NewUser<'a> {
    id: DbId,
    email: &'a str,
    email_key: String,
    username: &'a str,
    username_key: String,
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
    default_org_id: Option<DbId>,
    last_login_at: Option<DbTime>,
    created_at: DbTime,
    updated_at: DbTime,
}

impl<'a> NewUser<'a> {
    fn new(user: &'a User, hash: Option<&'a PasswordHash>) -> Self {
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
            default_org_id: user.default_org.map(Into::into),
            last_login_at: user.last_login_at.map(Into::into),
            created_at: user.created_at.into(),
            updated_at: user.updated_at.into(),
        }
    }
}

/// What of a profile changes: `None` leaves a column, `Some(None)` clears it.
#[derive(AsChangeset)]
#[diesel(table_name = users)]
struct ProfileUpdate<'a> {
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
    fn new(change: &'a ProfileChange, now: OffsetDateTime) -> Self {
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

type PasswordRow = (Option<String>, i32);
type CredentialsRow = (UserRow, PasswordRow, Option<DbId>, Option<String>, bool);

fn stored_password(id: DbId, row: PasswordRow) -> Result<Option<StoredPassword>, CorruptRow> {
    let (hash, version) = row;
    let Some(hash) = hash.map(PasswordHash::new) else { return Ok(None) };
    Ok(Some(StoredPassword { hash, version: counter_from_db(version, "users", id)? }))
}

fn credentials(row: CredentialsRow) -> Result<Credentials, StorageError> {
    let (user, password, org, role, knows_network) = row;
    let workspace = match (org, role) {
        (Some(org), Some(role)) => Some((org.into(), role_from_db(&role, "memberships", user.id)?)),
        _ => None,
    };
    Ok(Credentials {
        password: stored_password(user.id, password)?,
        user: user.into(),
        workspace,
        knows_network,
    })
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// The first that is not null.
    fn coalesce(
        first: sql_types::Nullable<Id>,
        second: sql_types::Nullable<Id>,
    ) -> sql_types::Nullable<Id>;
}

#[async_trait]
impl UserRepository for Work {
    async fn insert(
        &mut self,
        user: &User,
        password_hash: Option<PasswordHash>,
    ) -> Result<(), InsertUserError> {
        let row = NewUser::new(user, password_hash.as_ref());
        let inserted = write!(self, |conn| {
            diesel::insert_into(users::table)
                .values(&row)
                .on_conflict_do_nothing()
                .execute(conn)
                .await
        })?;
        if inserted == 1 {
            return Ok(());
        }
        let holders: Vec<(String, String)> = read!(self, |conn| {
            users::table
                .filter(
                    users::email_key
                        .eq(&row.email_key)
                        .or(users::username_key.eq(&row.username_key)),
                )
                .select((users::email_key, users::username_key))
                .load(conn)
                .await
        })?;
        Err(InsertUserError::Taken {
            email: holders.iter().any(|(email, _)| *email == row.email_key),
            username: holders.iter().any(|(_, username)| *username == row.username_key),
        })
    }

    async fn find(&mut self, id: UserId) -> Result<Option<User>, StorageError> {
        let row = read!(self, |conn| {
            users::table
                .find(DbId::from(id))
                .select(UserRow::as_select())
                .first(conn)
                .await
                .optional()
        })?;
        Ok(row.map(User::from))
    }

    async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, StorageError> {
        let key = email.key();
        let row = read!(self, |conn| {
            users::table
                .filter(users::email_key.eq(&key))
                .select(UserRow::as_select())
                .first(conn)
                .await
                .optional()
        })?;
        Ok(row.map(User::from))
    }

    async fn credentials(
        &mut self,
        name: &LoginName,
        network: Network,
    ) -> Result<Option<Credentials>, StorageError> {
        let key = name.key();
        let network = network.to_string();
        let joined = diesel::alias!(memberships as joined);
        // One query, with the key's column chosen here: each is kept prepared by itself.
        macro_rules! by {
            ($column:expr) => {
                read!(self, |conn| {
                    let seen = dsl::exists(sessions::table.filter(
                        sessions::user_id.eq(users::id).and(sessions::network.eq(&network)),
                    ));
                    // The default organisation, or the one joined first: as a refresh falls back.
                    let of_theirs = joined.filter(joined.field(memberships::user_id).eq(users::id));
                    let org_id = joined.field(memberships::org_id);
                    let default = of_theirs
                        .filter(org_id.nullable().eq(users::default_org_id))
                        .select(org_id)
                        .single_value();
                    let first = of_theirs
                        .order((joined.field(memberships::joined_at).asc(), org_id.asc()))
                        .select(org_id)
                        .limit(1)
                        .single_value();
                    users::table
                        .left_join(
                            memberships::table.on(memberships::user_id
                                .eq(users::id)
                                .and(memberships::org_id.nullable().eq(coalesce(default, first)))),
                        )
                        .filter($column.eq(&key))
                        .select((
                            UserRow::as_select(),
                            (users::password_hash, users::password_version),
                            memberships::org_id.nullable(),
                            memberships::role.nullable(),
                            seen,
                        ))
                        .first::<CredentialsRow>(conn)
                        .await
                        .optional()
                })?
            };
        }
        let row = match name {
            LoginName::Username(_) => by!(users::username_key),
            LoginName::Email(_) => by!(users::email_key),
        };
        row.map(credentials).transpose()
    }

    async fn password(&mut self, id: UserId) -> Result<Option<StoredPassword>, StorageError> {
        let row: Option<PasswordRow> = read!(self, |conn| {
            users::table
                .find(DbId::from(id))
                .select((users::password_hash, users::password_version))
                .first(conn)
                .await
                .optional()
        })?;
        let Some(row) = row else { return Ok(None) };
        Ok(stored_password(id.into(), row)?)
    }

    async fn set_password(
        &mut self,
        id: UserId,
        hash: &PasswordHash,
        now: OffsetDateTime,
    ) -> Result<(), StorageError> {
        write!(self, |conn| {
            diesel::update(users::table.find(DbId::from(id)))
                .set((
                    users::password_hash.eq(hash.expose()),
                    users::password_version.eq(users::password_version + 1),
                    users::updated_at.eq(DbTime::from(now)),
                ))
                .execute(conn)
                .await
        })?;
        Ok(())
    }

    async fn change_password(
        &mut self,
        id: UserId,
        verified: u32,
        new: &PasswordHash,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        let verified = counter_to_db(verified);
        let changed = write!(self, |conn| {
            diesel::update(
                users::table
                    .find(DbId::from(id))
                    .filter(users::password_version.eq(verified))
                    .filter(users::password_hash.is_not_null()),
            )
            .set((
                users::password_hash.eq(new.expose()),
                users::password_version.eq(users::password_version + 1),
                users::updated_at.eq(DbTime::from(now)),
            ))
            .execute(conn)
            .await
        })?;
        Ok(changed == 1)
    }

    async fn rehash_password(
        &mut self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StorageError> {
        let replaced = write!(self, |conn| {
            diesel::update(
                users::table.find(DbId::from(id)).filter(users::password_hash.eq(old.expose())),
            )
            .set(users::password_hash.eq(new.expose()))
            .execute(conn)
            .await
        })?;
        Ok(replaced == 1)
    }

    async fn verify_email(
        &mut self,
        id: UserId,
        email: &EmailAddress,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        let now = DbTime::from(now);
        let is_theirs = |user: &User| user.email == *email;
        let marked = write!(self, |conn| {
            diesel::update(
                users::table
                    .find(DbId::from(id))
                    .filter(users::email.eq(email.as_str()).and(users::verified_at.is_null())),
            )
            .set((users::verified_at.eq(now), users::updated_at.eq(now)))
            .execute(conn)
            .await
        })?;
        if marked == 1 {
            return Ok(true);
        }
        let user = UserRepository::find(self, id).await?;
        Ok(user.is_some_and(|user| is_theirs(&user) && user.is_verified()))
    }

    async fn update_profile(
        &mut self,
        id: UserId,
        change: &ProfileChange,
        now: OffsetDateTime,
    ) -> Result<Option<User>, StorageError> {
        let update = ProfileUpdate::new(change, now);
        let row = write!(self, |conn| {
            diesel::update(users::table.find(DbId::from(id)))
                .set(&update)
                .returning(UserRow::as_returning())
                .get_result(conn)
                .await
                .optional()
        })?;
        Ok(row.map(User::from))
    }

    async fn set_disabled(
        &mut self,
        id: UserId,
        disabled_at: Option<OffsetDateTime>,
    ) -> Result<(), StorageError> {
        write!(self, |conn| {
            diesel::update(users::table.find(DbId::from(id)))
                .set(users::disabled_at.eq(disabled_at.map(DbTime::from)))
                .execute(conn)
                .await
        })?;
        Ok(())
    }
}
