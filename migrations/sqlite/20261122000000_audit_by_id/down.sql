DROP INDEX audit_events_at;
DROP INDEX audit_events_user;
CREATE INDEX audit_events_user ON audit_events (user_id, at);
