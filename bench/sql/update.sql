-- Writes the same row as POST /v1/auth/refresh (`RotateSession` in crates/adapters/src/storage/repositories/sessions/statements.rs),
-- with the same durability. Each client has its own session, and any generation is accepted.
UPDATE sessions SET generation = generation + 1, rotated_at = now(), idle_expires_at = now() + interval '14 days',
    org_id = COALESCE(
        (SELECT m.org_id FROM memberships m WHERE m.user_id = sessions.user_id
            AND m.org_id = COALESCE(NULL::uuid, sessions.org_id)),
        (SELECT m.org_id FROM memberships m JOIN users u ON u.id = m.user_id
            WHERE m.user_id = sessions.user_id AND m.org_id = u.default_org_id),
        (SELECT m.org_id FROM memberships m WHERE m.user_id = sessions.user_id
            ORDER BY m.joined_at, m.org_id LIMIT 1))
    WHERE id = (SELECT id FROM bench_sessions WHERE client = :client_id) AND generation > 0
    AND ended_at IS NULL AND idle_expires_at > now() AND expires_at > now()
    AND EXISTS (SELECT 1 FROM users u WHERE u.id = sessions.user_id
        AND u.disabled_at IS NULL AND (u.verified_at IS NOT NULL OR NOT false))
    AND (NULL::uuid IS NULL OR EXISTS (SELECT 1 FROM memberships m
        WHERE m.user_id = sessions.user_id AND m.org_id = NULL::uuid))
    RETURNING generation, user_id, org_id,
        (SELECT m.role FROM memberships m WHERE m.user_id = sessions.user_id AND m.org_id = sessions.org_id),
        (SELECT u.is_platform_admin FROM users u WHERE u.id = sessions.user_id);
