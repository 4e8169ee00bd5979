pub(crate) mod expressions;
mod pattern;
mod rows;
mod sign_in;

use async_trait::async_trait;
use diesel::{
    BoolExpressionMethods, EscapeExpressionMethods, ExpressionMethods, IntoSql, OptionalExtension,
    QueryDsl, SelectableHelper, TextExpressionMethods, sql_types,
};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    UserId,
    account::{
        email::EmailAddress,
        profile::ProfileChange,
        user::{ClientEvidence, EmailChange, LoginCandidate, LoginIdentifier, User, UserFilter},
        username::Username,
    },
    credential::password::{NewHash, PasswordHash, StoredPassword},
    pagination::{Page, PageQuery},
    ports::{ChangeEmailError, InsertUserError, StorageError, UserRepository},
    token::TokenRef,
};
use time::OffsetDateTime;

use crate::storage::{
    sql::{
        column::{DbId, DbTime},
        dispatch::{read, rows_after_completion, write},
        row::{UserRow, counter_from_db, counter_to_db},
        schema::users,
    },
    unit_of_work::SqlUnitOfWork,
};
use expressions::RandomOrder;
use pattern::beginning_with;
use rows::{NewPassword, NewUser, PasswordRow, ProfileUpdate, stored_password};

#[async_trait]
impl UserRepository for SqlUnitOfWork {
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

    async fn find_by_username(&mut self, name: &Username) -> Result<Option<User>, StorageError> {
        let key = name.key();
        let row = read!(self, |conn| {
            users::table
                .filter(users::username_key.eq(&key))
                .select(UserRow::as_select())
                .first(conn)
                .await
                .optional()
        })?;
        Ok(row.map(User::from))
    }

    async fn login_candidate(
        &mut self,
        name: &LoginIdentifier,
        client: &ClientEvidence,
    ) -> Result<Option<LoginCandidate>, StorageError> {
        sign_in::credentials(self, name, client).await
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
        new: &NewHash,
    ) -> Result<Option<u32>, StorageError> {
        let id = DbId::from(id);
        let version: Option<i32> = write!(self, |conn| {
            rows_after_completion(
                diesel::update(users::table.find(id))
                    .set(NewPassword::from(new))
                    .returning(users::password_version)
                    .load(conn)
                    .await,
            )
        })?;
        let version = version.map(|version| counter_from_db(version, "users", id));
        version.transpose().map_err(Into::into)
    }

    async fn change_password(
        &mut self,
        id: UserId,
        verified: u32,
        new: &NewHash,
    ) -> Result<bool, StorageError> {
        let verified = counter_to_db(verified);
        let changed = write!(self, |conn| {
            diesel::update(
                users::table
                    .find(DbId::from(id))
                    .filter(users::password_version.eq(verified))
                    .filter(users::password_hash.is_not_null()),
            )
            .set(NewPassword::from(new))
            .execute(conn)
            .await
        })?;
        Ok(changed == 1)
    }

