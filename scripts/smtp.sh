#!/usr/bin/env bash
# A temporary mail server for tests (aiosmtpd), which accepts messages with STARTTLS and a password.
#
#   scripts/smtp.sh COMMAND...     runs the command with DOORWARD_TEST_SMTP_FOLDER set to the folder that
#                                  contains the server's port and the messages that it has accepted
#   source scripts/smtp.sh         defines smtp_start and smtp_stop
#
# Needs Python 3.11 or newer. Other dependencies are pinned in scripts/smtp/requirements.txt and installed into
# target/smtp.

# Starts a server, and sets DOORWARD_TEST_SMTP_FOLDER. The caller must stop it with smtp_stop.
smtp_start() {
    local environment=$PWD/target/smtp
    source scripts/python.sh
    python_environment "$environment" "$PWD/scripts/smtp/requirements.txt" || return 1
    smtp_folder=$(mktemp --directory "${TMPDIR:-/tmp}/doorward-smtp.XXXXXX")
    # setsid, so that Ctrl-C interrupts only the tests; the server is stopped after them.
    setsid "$environment/bin/python" scripts/smtp/server.py "$smtp_folder" \
        crates/server/tests/tls/localhost.pem crates/server/tests/tls/localhost.key.pem \
        >"$smtp_folder/log" 2>&1 &
    smtp_pid=$!

    local tries
    for ((tries = 0; tries < 600; tries++)); do
        if [[ -e $smtp_folder/port ]]; then
            export DOORWARD_TEST_SMTP_FOLDER=$smtp_folder
            return
        fi
        kill -0 "$smtp_pid" 2>/dev/null || break
        sleep 0.05
    done
    echo "The mail server did not start:" >&2
    cat "$smtp_folder/log" >&2
    return 1
}

# Stops the server if it runs, and removes its data.
smtp_stop() {
    if [[ -n ${smtp_pid:-} ]]; then
        # There is no state to save.
        kill -KILL "$smtp_pid" 2>/dev/null || true
        wait "$smtp_pid" 2>/dev/null || true
        smtp_pid=
    fi
    [[ -z ${smtp_folder:-} ]] || rm -rf "$smtp_folder"
    smtp_folder=
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    set -euo pipefail
    if [[ $# == 0 ]]; then
        echo "usage: $0 COMMAND..." >&2
        exit 2
    fi
    cd "$(dirname "${BASH_SOURCE[0]}")/.."
    trap smtp_stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    smtp_start
    "$@"
fi
