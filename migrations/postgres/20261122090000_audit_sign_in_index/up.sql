-- A sign-in counts failures among the user's latest 100 attempts, and reads only this index for it.
CREATE INDEX audit_events_sign_ins ON audit_events (user_id, id) INCLUDE (kind)
    WHERE kind IN ('login_failed', 'logged_in', 'password_changed', 'password_reset', 'password_set_by_operator');

-- Samples accounts in random order: by the end of their IDs, which is random.
CREATE INDEX users_sample ON users (right(id::text, 12)) WHERE password_hash IS NOT NULL;
