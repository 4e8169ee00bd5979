use diesel::{
    dsl::SqlTypeOf,
    sql_types::{Bool, Integer, Nullable, Text},
};

use crate::storage::{
    column::{DbId, DbTime, Id},
    row::{SessionColumns, UserColumns},
    statement::statement,
};

statement! {
    /// The whole of a refresh: whether it may happen, that it happens, and all that the new access
    /// token has to say. Two callers with one generation: the second waits for the first, and finds
    /// no row.
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
    // Kept only so that the statement can return whether it changed the network.
    ", previous_network = last_network, last_network = ", network, ", last_user_agent = ", user_agent,
    // The organisation asked for, or the one before; else the default; else the first joined.
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
    /// What an access token stands for now: in the organization that it names, or in that of its session.
    ReadStanding -> (SqlTypeOf<SessionColumns>, SqlTypeOf<UserColumns>, Nullable<Text>) {
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
    /// The membership is the permission.
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
    /// Ends once: the first reason stays.
    EndSession -> (Id,) {
        id: DbId,
        user_id: DbId,
        reason: &'static str,
        now: DbTime,
    }
    "UPDATE sessions SET ended_at = ", now, ", ended_reason = ", reason,
    " WHERE id = ", id, " AND user_id = ", user_id, " AND ended_at IS NULL RETURNING id",
}

statement! {
    /// What a session that took the place of another has from it.
    InheritSession -> () { id: DbId, from: DbId }
    "UPDATE sessions SET (expires_at, device_failures) = \
        (SELECT CASE WHEN f.expires_at < sessions.expires_at THEN f.expires_at ELSE sessions.expires_at END, \
            f.device_failures \
        FROM sessions f WHERE f.id = ", from, ") WHERE id = ", id, " AND EXISTS (SELECT 1 FROM sessions f \
        WHERE f.id = ", from, " AND f.user_id = sessions.user_id)",
}

statement! {
    /// Ends sessions of anybody, as many as one statement may take without keeping others waiting.
    RevokeSome -> () { now: DbTime, revoked: &'static str, logged_out: &'static str, limit: i32 }
    "UPDATE sessions SET ended_at = coalesce(ended_at, ", now, "), ended_reason = ", revoked,
    " WHERE id IN (SELECT id FROM sessions WHERE ended_at IS NULL OR ended_reason = ", logged_out,
    " LIMIT ", limit, ")",
}
