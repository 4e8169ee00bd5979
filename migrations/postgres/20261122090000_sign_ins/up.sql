-- A sign-in counts the last hundred of a person's good and bad ones, and reads nothing else for it.
CREATE INDEX audit_events_sign_ins ON audit_events (user_id, id) INCLUDE (kind)
    WHERE kind IN ('login_failed', 'logged_in', 'password_changed', 'password_reset', 'password_set');

-- A sample of the accounts in an order that chance has made: by the end of their ids.
CREATE INDEX users_sample ON users (right(id::text, 12)) WHERE password_hash IS NOT NULL;
