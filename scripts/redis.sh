#!/usr/bin/env bash
# A temporary Redis (or Valkey) server for tests, only on a Unix socket and without persistence.
#
#   scripts/redis.sh COMMAND...     runs the command with DOORWARD_TEST_REDIS_URL set to the server
#   source scripts/redis.sh         defines redis_start and redis_stop
#
# REDIS_SERVER names the binary; the default is redis-server or valkey-server from the PATH.

# Prints the path of the server's binary.
redis_find() {
    if [[ -n ${REDIS_SERVER:-} ]]; then
        echo "$REDIS_SERVER"
        return
    fi
    command -v redis-server || command -v valkey-server
}

# Installs Debian's package without starting its service.
redis_install() {
    [[ $(id --user) == 0 ]] && command -v apt-get >/dev/null || return 1
    echo "Redis is not installed: installing it" >&2
    local policy=/usr/sbin/policy-rc.d made= status=0
    # An existing policy, as in containers, already prevents services from starting.
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod +x $policy
        made=yes
    fi
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && apt-get install --yes --no-install-recommends redis-server; } >&2 || status=$?
    [[ -z $made ]] || rm -f $policy
    return $status
}

# Starts a server, and sets DOORWARD_TEST_REDIS_URL. The caller must stop it with redis_stop.
redis_start() {
    local binary place
    if ! binary=$(redis_find); then
        if ! redis_install || ! binary=$(redis_find); then
            cat >&2 <<'MESSAGE'
The tests need Redis 6 or newer, or Valkey, which is not installed. Do one of the following:
  - install it (Debian, Ubuntu: apt-get install redis-server)
  - set the path of its binary:  REDIS_SERVER=/path/to/redis-server
  - set the URL of a running server whose data the tests may delete:
      DOORWARD_TEST_REDIS_URL=redis://host
MESSAGE
            return 1
        fi
    fi

    place=/dev/shm
    [[ -d $place && -w $place ]] || place=${TMPDIR:-/tmp}
    redis_folder=$(mktemp --directory "$place/doorward-redis.XXXXXX")
    # setsid, so that Ctrl-C interrupts only the tests; the server is stopped after them.
    setsid "$binary" --port 0 --unixsocket "$redis_folder/socket" --dir "$redis_folder" \
        --save '' --appendonly no --databases 4096 >"$redis_folder/log" 2>&1 &
    redis_pid=$!

    local tries
    for ((tries = 0; tries < 600; tries++)); do
        # The server accepts connections as soon as the socket exists.
        if [[ -S $redis_folder/socket ]]; then
            export DOORWARD_TEST_REDIS_URL="redis+unix://$redis_folder/socket"
            return
        fi
        kill -0 "$redis_pid" 2>/dev/null || break
        sleep 0.05
    done
    echo "Redis did not start:" >&2
    cat "$redis_folder/log" >&2
    return 1
}

# Stops the server if it runs, and removes its data.
redis_stop() {
    if [[ -n ${redis_pid:-} ]]; then
        # There is no state to save.
        kill -KILL "$redis_pid" 2>/dev/null || true
        wait "$redis_pid" 2>/dev/null || true
        redis_pid=
    fi
    [[ -z ${redis_folder:-} ]] || rm -rf "$redis_folder"
    redis_folder=
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    set -euo pipefail
    if [[ $# == 0 ]]; then
        echo "usage: $0 COMMAND..." >&2
        exit 2
    fi
    trap redis_stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    redis_start
    "$@"
fi
