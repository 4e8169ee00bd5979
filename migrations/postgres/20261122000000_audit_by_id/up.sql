-- A person's entries are listed by id, newest first, and old entries deleted by time.
DROP INDEX audit_events_user;
CREATE INDEX audit_events_user ON audit_events (user_id, id);
CREATE INDEX audit_events_at ON audit_events (at);