    async fn count_device_failure(
        &mut self,
        id: UserId,
        device: TokenRef,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        sign_in::count_device_failure(self, id.into(), device, now).await
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

    async fn password_sample(&mut self, limit: u16) -> Result<Vec<PasswordHash>, StorageError> {
        let hashes: Vec<Option<String>> = read!(self, |conn| {
            users::table
                .filter(users::password_hash.is_not_null())
                .select(users::password_hash)
                .order(RandomOrder)
                .limit(limit.into())
                .load(conn)
                .await
        })?;
        Ok(hashes.into_iter().flatten().map(PasswordHash::new).collect())
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
            .set((
                users::verified_at.eq(now),
                users::is_provisional.eq(false),
                users::updated_at.eq(now),
            ))
            .execute(conn)
            .await
        })?;
        if marked == 1 {
            return Ok(true);
        }
        let user = UserRepository::find(self, id).await?;
        Ok(user.is_some_and(|user| is_theirs(&user) && user.is_verified()))
    }

    async fn change_email(
        &mut self,
        id: UserId,
        change: &EmailChange,
        now: OffsetDateTime,
    ) -> Result<bool, ChangeEmailError> {
        let EmailChange { from, to, unverified_only, verified_at } = change;
        let changed = write!(self, |conn| {
            let updated = diesel::update(
                users::table.find(DbId::from(id)).filter(users::email.eq(from.as_str())).filter(
                    (!unverified_only)
                        .into_sql::<sql_types::Bool>()
                        .or(users::verified_at.is_null()),
                ),
            )
            .set((
                users::email.eq(to.as_str()),
                users::email_key.eq(to.key()),
                users::verified_at.eq(verified_at.map(DbTime::from)),
                users::is_provisional.eq(users::is_provisional
                    .or(unverified_only.into_sql::<sql_types::Bool>())
                    .and(verified_at.is_none().into_sql::<sql_types::Bool>())),
                users::updated_at.eq(DbTime::from(now)),
            ))
            .execute(conn)
            .await;
            match updated {
                Err(diesel::result::Error::DatabaseError(
                    diesel::result::DatabaseErrorKind::UniqueViolation,
                    _,
                )) => Ok(None),
                updated => updated.map(Some),
            }
        })?;
        Ok(changed.ok_or(ChangeEmailError::Taken)? == 1)
    }

    async fn update_profile(
        &mut self,
        id: UserId,
        change: &ProfileChange,
        now: OffsetDateTime,
    ) -> Result<Option<User>, StorageError> {
        let update = ProfileUpdate::new(change, now);
        let row = write!(self, |conn| {
            rows_after_completion(
                diesel::update(users::table.find(DbId::from(id)))
                    .set(&update)
                    .returning(UserRow::as_returning())
                    .load(conn)
                    .await,
            )
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

    async fn list(
        &mut self,
        filter: &UserFilter,
        page: PageQuery<UserId>,
    ) -> Result<Page<User, UserId>, StorageError> {
        let before = DbId::from(page.after.unwrap_or(UserId::LAST));
        let one_more = i64::try_from(page.limit.get() + 1).unwrap_or(i64::MAX);
        let begins = beginning_with(filter.prefix.as_deref().unwrap_or_default());
        let asked = |asked: bool| asked.into_sql::<sql_types::Bool>();
        let rows: Vec<UserRow> = read!(self, |conn| {
            let begins_so = users::email_key
                .like(&begins)
                .escape('\\')
                .or(users::username_key.like(&begins).escape('\\'));
            // One statement for all filters: a filter that isn't set matches every row.
            users::table
                .filter(users::id.lt(before).and(begins_so))
                .filter(asked(!filter.disabled).or(users::disabled_at.is_not_null()))
                .filter(asked(!filter.unverified).or(users::verified_at.is_null()))
                .filter(asked(!filter.platform_admins).or(users::is_platform_admin))
                .order(users::id.desc())
                .limit(one_more)
                .select(UserRow::as_select())
                .load(conn)
                .await
        })?;
        let found = rows.into_iter().map(User::from).collect();
        Ok(Page::new(found, page.limit, |user| user.id))
    }

    async fn set_platform_admin(
        &mut self,
        id: UserId,
        is_platform_admin: bool,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError> {
        let changed = write!(self, |conn| {
            diesel::update(
                users::table
                    .find(DbId::from(id))
                    .filter(users::is_platform_admin.ne(is_platform_admin)),
            )
            .set((
                users::is_platform_admin.eq(is_platform_admin),
                users::updated_at.eq(DbTime::from(now)),
            ))
            .execute(conn)
            .await
        })?;
        Ok(changed == 1)
    }

    async fn delete(&mut self, id: UserId) -> Result<bool, StorageError> {
        let deleted = write!(self, |conn| {
            diesel::delete(users::table.find(DbId::from(id))).execute(conn).await
        })?;
        Ok(deleted == 1)
    }
}
