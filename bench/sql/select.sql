-- Reads the same rows as GET /v1/auth/me. Each client has its own session.
SELECT * FROM sessions JOIN users ON users.id = sessions.user_id
    LEFT JOIN memberships ON memberships.user_id = sessions.user_id AND memberships.org_id = sessions.org_id
    WHERE sessions.id = (SELECT id FROM bench_sessions WHERE client = :client_id);
