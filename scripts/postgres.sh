#!/usr/bin/env bash
# A temporary PostgreSQL server for tests: in memory if possible, only on a Unix socket, and without durability.
#
#   scripts/postgres.sh COMMAND...     runs the command with DOORWARD_TEST_DATABASE_URL set to the server
#   source scripts/postgres.sh         defines postgres_start and postgres_stop
#
# PG_BIN names the folder of the binaries; the default is the newest /usr/lib/postgresql/*/bin.

# Prints the folder of the newest PostgreSQL on this machine.
postgres_find() {
    local folder
    if [[ -n ${PG_BIN:-} ]]; then
        echo "$PG_BIN"
        return
    fi
    for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort --reverse); do
        if [[ -x $folder/initdb && -x $folder/postgres ]]; then
            echo "$folder"
            return
        fi
    done
    if command -v initdb >/dev/null && command -v postgres >/dev/null; then
        dirname "$(readlink --canonicalize "$(command -v initdb)")"
        return
    fi
    return 1
}

# Installs Debian's package without creating and starting a cluster.
postgres_install() {
    [[ $(id --user) == 0 ]] && command -v apt-get >/dev/null || return 1
    echo "PostgreSQL is not installed: installing it" >&2
    mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/doorward-tests.conf
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && apt-get install --yes --no-install-recommends postgresql; } >&2
}

# Runs a command as another user if this is root, since PostgreSQL refuses to run as root.
postgres_as_user() {
    if [[ $(id --user) == 0 ]]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"
    else
        "$@"
    fi
}

# Starts a server, and sets DOORWARD_TEST_DATABASE_URL. The caller must stop it with postgres_stop.
postgres_start() {
    local binaries place
    if ! binaries=$(postgres_find); then
        if ! postgres_install || ! binaries=$(postgres_find); then
            cat >&2 <<'MESSAGE'
The tests need PostgreSQL 13 or newer, which is not installed. Do one of the following:
  - install it (Debian, Ubuntu: apt-get install postgresql)
  - set the folder of its binaries:  PG_BIN=/path/to/bin
  - set the URL of a running server, with a role that can create databases:
      DOORWARD_TEST_DATABASE_URL=postgres://user:password@host/database
MESSAGE
            return 1
        fi
    fi

    place=/dev/shm
    [[ -d $place && -w $place ]] || place=${TMPDIR:-/tmp}
    postgres_folder=$(mktemp --directory "$place/doorward-pg.XXXXXX")
    [[ $(id --user) != 0 ]] || chown 65534:65534 "$postgres_folder"

    if ! (cd "$postgres_folder" && postgres_as_user "$binaries/initdb" --pgdata="$postgres_folder/data" \
        --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync \
        >"$postgres_folder/log" 2>&1); then
        cat "$postgres_folder/log" >&2
        return 1
    fi
    # setsid, so that Ctrl-C interrupts only the tests; the server is stopped after them.
    (
        cd "$postgres_folder"
        if [[ $(id --user) == 0 ]]; then
            exec setsid setpriv --reuid=65534 --regid=65534 --clear-groups -- \
                "$binaries/postgres" "${postgres_options[@]}" -D data -k "$postgres_folder"
        else
            exec setsid "$binaries/postgres" "${postgres_options[@]}" -D data -k "$postgres_folder"
        fi
    ) >>"$postgres_folder/log" 2>&1 &
    postgres_pid=$!

    local tries
    for ((tries = 0; tries < 600; tries++)); do
        # The eighth line of the file says "ready" once the server accepts connections.
        if grep --quiet --no-messages '^ready' "$postgres_folder/data/postmaster.pid"; then
            DOORWARD_TEST_DATABASE_URL="postgres://postgres@/postgres?host=${postgres_folder//\//%2F}"
            export DOORWARD_TEST_DATABASE_URL
            return
        fi
        kill -0 "$postgres_pid" 2>/dev/null || break
        sleep 0.05
    done
    echo "PostgreSQL did not start:" >&2
    cat "$postgres_folder/log" >&2
    return 1
}

postgres_options=(
    -c listen_addresses= -c max_connections=300 -c shared_buffers=64MB
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off
)

# Stops the server if it runs, and removes its data.
postgres_stop() {
    if [[ -n ${postgres_pid:-} ]]; then
        # Immediate shutdown: there is no state to save.
        kill -QUIT "$postgres_pid" 2>/dev/null || true
        wait "$postgres_pid" 2>/dev/null || true
        postgres_pid=
    fi
    [[ -z ${postgres_folder:-} ]] || rm -rf "$postgres_folder"
    postgres_folder=
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    set -euo pipefail
    if [[ $# == 0 ]]; then
        echo "usage: $0 COMMAND..." >&2
        exit 2
    fi
    trap postgres_stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    postgres_start
    "$@"
fi
