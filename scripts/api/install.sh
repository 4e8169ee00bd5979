# Defines install_packages, for scripts that need packages from npm.

# Installs the packages of a folder's package-lock.json, unless they are up to date.
install_packages() {
    if ! command -v npm >/dev/null || ! [[ $(node --version) =~ ^v([0-9]+) && ${BASH_REMATCH[1]} -ge 20 ]]; then
        echo "$0 needs Node 20 or newer with npm: install it" >&2
        return 1
    fi
    cmp --silent "$1/package-lock.json" "$1/node_modules/.installed" && return
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error >/dev/null)
    cp "$1/package-lock.json" "$1/node_modules/.installed"
}
