# Defines `build_server`, for scripts that test a server.

# Builds the server of this checkout and sets DOORWARD_TEST_BIN to it, unless the variable is set.
build_server() {
    if [[ -z ${DOORWARD_TEST_BIN:-} ]]; then
        cargo build --quiet --locked --package doorward-server
        DOORWARD_TEST_BIN=${CARGO_TARGET_DIR:-target}/debug/doorward
    fi
    DOORWARD_TEST_BIN=$(realpath "$DOORWARD_TEST_BIN")
    export DOORWARD_TEST_BIN
}
