-- Selects sessions for the clients of pgbench.
DROP TABLE IF EXISTS bench_sessions;
CREATE TABLE bench_sessions AS
    SELECT (row_number() OVER (ORDER BY id) - 1)::integer AS client, id FROM sessions LIMIT 64;
CREATE UNIQUE INDEX ON bench_sessions (client);
ANALYZE bench_sessions;
