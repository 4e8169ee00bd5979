//! What a sign-in reads of an account, in one statement.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods,
    OptionalExtension, QueryDsl, SelectableHelper, dsl, sql_types,
};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    SessionId,
    client::Network,
    ports::StorageError,
    session::SessionEnd,
    user::{Credentials, LoginName},
};
use uuid::Uuid;

use super::{
    expressions::RecentFailures,
    rows::{self, CredentialsRow},
};
use crate::storage::{
    column::{DbId, Id},
    dispatch::read,
    row::UserRow,
    schema::{memberships, sessions, users},
    work::Work,
};

#[diesel::declare_sql_function]
extern "SQL" {
    /// The first that is not null.
    fn coalesce(
        first: sql_types::Nullable<Id>,
        second: sql_types::Nullable<Id>,
    ) -> sql_types::Nullable<Id>;
}

pub(super) async fn credentials(
    work: &mut Work,
    name: &LoginName,
    network: Network,
    device: Option<SessionId>,
) -> Result<Option<Credentials>, StorageError> {
    let key = name.key();
    let network = network.to_string();
    let device = DbId::from(device.unwrap_or(SessionId::from_uuid(Uuid::nil())));
    let joined = diesel::alias!(memberships as joined);
    // One query, with the key's column chosen here: each is kept prepared by itself.
    macro_rules! by {
        ($column:expr) => {
            read!(work, |conn| {
                // What ended for suspicion or for a new password vouches for nothing.
                let trusted = sessions::table.filter(
                    sessions::user_id.eq(users::id).and(
                        sessions::ended_reason
                            .is_null()
                            .or(sessions::ended_reason.eq(SessionEnd::LoggedOut.as_str())),
                    ),
                );
                let seen = dsl::exists(trusted.filter(sessions::network.eq(&network)));
                let known = dsl::exists(trusted.filter(sessions::id.eq(device)));
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
                        (seen, known, RecentFailures),
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
    row.map(rows::credentials).transpose()
}
