use async_trait::async_trait;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, NullableExpressionMethods,
    OptionalExtension, QueryDsl, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    ports::{SigningKeyRepository, StorageError},
    signing_key::SigningKey,
};
use time::OffsetDateTime;

use crate::storage::{
    sql::{
        column::DbTime,
        dispatch::{read, write},
        schema::signing_keys,
        selection::row,
    },
    unit_of_work::SqlUnitOfWork,
};

row! {
    #[derive(Insertable)]
    #[diesel(table_name = signing_keys)]
    struct KeyRow from signing_keys as KeyColumns {
        kid: String,
        ordinal: i32,
        algorithm: String,
        public_key: Vec<u8>,
        encrypted_private_key: Vec<u8>,
        created_at: DbTime,
        activates_at: DbTime,
        expires_at: Option<DbTime>,
    }
}

impl KeyRow {
    fn new(key: &SigningKey, ordinal: i32) -> Self {
        Self {
            kid: key.kid.clone(),
            ordinal,
            algorithm: key.algorithm.clone(),
            public_key: key.public_key.clone(),
            encrypted_private_key: key.encrypted_private_key.clone(),
            created_at: key.created_at.into(),
            activates_at: key.activates_at.into(),
            expires_at: key.expires_at.map(Into::into),
        }
    }
}

impl From<KeyRow> for SigningKey {
    fn from(row: KeyRow) -> Self {
        Self {
            kid: row.kid,
            algorithm: row.algorithm,
            public_key: row.public_key,
            encrypted_private_key: row.encrypted_private_key,
            created_at: row.created_at.into(),
            activates_at: row.activates_at.into(),
            expires_at: row.expires_at.map(Into::into),
        }
    }
}

#[async_trait]
impl SigningKeyRepository for SqlUnitOfWork {
    async fn list(&mut self) -> Result<Vec<SigningKey>, StorageError> {
        let rows = read!(self, |conn| {
            signing_keys::table
                .order(signing_keys::ordinal)
                .select(KeyRow::as_select())
                .load(conn)
                .await
        })?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    async fn insert_first(&mut self, key: &SigningKey) -> Result<(), StorageError> {
        let row = KeyRow::new(key, 1);
        self.insert(row).await?;
        Ok(())
    }

    async fn insert_next(&mut self, newest: &str, key: &SigningKey) -> Result<bool, StorageError> {
        let last = read!(self, |conn| {
            signing_keys::table
                .order(signing_keys::ordinal.desc())
                .select((signing_keys::kid, signing_keys::ordinal))
                .first::<(String, i32)>(conn)
                .await
                .optional()
        })?;
        match last {
            // The ordinal is unique, so a concurrent writer that read the same state fails here.
            Some((kid, ordinal)) if kid == newest => {
                self.insert(KeyRow::new(key, ordinal + 1)).await
            }
            Some(_) | None => Ok(false),
        }
    }

    async fn activate_earlier(
        &mut self,
        kid: &str,
        activates_at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        let activates_at = DbTime::from(activates_at);
        write!(self, |conn| {
            diesel::update(
                signing_keys::table.filter(
                    signing_keys::kid.eq(kid).and(signing_keys::activates_at.gt(activates_at)),
                ),
            )
            .set(signing_keys::activates_at.eq(activates_at))
            .execute(conn)
            .await
        })?;
        Ok(())
    }

    async fn expire_others(&mut self, kid: &str, end: OffsetDateTime) -> Result<(), StorageError> {
        let end = DbTime::from(end);
        write!(self, |conn| {
            diesel::update(
                signing_keys::table.filter(
                    signing_keys::kid.ne(kid).and(
                        signing_keys::expires_at
                            .is_null()
                            .or(signing_keys::expires_at.gt(end).assume_not_null()),
                    ),
                ),
            )
            .set(signing_keys::expires_at.eq(end))
            .execute(conn)
            .await
        })?;
        Ok(())
    }

    async fn replace_ciphertext(
        &mut self,
        kid: &str,
        old: &[u8],
        new: &[u8],
    ) -> Result<bool, StorageError> {
        let rows =
            write!(self, |conn| {
                diesel::update(signing_keys::table.filter(
                    signing_keys::kid.eq(kid).and(signing_keys::encrypted_private_key.eq(old)),
                ))
                .set(signing_keys::encrypted_private_key.eq(new))
                .execute(conn)
                .await
            })?;
        Ok(rows == 1)
    }

    async fn delete_expired(&mut self, before: OffsetDateTime) -> Result<usize, StorageError> {
        let before = DbTime::from(before);
        write!(self, |conn| {
            diesel::delete(
                signing_keys::table.filter(signing_keys::expires_at.le(before).assume_not_null()),
            )
            .execute(conn)
            .await
        })
    }
}

impl SqlUnitOfWork {
    async fn insert(&mut self, row: KeyRow) -> Result<bool, StorageError> {
        let rows = write!(self, |conn| {
            diesel::insert_into(signing_keys::table)
                .values(&row)
                .on_conflict_do_nothing()
                .execute(conn)
                .await
        })?;
        Ok(rows == 1)
    }
}
