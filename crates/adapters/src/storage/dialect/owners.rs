//! A user who creates an organization: how many they own is counted while no other transaction changes it.

use diesel::QueryDsl;
use diesel_async::RunQueryDsl;
use doorward_domain::ports::StorageError;

use crate::storage::{
    column::{DbId, DbTime},
    dispatch::in_time,
    error,
    schema::users,
    statement::statement,
    work::{Conn, Work},
};

statement! {
    /// A membership as an owner, if the user owns few enough.
    InsertOwner -> () { user_id: DbId, org_id: DbId, joined_at: DbTime, limit: i32 }
    "INSERT INTO memberships (user_id, org_id, role, joined_at) SELECT ", user_id, ", ", org_id, ", 'owner', ",
    joined_at, " WHERE (SELECT count(*) FROM memberships AS owned JOIN orgs ON orgs.id = owned.org_id \
        WHERE owned.user_id = ", user_id, " AND owned.role = 'owner' AND orgs.kind = 'shared') < ", limit,
}

/// Adds a membership unless the user owns `limit` shared organizations. Returns `true` if it did.
pub(in crate::storage) async fn insert_owner(
    work: &mut Work,
    user_id: DbId,
    org_id: DbId,
    joined_at: DbTime,
    limit: i32,
) -> Result<bool, StorageError> {
    let insert = InsertOwner { user_id, org_id, joined_at, limit };
    match work.writer().await? {
        Conn::Pg(guard) => {
            // A statement of its own: the one that counts is to see what it has waited for. Not FOR UPDATE, which
            // transactions that refer to the row would wait for.
            let user = users::table.find(user_id).select(users::id).for_no_key_update();
            in_time!(guard, |conn| RunQueryDsl::execute(user, conn).await)
                .map_err(error::storage)?;
            in_time!(guard, |conn| RunQueryDsl::execute(insert, conn).await)
        }
        // It has one writer at a time.
        Conn::Sqlite(guard) => RunQueryDsl::execute(insert, &mut **guard).await,
    }
    .map(|added| added == 1)
    .map_err(error::storage)
}
