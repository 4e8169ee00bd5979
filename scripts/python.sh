# Defines python_environment, for scripts that need packages from PyPI.

# Creates a virtual environment in a folder from a requirements file, unless it is up to date.
python_environment() {
    local folder=$1 requirements=$2
    # An environment contains its path, so it can't be moved with a checkout.
    { echo "# $folder"; cat "$requirements"; } | cmp --silent - "$folder/requirements.txt" && return
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null && [[ $(id --user) == 0 ]] &&
        command -v apt-get >/dev/null; then
        echo "Python or its venv is not installed: installing it" >&2
        export DEBIAN_FRONTEND=noninteractive
        { apt-get update && apt-get install --yes --no-install-recommends python3 python3-venv; } >&2
    fi
    if ! python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "$0 needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv)" >&2
        return 1
    fi
    rm -rf "$folder"
    mkdir -p "${folder%/*}"
    python3 -m venv "$folder" >&2
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
        --requirement "$requirements" >&2
    # Written last, so that an interrupted installation is repeated.
    { echo "# $folder"; cat "$requirements"; } >"$folder/requirements.txt"
}
