use diesel::{
    dsl::SqlTypeOf,
    sql_types::{Bool, Integer, Nullable, Text},
};

use crate::storage::sql::{
    column::{DbId, DbTime, Id},
    row::{SessionColumns, UserColumns},
    statement::statement,
};

statement! {
    /// Performs a refresh: checks whether it is allowed, applies it, and returns everything that the new access
    /// token contains. If two callers present the same generation, the second waits for the first and finds no
    /// row.
    RotateSession -> (Integer, Id, Nullable<Id>, Nullable<Text>, Bool, Bool, Bool) {
        id: DbId,
        presented: i32,
        step: i32,
        now: DbTime,
        network: String,
        user_agent: Option<String>,
        idle_expires_at: DbTime,
        org_id: Option<DbId>,
        verified_only: bool,
    }
    "UPDATE sessions SET generation = generation + ", step, ", rotated_at = ", now,
    ", idle_expires_at = ", idle_expires_at,
    // Stored only so that the statement can return whether it changed the network.
    ", previous_network = last_network, last_network = ", network, ", last_user_agent = ", user_agent,
    // The requested organization, or the previous one; else the default; else the first one joined.
    ", org_id = COALESCE( \
        (SELECT m.org_id FROM memberships m WHERE m.user_id = sessions.user_id \
            AND m.org_id = COALESCE(", org_id, ", sessions.org_id)), \
        (SELECT m.org_id FROM memberships m JOIN users u ON u.id = m.user_id \
            WHERE m.user_id = sessions.user_id AND m.org_id = u.default_org_id), \
        (SELECT m.org_id FROM memberships m WHERE m.user_id = sessions.user_id \
            ORDER BY m.joined_at, m.org_id LIMIT 1)) \
     WHERE id = ", id, " AND generation = ", presented,
    " AND ended_at IS NULL AND idle_expires_at > ", now, " AND expires_at > ", now,
    " AND EXISTS (SELECT 1 FROM users u WHERE u.id = sessions.user_id \
        AND u.disabled_at IS NULL AND (u.verified_at IS NOT NULL OR NOT ", verified_only, ")) \
     AND (", org_id, " IS NULL OR EXISTS (SELECT 1 FROM memberships m \
        WHERE m.user_id = sessions.user_id AND m.org_id = ", org_id, ")) \
     RETURNING generation, user_id, org_id, \
        (SELECT m.role FROM memberships m \
            WHERE m.user_id = sessions.user_id AND m.org_id = sessions.org_id), \
        (SELECT u.is_platform_admin FROM users u WHERE u.id = sessions.user_id), \
        (SELECT u.verified_at IS NOT NULL FROM users u WHERE u.id = sessions.user_id), \
        previous_network <> last_network",
}

statement! {
    /// Reads the current session, user, and role of an access token, in the organization that the token names or
    /// else in that of its session.
    ReadSessionContext -> (SqlTypeOf<SessionColumns>, SqlTypeOf<UserColumns>, Nullable<Text>) {
        id: DbId,
        org_id: Option<DbId>,
    }
    "SELECT ", (SessionColumns), ", ", (UserColumns), ", memberships.role FROM sessions \
     JOIN users ON users.id = sessions.user_id \
     LEFT JOIN memberships ON memberships.user_id = sessions.user_id \
        AND memberships.org_id = COALESCE(", org_id, ", sessions.org_id) \
     WHERE sessions.id = ", id,
}

statement! {
    /// The condition on the membership is the permission check.
    SwitchOrg -> (Text,) {
        id: DbId,
        org_id: DbId,
    }
    "UPDATE sessions SET org_id = ", org_id, " WHERE id = ", id, " AND ended_at IS NULL \
     AND EXISTS (SELECT 1 FROM memberships m \
        WHERE m.user_id = sessions.user_id AND m.org_id = ", org_id, ") \
     RETURNING (SELECT m.role FROM memberships m \
        WHERE m.user_id = sessions.user_id AND m.org_id = sessions.org_id)",
}

statement! {
    /// Ends a session once: the first reason is kept.
    EndSession -> (Id,) {
        id: DbId,
        user_id: DbId,
        reason: &'static str,
        now: DbTime,
    }
    "UPDATE sessions SET org_id = NULL, ended_at = ", now, ", ended_reason = ", reason,
    " WHERE id = ", id, " AND user_id = ", user_id, " AND ended_at IS NULL RETURNING id",
}

statement! {
    /// Copies what a session inherits from the one that it replaces.
    InheritSession -> () { id: DbId, from: DbId }
    "UPDATE sessions SET (expires_at, device_failures) = \
        (SELECT CASE WHEN f.expires_at < sessions.expires_at THEN f.expires_at ELSE sessions.expires_at END, \
            f.device_failures \
        FROM sessions f WHERE f.id = ", from, ") WHERE id = ", id, " AND EXISTS (SELECT 1 FROM sessions f \
        WHERE f.id = ", from, " AND f.user_id = sessions.user_id)",
}

statement! {
    /// Ends the sessions beyond the limit. The condition is that of the index `sessions_recognized`.
    EndExcess -> () { user_id: DbId, keep: i32, most: i32, reason: &'static str, now: DbTime }
    "UPDATE sessions SET org_id = NULL, ended_at = coalesce(ended_at, ", now, "), ended_reason = ", reason,
    " WHERE id IN (SELECT id FROM sessions WHERE user_id = ", user_id,
    " AND (ended_reason IS NULL OR ended_reason = 'logged_out') \
        ORDER BY ended_at IS NOT NULL OR idle_expires_at <= ", now, " OR expires_at <= ", now,
    ", coalesce(ended_at, rotated_at) DESC, id DESC LIMIT ", most, " OFFSET ", keep, ")",
}

statement! {
    /// Deletes ended sessions of any user, at most as many as one statement can delete without delaying others.
    DeleteEnded -> () { before: DbTime, limit: i32 }
    "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < ", before,
    " OR idle_expires_at < ", before, " OR ended_at < ", before, " LIMIT ", limit, ")",
}

statement! {
    /// Ends sessions of any user, at most as many as one statement can end without delaying others.
    RevokeSome -> () { now: DbTime, revoked: &'static str, logged_out: &'static str, limit: i32 }
    "UPDATE sessions SET org_id = NULL, ended_at = coalesce(ended_at, ", now, "), ended_reason = ", revoked,
    " WHERE id IN (SELECT id FROM sessions WHERE ended_at IS NULL OR ended_reason = ", logged_out,
    " LIMIT ", limit, ")",
}
