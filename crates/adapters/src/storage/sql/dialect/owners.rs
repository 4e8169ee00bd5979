//! Creation of an organization by a user: the organizations that the user owns are counted while no other
//! transaction can change them.

use diesel::QueryDsl;
use diesel_async::RunQueryDsl;
use doorward_domain::ports::StorageError;

use crate::storage::{
    error,
    sql::{
        column::{DbId, DbTime},
        dispatch::with_timeout,
        schema::users,
        statement::statement,
    },
    unit_of_work::{Conn, SqlUnitOfWork},
};

statement! {
    /// Inserts a membership as an owner if the user owns fewer than `limit` shared organizations.
    InsertOwner -> () { user_id: DbId, org_id: DbId, joined_at: DbTime, limit: i32 }
    "INSERT INTO memberships (user_id, org_id, role, joined_at) SELECT ", user_id, ", ", org_id, ", 'owner', ",
    joined_at, " WHERE (SELECT count(*) FROM memberships AS owned JOIN orgs ON orgs.id = owned.org_id \
        WHERE owned.user_id = ", user_id, " AND owned.role = 'owner' AND orgs.kind = 'shared') < ", limit,
}

/// Inserts a membership unless the user owns `limit` shared organizations. Returns `true` if it did.
pub(crate) async fn insert_owner(
    work: &mut SqlUnitOfWork,
    user_id: DbId,
    org_id: DbId,
    joined_at: DbTime,
    limit: i32,
) -> Result<bool, StorageError> {
    let insert = InsertOwner { user_id, org_id, joined_at, limit };
    match work.writer().await? {
        Conn::Pg(guard) => {
            // A separate statement, so that the count sees the changes that it waited for. Not FOR UPDATE:
            // transactions that insert references to the row would wait for it.
            let user = users::table.find(user_id).select(users::id).for_no_key_update();
            with_timeout!(guard, |conn| RunQueryDsl::execute(user, conn).await)
                .map_err(error::storage)?;
            with_timeout!(guard, |conn| RunQueryDsl::execute(insert, conn).await)
        }
        // SQLite has one writer at a time.
        Conn::Sqlite(guard) => RunQueryDsl::execute(insert, &mut **guard).await,
    }
    .map(|added| added == 1)
    .map_err(error::storage)
}
