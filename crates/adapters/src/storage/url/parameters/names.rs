//! The names of accepted, ignored, and rejected parameters.

/// Names in other drivers for libpq parameters.
const ALIASES: &[(&str, &str)] = &[
    ("username", "user"),
    ("database", "dbname"),
    ("applicationname", "application_name"),
    ("connecttimeout", "connect_timeout"),
    ("logintimeout", "connect_timeout"),
    ("tcpkeepalive", "keepalives"),
    ("keepalives_retries", "keepalives_count"),
    ("targetservertype", "target_session_attrs"),
    ("loadbalancehosts", "load_balance_hosts"),
    ("currentschema", "search_path"),
    ("schema", "search_path"),
    ("schema_search_path", "search_path"),
    ("encoding", "client_encoding"),
    ("charset", "client_encoding"),
    ("channelbinding", "channel_binding"),
    ("ssl_mode", "sslmode"),
    ("ssl_root_cert", "sslrootcert"),
    ("ssl_ca", "sslrootcert"),
    ("ssl_cert", "sslcert"),
    ("ssl_key", "sslkey"),
];

pub(super) const ACCEPTED: &[&str] = &[
    "user",
    "password",
    "dbname",
    "host",
    "hostaddr",
    "port",
    "sslmode",
    "ssl",
    "requiressl",
    "sslaccept",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "sslsni",
    "sslnegotiation",
    "channel_binding",
    "ssl_min_protocol_version",
    "ssl_max_protocol_version",
    "gssencmode",
    "target_session_attrs",
    "load_balance_hosts",
    "connect_timeout",
    "application_name",
    "options",
    "search_path",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
    "client_encoding",
    "timezone",
];

/// Parameters without an effect, which are reported at startup.
pub(super) const IGNORED: &[&str] = &[
    "pgbouncer",
    "supa",
    "workaround",
    "uselibpqcompat",
    "pool_timeout",
    "socket_timeout",
    "sockettimeout",
    "statement_cache_size",
    "statement_cache_capacity",
    "prepared_statement_cache_size",
    "preparethreshold",
    "prepared_statements",
    "binary_parameters",
    "default_query_exec_mode",
    "fallback_application_name",
    "sslcompression",
    "krbsrvname",
    "gsslib",
    "gssdelegation",
    "rewritebatchedinserts",
    "stringtype",
    "serverversion",
    "server_version",
    "adapter",
    "driver",
    "advisory_locks",
    "checkout_timeout",
    "idle_timeout",
    "reaping_frequency",
    "conn_max_age",
    "conn_health_checks",
    "disable_server_side_cursors",
    "description_cache_capacity",
    "binarytransfer",
    "defaultrowfetchsize",
    "preparedstatementcachequeries",
    "preferquerymode",
    "autosave",
    "keepalive",
    "min_protocol_version",
    "max_protocol_version",
];

const NO_POOL: &str = "the server has its own connection pool; remove it, and set DOORWARD_DATABASE_POOL_SIZE instead";
const NO_CRL: &str = "revocation lists are not supported; remove it, and replace an authority whose certificates \
     were revoked";
const NO_SERVICE: &str = "service files are not supported; put host, user, and database in the URL";
const NO_KEY_PASSWORD: &str =
    "encrypted keys are not supported; decrypt the key, and set sslkey to its file";
const NO_TIMEOUTS: &str = "the server sets its own statement timeouts; remove it";
const READ_ONLY: &str = "the server must be able to write; remove it";
const NO_PREFIX: &str =
    "table prefixes are not supported; remove it, and set a schema with schema=NAME";
const NO_JDBC: &str =
    "it is for Java only; use sslmode=verify-full, or sslmode=require for any certificate";

pub(super) const REFUSED: &[(&str, &str)] = &[
    (
        "passfile",
        "password files are not supported; put the password in the URL, and set DOORWARD_DATABASE_URL_FILE to a \
         file that contains the URL",
    ),
    ("service", NO_SERVICE),
    ("servicefile", NO_SERVICE),
    ("sslpassword", NO_KEY_PASSWORD),
    ("sslidentity", NO_KEY_PASSWORD),
    ("sslinline", "certificates are read from files; set sslrootcert, sslcert, and sslkey"),
    ("sslcrl", NO_CRL),
    ("sslcrldir", NO_CRL),
    ("sslfactory", NO_JDBC),
    ("sslhostnameverifier", NO_JDBC),
    ("sslcertmode", "a client certificate is sent if sslcert and sslkey are set; remove it"),
    ("require_auth", "it is not supported; channel_binding=require accepts SCRAM over TLS only"),
    ("requirepeer", "it is not supported; remove it"),
    ("replication", "it is for replication only; remove it"),
    ("connection_limit", NO_POOL),
    ("pool_size", NO_POOL),
    ("poolsize", NO_POOL),
    ("max_connections", NO_POOL),
    ("pool_max_conns", NO_POOL),
    ("max_pool_size", NO_POOL),
    ("maxpoolsize", NO_POOL),
    ("pool", NO_POOL),
    ("pool_min_conns", NO_POOL),
    ("pool_max_conn_lifetime", NO_POOL),
    ("pool_max_conn_idle_time", NO_POOL),
    ("max_overflow", NO_POOL),
    ("min_pool_size", NO_POOL),
    ("minpoolsize", NO_POOL),
    ("minimumpoolsize", NO_POOL),
    ("maximumpoolsize", NO_POOL),
    ("statement_timeout", NO_TIMEOUTS),
    ("lock_timeout", NO_TIMEOUTS),
    ("idle_in_transaction_session_timeout", NO_TIMEOUTS),
    ("command_timeout", NO_TIMEOUTS),
    ("query_timeout", NO_TIMEOUTS),
    ("default_transaction_read_only", READ_ONLY),
    ("readonly", READ_ONLY),
    ("prefix", NO_PREFIX),
    ("table_prefix", NO_PREFIX),
];

/// Returns libpq's name of a parameter. Some drivers separate words with hyphens.
pub(super) fn canonical(name: &str) -> String {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
    alias.map_or(name, |(_, of_libpq)| (*of_libpq).to_owned())
}

/// Returns `true` if the parameter is known, whether it is accepted or not.
pub(crate) fn is_known(name: &str) -> bool {
    let name = canonical(name);
    ACCEPTED.contains(&&*name)
        || IGNORED.contains(&&*name)
        || REFUSED.iter().any(|(refused, _)| *refused == name)
}
