-- No foreign key: a mail about a session outlives it.
ALTER TABLE outbox ADD COLUMN session_id BLOB;

-- Of what is sent once a day, the day, the subject and the address.
ALTER TABLE outbox ADD COLUMN once_key TEXT;
CREATE UNIQUE INDEX outbox_once ON outbox (once_key) WHERE once_key IS NOT NULL;

-- Those that were given up are counted.
CREATE INDEX outbox_parked ON outbox (parked_at) WHERE sent_at IS NULL AND parked_at IS NOT NULL;
