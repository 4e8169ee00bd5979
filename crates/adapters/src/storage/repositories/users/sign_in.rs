//! Reads everything about an account that a sign-in needs, in one statement.

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl,
    dsl::SqlTypeOf,
    sql_types::{BigInt, Bool, Integer, Nullable, Text},
};
use diesel_async::RunQueryDsl;
use doorward_domain::{
    account::user::{ClientEvidence, LoginCandidate, LoginIdentifier},
    ports::StorageError,
    session::SessionEndReason,
    token::TokenRef,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    expressions::RecentFailures,
    rows::{self, CredentialsRow},
};
use crate::storage::{
    sql::{
        column::{DbId, DbTime, Id},
        dispatch::{read, rows_after_completion, write},
        row::{UserColumns, counter_to_db},
        schema::users,
        statement::statement,
    },
    unit_of_work::SqlUnitOfWork,
};

/// The key's column is part of the text, so that each statement is kept prepared separately.
macro_rules! credentials_by {
    ($name:ident, $where:literal) => {
        statement! {
            $name -> (
                SqlTypeOf<UserColumns>,
                (Nullable<Text>, Integer),
                Nullable<Id>,
                Nullable<Text>,
                (Bool, Bool, BigInt)
            ) {
                key: String,
                network: String,
                device: DbId,
                device_counter: i32,
                known_since: DbTime,
                cap: i32,
            }
            "SELECT ", (UserColumns), ", users.password_hash, users.password_version",
            ", memberships.org_id, memberships.role",
            // A session revoked for suspicious activity or for a new password proves nothing; the network that set
            // the password does.
            ", (users.password_set_at > ", known_since, " AND users.password_set_from = ", network, ") IS TRUE",
            " OR EXISTS (SELECT 1 FROM sessions WHERE sessions.user_id = users.id",
            " AND (sessions.ended_reason IS NULL OR sessions.ended_reason = 'logged_out')",
            " AND sessions.network = ", network, ")",
            ", (users.password_set_at > ", known_since, " AND users.id = ", device,
            " AND users.password_version = ", device_counter, " AND users.device_failures < ", cap, ") IS TRUE",
            " OR EXISTS (SELECT 1 FROM sessions WHERE sessions.user_id = users.id",
            " AND (sessions.ended_reason IS NULL OR sessions.ended_reason = 'logged_out')",
            " AND sessions.id = ", device, "), ", (RecentFailures),
            " FROM users LEFT JOIN memberships ON memberships.user_id = users.id",
            // The default organization, or the first one joined, like the fallback of a refresh.
            " AND memberships.org_id = COALESCE(",
            "(SELECT m.org_id FROM memberships m",
            " WHERE m.user_id = users.id AND m.org_id = users.default_org_id)",
            ", (SELECT m.org_id FROM memberships m",
            " WHERE m.user_id = users.id ORDER BY m.joined_at, m.org_id LIMIT 1))",
            " WHERE ", $where, " = ", key
        }
    };
}

credentials_by!(CredentialsByUsername, "users.username_key");
credentials_by!(CredentialsByEmail, "users.email_key");

const DEVICE_FAILURES_CAP: i32 = LoginCandidate::DEVICE_FAILURES_CAP.cast_signed();

statement! {
    /// Counts an incorrect password from the device of a session. Returns `true` if it reached the limit.
    CountSessionFailure -> Bool {
        id: DbId,
        user_id: DbId,
        now: DbTime,
        logged_out: &'static str,
        reason: &'static str,
        cap: i32,
    }
    "UPDATE sessions SET device_failures = device_failures + 1",
    ", org_id = CASE WHEN device_failures + 1 < ", cap, " THEN org_id END",
    ", ended_at = CASE WHEN device_failures + 1 < ", cap, " THEN ended_at ELSE COALESCE(ended_at, ", now, ") END",
    ", ended_reason = CASE WHEN device_failures + 1 < ", cap, " THEN ended_reason ELSE ", reason, " END",
    " WHERE id = ", id, " AND user_id = ", user_id, " AND (ended_reason IS NULL OR ended_reason = ", logged_out, ")",
    " RETURNING device_failures >= ", cap
}

pub(super) async fn count_device_failure(
    work: &mut SqlUnitOfWork,
    user_id: DbId,
    device: TokenRef,
    now: OffsetDateTime,
) -> Result<bool, StorageError> {
    let id = DbId::from(device.id);
    // The device token of a password reset refers to the account instead of a session.
    if id == user_id {
        let failures: Option<i32> = write!(work, |conn| {
            rows_after_completion(
                diesel::update(users::table.find(id))
                    .filter(users::password_version.eq(counter_to_db(device.counter)))
                    .filter(users::device_failures.lt(DEVICE_FAILURES_CAP))
                    .set(users::device_failures.eq(users::device_failures + 1))
                    .returning(users::device_failures)
                    .load(conn)
                    .await,
            )
        })?;
        return Ok(failures == Some(DEVICE_FAILURES_CAP));
    }
    let forgotten: Option<bool> = write!(work, |conn| {
        rows_after_completion(
            CountSessionFailure {
                id,
                user_id,
                now: now.into(),
                logged_out: SessionEndReason::LoggedOut.as_str(),
                reason: SessionEndReason::TooManyFailures.as_str(),
                cap: DEVICE_FAILURES_CAP,
            }
            .load::<bool>(conn)
            .await,
        )
    })?;
    Ok(forgotten == Some(true))
}

pub(super) async fn credentials(
    work: &mut SqlUnitOfWork,
    name: &LoginIdentifier,
    client: &ClientEvidence,
) -> Result<Option<LoginCandidate>, StorageError> {
    let device = client.device.unwrap_or(TokenRef { id: Uuid::nil(), counter: 0 });
    // An unknown network is represented by an empty text.
    let network = client.network.map(|network| network.to_string()).unwrap_or_default();
    let known_since = client.now - LoginCandidate::RESET_IS_KNOWN_FOR;
    macro_rules! by {
        ($statement:ident) => {
            read!(work, |conn| {
                $statement {
                    key: name.key(),
                    network: network.clone(),
                    device: device.id.into(),
                    device_counter: counter_to_db(device.counter),
                    known_since: known_since.into(),
                    cap: DEVICE_FAILURES_CAP,
                }
                .get_result::<CredentialsRow>(conn)
                .await
                .optional()
            })?
        };
    }
    let row = match name {
        LoginIdentifier::Username(_) => by!(CredentialsByUsername),
        LoginIdentifier::Email(_) => by!(CredentialsByEmail),
    };
    row.map(rows::credentials).transpose()
}
