-- No foreign key: a message about a session outlives it.
ALTER TABLE outbox ADD COLUMN session_id uuid;

-- For messages that are sent once a day: the day, the subject, and the email address.
ALTER TABLE outbox ADD COLUMN once_key text;
CREATE UNIQUE INDEX outbox_once ON outbox (once_key) WHERE once_key IS NOT NULL;

-- Failed messages are counted.
CREATE INDEX outbox_failed ON outbox (failed_at) WHERE sent_at IS NULL AND failed_at IS NOT NULL;
