DROP INDEX outbox_parked;
DROP INDEX outbox_once;
ALTER TABLE outbox DROP COLUMN once_key;
ALTER TABLE outbox DROP COLUMN session_id;
