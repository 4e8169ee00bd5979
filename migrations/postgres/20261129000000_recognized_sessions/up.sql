-- The sessions whose devices and networks an account recognizes. Their number is limited, but not the number of sessions
-- that have ended, which a sign-in must not read.
CREATE INDEX sessions_recognized ON sessions (user_id, network) WHERE ended_reason IS NULL OR ended_reason = 'logged_out';

-- For the deletion of an account.
CREATE INDEX sessions_user ON sessions (user_id);
DROP INDEX sessions_user_network;

-- A session that has ended is in no organization, so that the deletion of an organization changes only live sessions.
UPDATE sessions SET org_id = NULL WHERE ended_at IS NOT NULL;
