-- Creates accounts bench1 and so on up to :accounts, each with its own organization, a session, and the audit event of a
-- sign-in. IDs have the server's format: they begin with the time.
CREATE TEMP TABLE made AS
    SELECT n, 'bench' || n AS name, now() - (:accounts - n) * interval '1 second' AS at,
        (lpad(to_hex(floor(extract(epoch FROM now() - (:accounts - n) * interval '1 second') * 1000)::bigint), 12, '0')
            || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid AS id
    FROM generate_series((SELECT count(*) FROM users WHERE username LIKE 'bench%')::integer + 1, :accounts) AS n;
INSERT INTO orgs SELECT id, name || '''s workspace', 'personal', at FROM made;
INSERT INTO users (id, email, email_key, username, username_key, password_hash, password_version, preferences, settings,
        is_platform_admin, default_org_id, last_login_at, created_at, updated_at)
    SELECT id, name || '@example.com', name || '@example.com', name, name,
        (SELECT password_hash FROM users WHERE password_hash IS NOT NULL LIMIT 1), 1, '{}', '{}', false, id, at, at, at
    FROM made;
INSERT INTO memberships SELECT id, id, 'owner', at FROM made;
INSERT INTO sessions (id, user_id, org_id, generation, created_at, rotated_at, idle_expires_at, expires_at, network,
        last_network, previous_network)
    SELECT id, id, id, 1, at, at, now() + interval '14 days', now() + interval '90 days', '192.0.2.1', '192.0.2.1', '192.0.2.1'
    FROM made;
INSERT INTO audit_events (id, kind, at, user_id, org_id, session_id, address, request_id)
    SELECT id, 'logged_in', at, id, id, id, '192.0.2.1', 'bench' FROM made;
