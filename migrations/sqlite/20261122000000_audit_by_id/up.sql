-- A user's entries are listed by ID, newest first, and old entries are deleted by time.
DROP INDEX audit_events_user;
CREATE INDEX audit_events_user ON audit_events (user_id, id);
CREATE INDEX audit_events_at ON audit_events (at);
