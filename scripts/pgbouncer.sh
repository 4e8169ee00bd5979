#!/usr/bin/env bash
# Runs the server behind PgBouncer with a temporary PostgreSQL: in session mode, which must work, and in transaction
# mode, which must work since PgBouncer 1.21 and be refused at startup with older versions. Takes about 20 seconds.
#
#   scripts/pgbouncer.sh                                     uses the installed PgBouncer, or installs Debian's
#   PGBOUNCER=/path/to/pgbouncer scripts/pgbouncer.sh        uses another PgBouncer
#   DOORWARD_TEST_BIN=/path/to/doorward scripts/pgbouncer.sh uses a server that is already built
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

source scripts/postgres.sh
source scripts/server.sh

pgbouncer=${PGBOUNCER:-$(command -v pgbouncer || true)}
if [[ -z $pgbouncer ]]; then
    if [[ $(id --user) != 0 ]] || ! command -v apt-get >/dev/null; then
        echo "PgBouncer is not installed: install it, or name its binary with PGBOUNCER=/path/to/pgbouncer" >&2
        exit 1
    fi
    echo "PgBouncer is not installed: installing it" >&2
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends pgbouncer; } >&2
    # Stop the service that the package started.
    service pgbouncer stop >/dev/null 2>&1 || true
    pgbouncer=$(command -v pgbouncer)
fi
build_server

folder=$(mktemp --directory "${TMPDIR:-/tmp}/doorward-pgbouncer.XXXXXX")
pooler_pid=
pooler_stop() {
    if [[ -n $pooler_pid ]]; then
        # There is no state to save.
        kill -KILL "$pooler_pid" 2>/dev/null || true
        wait "$pooler_pid" 2>/dev/null || true
        rm -f "$folder"/.s.PGSQL.6432*
        pooler_pid=
    fi
}
trap 'pooler_stop; postgres_stop; rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Starts PgBouncer in a pool mode, with additional lines of configuration.
pooler_start() {
    cat >"$folder/pgbouncer.ini" <<CONFIGURATION
[databases]
* = host=$postgres_folder
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = $folder
auth_type = trust
auth_file = $folder/users.txt
pool_mode = $1
max_client_conn = 500
$2
CONFIGURATION
    echo '"postgres" ""' >"$folder/users.txt"
    [[ $(id --user) != 0 ]] || chown -R 65534:65534 "$folder"
    local as_user=()
    # PgBouncer refuses to run as root.
    [[ $(id --user) != 0 ]] || as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups --)
    "${as_user[@]}" "$pgbouncer" --quiet "$folder/pgbouncer.ini" >>"$folder/pgbouncer.log" 2>&1 &
    pooler_pid=$!
    local tries
    for ((tries = 0; tries < 200; tries++)); do
        [[ ! -S $folder/.s.PGSQL.6432 ]] || return 0
        sleep 0.05
    done
    cat "$folder/pgbouncer.log" >&2
    return 1
}

# Creates a database, and prints its URL at the pooler.
database() {
    "$(postgres_find)/createdb" --host="$postgres_folder" --username=postgres "$1"
    echo "postgres://postgres@/$1?host=$folder&port=6432"
}

postgres_start
version=$("$pgbouncer" --version | sed -n 's/^PgBouncer \([0-9]*\.[0-9]*\).*/\1/p')
echo "PgBouncer $version"

pooler_start session 'default_pool_size = 60'
python3 scripts/pgbouncer/story.py "$DOORWARD_TEST_BIN" "$(database in_session_mode)" serves
pooler_stop

if [[ $(printf '%s\n' 1.21 "$version" | sort --version-sort | head --lines=1) == 1.21 ]]; then
    pooler_start transaction $'default_pool_size = 5\nmax_prepared_statements = 200'
    python3 scripts/pgbouncer/story.py "$DOORWARD_TEST_BIN" "$(database in_transaction_mode)" serves
    pooler_stop
    pooler_start transaction $'default_pool_size = 5\nmax_prepared_statements = 0'
else
    pooler_start transaction 'default_pool_size = 5'
fi
python3 scripts/pgbouncer/story.py "$DOORWARD_TEST_BIN" "$(database without_prepared_statements)" is-refused
