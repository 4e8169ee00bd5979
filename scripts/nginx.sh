#!/usr/bin/env bash
# Installs nginx for the tests, if it is missing. It is not started: each test starts its own.
#
#   scripts/nginx.sh         installs it
#   source scripts/nginx.sh  defines nginx_install

nginx_install() {
    ! PATH=/usr/sbin:$PATH command -v nginx >/dev/null || return 0
    if [[ $(id --user) != 0 ]] || ! command -v apt-get >/dev/null; then
        echo "nginx is not installed: install it (Debian, Ubuntu: apt-get install nginx-light)" >&2
        return 1
    fi
    echo "nginx is not installed: installing it" >&2
    # Prevent the package from starting its service.
    local policy=/usr/sbin/policy-rc.d made= status=0
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
        made=yes
    fi
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && apt-get install --yes --no-install-recommends nginx-light; } >&2 || status=$?
    [[ -z $made ]] || rm -f "$policy"
    return "$status"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    set -euo pipefail
    nginx_install
fi
