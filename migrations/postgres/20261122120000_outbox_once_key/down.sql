DROP INDEX outbox_failed;
DROP INDEX outbox_once;
ALTER TABLE outbox DROP COLUMN once_key;
ALTER TABLE outbox DROP COLUMN session_id;
