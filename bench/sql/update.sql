-- What POST /v1/auth/refresh writes, at the same durability. Each client has a session of its own.
UPDATE sessions SET generation = generation + 1, rotated_at = now(), idle_expires_at = now() + interval '14 days'
    WHERE id = (SELECT id FROM bench_sessions WHERE client = :client_id) AND ended_at IS NULL AND idle_expires_at > now()
    RETURNING generation, user_id, org_id;
