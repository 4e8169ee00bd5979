use super::{problem, url};

/// Parameters carried over from Rails, Laravel, Doctrine, Django, Prisma, SQLAlchemy, Go, Java, and Rust.
#[test]
fn foreign_parameter_is_applied_ignored_or_rejected_with_advice() {
    for query in [
        "encoding=unicode",
        "encoding=utf8",
        "charset=utf8",
        "charset=utf8mb4",
        "schema=auth",
        "schema_search_path=auth",
        "channelBinding=require",
        "sslmode=verify-ca&ssl-root-cert=/ca.pem",
        "ssl-mode=require",
        "ssl_cert=/a.pem&ssl_key=/a.key",
    ] {
        let url = url(&format!("postgres://ann:pw@db.example/auth?{query}"));
        assert!(url.ignored_parameters().is_empty(), "{query}");
    }
    for (query, ignored) in [
        ("serverVersion=15&charset=utf8", &["serverversion"][..]),
        ("server_version=15.2", &["server_version"]),
        ("pgbouncer=true&schema=public", &["pgbouncer"]),
        (
            "adapter=postgresql&encoding=unicode&reaping_frequency=10",
            &["adapter", "reaping_frequency"],
        ),
        ("conn_max_age=600&conn_health_checks=true", &["conn_max_age", "conn_health_checks"]),
        ("statement-cache-capacity=0", &["statement_cache_capacity"]),
        ("pool_timeout=10&socket_timeout=5", &["pool_timeout", "socket_timeout"]),
        ("preferQueryMode=simple&prepareThreshold=0", &["preferquerymode", "preparethreshold"]),
    ] {
        let url = url(&format!("postgres://ann:pw@db.example/auth?{query}"));
        assert_eq!(url.ignored_parameters(), ignored, "{query}");
    }
    for (query, advice) in [
        ("encoding=latin1", "client_encoding in the database URL: the encoding is always UTF-8"),
        ("charset=latin1", "remove it"),
        ("pool_size=5", "DOORWARD_DATABASE_POOL_SIZE"),
        ("pool=5", "DOORWARD_DATABASE_POOL_SIZE"),
        ("connection_limit=1", "DOORWARD_DATABASE_POOL_SIZE"),
        ("pool_min_conns=1", "DOORWARD_DATABASE_POOL_SIZE"),
        ("maximumPoolSize=10", "DOORWARD_DATABASE_POOL_SIZE"),
        ("max_overflow=10", "DOORWARD_DATABASE_POOL_SIZE"),
        ("sslcert=/etc/ca.pem", "sslrootcert"),
        ("sslidentity=/a.p12", "sslkey"),
        ("command_timeout=60", "sets its own statement timeouts"),
        ("prefix=dw_", "schema=NAME"),
        ("readOnly=true", "must be able to write"),
        ("topology_keys=a", "topology_keys"),
    ] {
        let said = problem(&format!("postgres://ann:pw@db.example/auth?{query}"));
        assert!(said.contains(advice), "{query}: {said}");
    }
}

/// The name of an unknown parameter is helpful, but it may be the end of a password that contains a `?`.
#[test]
fn unknown_parameter_is_named_only_if_it_cannot_be_part_of_a_password() {
    for (text, is_named) in [
        ("postgres://ann:pw@db.example/auth?unheard=1", true),
        ("postgres://ann@db.example/auth?unheard=1", true),
        ("postgres://db.example/auth?unheard=1", false),
        ("postgres://db.example/auth?user=ann&password=x&unheard=1", false),
        ("postgres://ann@db.example/auth?password=x&unheard=1", false),
    ] {
        let said = problem(text);
        assert_eq!(said.contains("unheard"), is_named, "{text}: {said}");
        assert!(said.contains("is unknown; remove it"), "{text}: {said}");
    }
}
