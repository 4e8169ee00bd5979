CREATE INDEX sessions_user_network ON sessions (user_id, network);
DROP INDEX sessions_user;
DROP INDEX sessions_recognized;
