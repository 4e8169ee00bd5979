# Gives `build_server`, to scripts that test a server.

# Sets DOORWARD_TEST_BIN to the server of this checkout, unless it names another one already.
build_server() {
    if [[ -z ${DOORWARD_TEST_BIN:-} ]]; then
        cargo build --quiet --locked --package doorward-server
        DOORWARD_TEST_BIN=${CARGO_TARGET_DIR:-target}/debug/doorward
    fi
    DOORWARD_TEST_BIN=$(realpath "$DOORWARD_TEST_BIN")
    export DOORWARD_TEST_BIN
}
