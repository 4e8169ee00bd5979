mod parameters;

use std::error::Error;

use super::*;

fn url(text: &str) -> DatabaseUrl {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn postgres(text: &str) -> PostgresUrl {
    match url(text) {
        DatabaseUrl::Postgres(url) => *url,
        url @ DatabaseUrl::Sqlite(_) => panic!("{text}: {url}"),
    }
}

fn problem(text: &str) -> String {
    let error = text.parse::<DatabaseUrl>().map(|url| panic!("{text}: {url}")).unwrap_err();
    error.to_string()
}

/// User, password, hosts with ports, and database.
fn parts(text: &str) -> String {
    let url = postgres(text);
    let password = url.settings.get_password().map(String::from_utf8_lossy).unwrap_or_default();
    let endpoints = url.endpoints.iter().map(|endpoint| match &endpoint.place {
        Place::Host(name) => format!("{name}:{}", endpoint.port),
        Place::Socket(folder) => format!("{}:{}", folder.display(), endpoint.port),
    });
    let hosts = endpoints.collect::<Vec<_>>().join(",");
    let user = url.settings.get_user().unwrap_or_default();
    format!("{user} {password} {hosts} {}", url.settings.get_dbname().unwrap_or_default())
}

#[test]
fn postgres_url_is_parsed_in_common_formats() {
    for (text, expected) in [
        ("postgres://ann:pw@db.example:5433/auth", "ann pw db.example:5433 auth"),
        ("POSTGRESQL://ann:pw@db.example/auth", "ann pw db.example:5432 auth"),
        ("postgresql+psycopg2://ann:pw@db.example/auth", "ann pw db.example:5432 auth"),
        ("jdbc:postgresql://db.example/auth?user=ann&password=pw", "ann pw db.example:5432 auth"),
        ("postgres://ann@db.example/auth", "ann  db.example:5432 auth"),
        ("postgres://ann:pw@db.example", "ann pw db.example:5432 "),
        ("postgres://ann:pw@db.example/", "ann pw db.example:5432 "),
        ("postgres://ann:pw@db.example:/auth/", "ann pw db.example:5432 auth"),
        ("postgres://ann:pw@[::1]:5433/auth", "ann pw ::1:5433 auth"),
        ("postgres://ann:pw@[2001:db8::1]/auth", "ann pw 2001:db8::1:5432 auth"),
        ("postgres://ann:pw@one,two:5433/auth", "ann pw one:5432,two:5433 auth"),
        ("postgres://ann:pw@/auth?host=/run/pg", "ann pw /run/pg:5432 auth"),
        (
            "postgres://ann:pw@localhost/auth?host=/cloudsql/a:b:c",
            "ann pw /cloudsql/a:b:c:5432 auth",
        ),
        ("postgres://ann:pw@%2Frun%2Fpg/auth", "ann pw /run/pg:5432 auth"),
        ("postgres:///auth", "  /var/run/postgresql:5432,/tmp:5432 auth"),
        ("postgres://db.example/auth?user=ann@corp", "ann@corp  db.example:5432 auth"),
        ("postgres://ann:pw@db.example/auth?application_name=a@b", "ann pw db.example:5432 auth"),
        ("postgres://ann:pw@db.example/a%2Fb%40c", "ann pw db.example:5432 a/b@c"),
        (" \u{feff}\"postgres://ann:pw@db.example/auth\"\r\n", "ann pw db.example:5432 auth"),
        ("'postgres://ann:pw@db.example/auth'\n", "ann pw db.example:5432 auth"),
    ] {
        assert_eq!(parts(text), expected, "{text}");
    }
}

#[test]
fn password_is_parsed_with_raw_and_percent_encoded_characters() {
    for password in [
        "a@b",
        "a:b",
        "a/b",
        "a#b",
        "a?b",
        "a%b",
        "a b",
        "a[b]",
        "a&b=c",
        "a?b=c",
        "a@b/c:d",
        "4?5",
        "12/34",
        "//",
        "a\\b",
        "ä",
        "?",
        "#",
        "%",
        "100%",
        "a+b",
        "p@ss?w=rd",
        "oRAND44@W)£+$\\$r{5F?#x:$A\\y^9\\;&pzIS1&b_k",
    ] {
        let expected = format!("ann {password} db.example:5432 auth");
        for query in ["", "?sslmode=require", "?application_name=x&sslmode=disable"] {
            let raw = format!("postgres://ann:{password}@db.example/auth{query}");
            assert_eq!(parts(&raw), expected, "{raw}");
            let encoded: String = password.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let encoded = format!("postgres://ann:{encoded}@db.example/auth{query}");
            assert_eq!(parts(&encoded), expected, "{encoded}");
        }
    }
}

#[test]
fn malformed_url_is_rejected_with_advice() {
    for (text, expected) in [
        ("", "postgres://user:password@host/database"),
        ("db.example", "starts with"),
        ("mysql://ann:pw@db.example/auth", "starts with"),
        ("prisma+postgres://accelerate.example/?api_key=x", "starts with"),
        ("postgres:ann@db.example", "// is missing"),
        ("postgres://ann:pw", "percent-encode "),
        ("postgres://ann:pw@db.example:54x/auth", "port as a number"),
        ("postgres://ann:pw@db.example:70000/auth", "from 1 to 65535"),
        ("postgres://ann:pw@db.example:0/auth", "from 1 to 65535"),
        ("postgres://ann:pw@::1/auth", "in brackets"),
        ("postgres://ann:pw@one,,two/auth", "one of the hosts is empty"),
        ("postgres://ann:pw@one:1,two:2,three/auth?port=1,2", "match the number of hosts"),
        ("postgres://ann:pw@/run/pg/auth", "?host="),
        ("postgres://ann:pw@db.example/auth?sslmode", "name=value"),
        ("postgres://ann:pw@db.example/auth#x", "%23"),
        ("postgres://ann:pw@db\n.example/auth", "line feed"),
        ("postgres://ann@/auth?host=/var/run/postgresql/.s.PGSQL.5432", "&port=5432"),
        ("postgres://ann@%2Ftmp%2F.s.PGSQL.5433/auth", "use the folder of that file"),
        ("postgres://ann@/auth?host=@doorward", "abstract socket"),
        ("postgres://ann@%40doorward/auth", "abstract socket"),
        ("postgres://ann@/auth?host=db.example:5433", "and port=5432 separately"),
        ("postgres://ann@/auth?host=[::1]", "without brackets"),
        ("postgres://ann@/auth?host=run/postgresql", "as an absolute path"),
        ("postgres://ann@/auth?host=https://db.example", "neither a name nor an IP address"),
        ("postgres://ann:p%00w%0Aw@db.example/a%00", "control character"),
        ("postgres://a:b@h/d?sslmode=sometimes", "sslmode"),
        ("postgres://a:b@h/d?sslmode=verify-ca&sslrootcert=system", "verify-full"),
        ("postgres://a:b@h/d?sslcert=/a.pem", "sslrootcert"),
        ("postgres://a:b@h/d?sslkey=/a.key", "sslcert"),
        ("postgres://a:b@h/d?sslcrl=/a.crl", "revocation"),
        ("postgres://a:b@h/d?passfile=/x", "DOORWARD_DATABASE_URL_FILE"),
        ("postgres://a:b@h/d?service=x", "host, user, and database"),
        ("postgres://a:b@h/d?ssl=true", "sslmode=verify-full"),
        ("postgres://a:b@h/d?sslnegotiation=direct&sslmode=prefer", "sslmode=require"),
        ("postgres://a:b@h/d?gssencmode=require", "Kerberos"),
        ("postgres://a:b@h/d?target_session_attrs=read-only", "read-write"),
        ("postgres://a:b@h/d?connection_limit=1", "DOORWARD_DATABASE_POOL_SIZE"),
        ("postgres://a:b@h/d?statement_timeout=1", "statement_timeout"),
        ("postgres://a:b@h/d?connect_timeout=soon", "an integer"),
        ("postgres://a:b@h/d?hostaddr=h", "IP address"),
        ("postgres://a:b@h/d?sslmodus=require", "sslmodus"),
    ] {
        let said = problem(text);
        assert!(said.contains(expected), "{text}: {said}");
    }
}

#[test]
fn parameters_of_libpq_and_providers_are_accepted() {
    for query in [
        "sslmode=verify-full&sslrootcert=system",
        "sslmode=verify-ca&sslrootcert=/etc/ca.pem",
        "sslmode=require&channel_binding=require",
        "sslmode=VERIFY_FULL",
        "sslmode=no-verify",
        "ssl=false",
        "sslmode=require&ssl=true",
        "sslmode=",
        "sslcert=/a.pem&sslkey=/a.key",
        "sslnegotiation=direct",
        "sslsni=0",
        "ssl_min_protocol_version=TLSv1.3",
        "gssencmode=disable",
        "target_session_attrs=primary",
        "target_session_attrs=any",
        "targetServerType=primary",
        "load_balance_hosts=random",
        "connect_timeout=10",
        "keepalives=1&keepalives_idle=30&keepalives_interval=10&keepalives_count=3",
        "tcp_user_timeout=5000",
        "client_encoding=utf8",
        "options=endpoint%3Dep-cool-name",
        "options=-c%20lock_timeout%3D1s",
        "pgbouncer=true&pool_timeout=10",
        "schema=public",
        "currentSchema=auth",
        "sslaccept=strict",
        "sslmode=require&sslaccept=accept_invalid_certs",
        "supa=base-pooler.x",
        "uselibpqcompat=true",
        "ApplicationName=auth",
        "",
    ] {
        postgres(&format!("postgres://ann:pw@db.example/auth?{query}"));
    }
}

#[test]
fn protection_follows_sslmode_and_is_required_for_remote_hosts() {
    use postgres::{Check, Protection};
    let remote = "postgres://ann:pw@db.example/auth?";
    for (text, expected) in [
        (remote.to_owned(), Protection::TlsTrustedOrBound),
        (format!("{remote}channel_binding=prefer"), Protection::TlsTrustedOrBound),
        (format!("{remote}channel_binding=require"), Protection::TlsTrustedOrBound),
        (format!("{remote}channel_binding=disable"), Protection::Tls(Check::AuthorityAndHost)),
        (format!("{remote}sslmode=disable"), Protection::Clear),
        (format!("{remote}sslmode=allow"), Protection::ClearFirst(Check::Nothing)),
        (format!("{remote}sslmode=prefer"), Protection::TlsFirst(Check::Nothing)),
        (format!("{remote}sslmode=require"), Protection::Tls(Check::Nothing)),
        (format!("{remote}sslmode=require&sslrootcert=/a"), Protection::Tls(Check::Authority)),
        (format!("{remote}sslmode=verify-ca&sslrootcert=/a"), Protection::Tls(Check::Authority)),
        (format!("{remote}sslmode=verify-ca"), Protection::Tls(Check::AuthorityAndHost)),
        (format!("{remote}sslmode=verify-full"), Protection::Tls(Check::AuthorityAndHost)),
        (format!("{remote}sslrootcert=/a"), Protection::Tls(Check::AuthorityAndHost)),
        (format!("{remote}sslrootcert=system"), Protection::Tls(Check::AuthorityAndHost)),
        ("postgres://ann@localhost/auth".to_owned(), Protection::TlsFirst(Check::Nothing)),
        ("postgres://ann@127.0.0.1/auth".to_owned(), Protection::TlsFirst(Check::Nothing)),
        ("postgres://ann@[::1]/auth".to_owned(), Protection::TlsFirst(Check::Nothing)),
        ("postgres://ann@x/auth?hostaddr=10.0.0.1".to_owned(), Protection::TlsTrustedOrBound),
        ("postgres://ann@/auth?host=/tmp&sslmode=require".to_owned(), Protection::Clear),
    ] {
        let url = postgres(&text);
        assert_eq!(url.protection(&url.endpoints[0]), expected, "{text}");
    }
    assert!(url("postgres://ann@db.example/auth?sslmode=require").is_exposed());
    assert!(!url("postgres://ann@db.example/auth").is_exposed());
    assert!(!url("postgres://ann@localhost/auth?sslmode=disable").is_exposed());
}

#[test]
fn driver_settings_match_the_url() {
    let url = postgres(
        "postgres://ann@one,two/auth?application_name=auth-1&connect_timeout=7&tcp_user_timeout=1500&schema=a b&options=-c x=1",
    );
    let settings = url.settings_for(&url.endpoints[1]);
    assert_eq!(settings.get_application_name(), Some("doorward auth-1"));
    assert_eq!(settings.get_connect_timeout().unwrap().as_secs(), 7);
    assert_eq!(settings.get_tcp_user_timeout().unwrap().as_millis(), 1500);
    assert_eq!(settings.get_options(), Some("-c search_path=a\\ b -c x=1"));
    assert_eq!(settings.get_hosts().len(), 1);
    // Of several servers, only a writable one is useful.
    assert_eq!(
        settings.get_target_session_attrs(),
        tokio_postgres::config::TargetSessionAttrs::ReadWrite
    );
}

/// No part of a secret is shown, however the URL is malformed.
#[test]
fn malformed_url_error_shows_no_part_of_a_password() {
    const PIECES: [&str; 3] = ["hunter2", "canary", "s3cret"];
    let separators = [
        "@", ":", "/", "#", "?", "%", " ", "[", "]", "&", "=", "?a=", "@/", ":5432/", "\n", "%zz",
        "%40", "\u{0}",
    ];
    let templates = [
        "postgres://ann:{}@db.example/auth",
        "postgres://ann:{}@db.example:5432/auth?sslmode=require",
        "postgres://ann:{}@db.example:x/auth",
        "postgres://ann:{}@/auth?host=",
        "postgres://:{}@db.example/auth",
        "postgres:/ann:{}@db.example/auth",
        "postgresql//ann:{}@db.example",
        "psql postgres://ann:{}@db.example",
        "postgres://ann:{}@db.example/auth?passw0rd=x&sslmode=q",
        "postgres://db.example/auth?password={}&sslmode=q",
        "host=db.example password={}",
        "mysql://ann:{}@db.example",
        "postgres://ann:{}",
        "\"postgres://ann:{}@db",
        "postgres://ann:{}@db.example/auth?unknown=1",
        "jdbc:postgresql://db.example/auth?password={}",
    ];
    for one in separators {
        for two in separators {
            let [a, b, c] = PIECES;
            let password = format!("{a}{one}{b}{two}{c}");
            for template in templates {
                // In a URL without a host, the text after an `@` is taken as the host.
                if template.ends_with("ann:{}") && password.contains('@') {
                    continue;
                }
                let text = template.replace("{}", &password);
                let shown = match text.parse::<DatabaseUrl>() {
                    Ok(url) => format!("{url} {url:?} {:?}", url.protection()),
                    Err(error) => format!("{error} {error:?} {:?}", error.source()),
                };
                for piece in PIECES {
                    assert!(!shown.contains(piece), "{text:?}: {shown}");
                }
            }
        }
    }
}

#[test]
fn sqlite_url_round_trips_through_its_displayed_form() {
    for (text, path) in [
        ("sqlite:///tmp/a.db", "/tmp/a.db"),
        ("sqlite:/tmp/a.db", "/tmp/a.db"),
        ("sqlite:////tmp/a.db", "/tmp/a.db"),
        ("SQLite://a.db", "a.db"),
        ("sqlite3:a.db", "a.db"),
        ("sqlite+aiosqlite:///tmp/a.db", "/tmp/a.db"),
        ("jdbc:sqlite:/tmp/a.db", "/tmp/a.db"),
        ("file:/tmp/a.db", "/tmp/a.db"),
        ("file:///tmp/a.db?mode=rwc", "/tmp/a.db"),
        ("file://localhost/tmp/a.db", "/tmp/a.db"),
        ("file:./a.db", "./a.db"),
        ("sqlite:file:/tmp/a.db", "/tmp/a.db"),
        ("sqlite:///tmp/a%20b.db", "/tmp/a b.db"),
        ("sqlite:///tmp/a b#c.db", "/tmp/a b#c.db"),
        ("sqlite:///tmp/100%.db", "/tmp/100%.db"),
        ("sqlite:///tmp/a%3Fb.db?mode=rwc&cache=private&_journal_mode=WAL&_fk=1", "/tmp/a?b.db"),
        ("\u{feff}sqlite:///tmp/a.db\n", "/tmp/a.db"),
    ] {
        let parsed = url(text);
        let DatabaseUrl::Sqlite(found) = &parsed else { panic!("{text}") };
        assert_eq!(found.to_str(), Some(path), "{text}");
        let DatabaseUrl::Sqlite(again) = url(&parsed.to_string()) else { panic!("{parsed}") };
        assert_eq!(again.to_str(), Some(path), "{parsed}");
    }
}

#[test]
fn unsupported_sqlite_url_is_rejected() {
    for (text, expected) in [
        ("sqlite:", "specifies a file"),
        ("sqlite://", "specifies a file"),
        ("sqlite:///", "specifies a file"),
        ("sqlite::memory:", "lost when the server stops"),
        ("sqlite://:memory:", "lost when the server stops"),
        ("sqlite:///:memory:", "lost when the server stops"),
        ("file::memory:?cache=shared", "lost when the server stops"),
        ("sqlite://a.db?mode=memory", "lost when the server stops"),
        ("sqlite:///tmp/", "is a folder"),
        ("sqlite://~/a.db", "absolute path"),
        ("sqlite:///tmp/a%00.db", "control character"),
        ("sqlite:///tmp/a%FF.db", "not UTF-8"),
        ("sqlite:///tmp/a.db?mode=ro", "must be able to write"),
        ("sqlite:///tmp/a.db?mode=rw", "rwc"),
        ("sqlite:///tmp/a.db?immutable=1", "must be able to write"),
        ("sqlite:///tmp/a.db?cache=shared", "remove it"),
        ("sqlite:///tmp/a.db?_journal_mode=DELETE", "sets this itself"),
        ("sqlite:///tmp/a.db?_busy_timeout=5", "sets this itself"),
        ("sqlite:///tmp/what?.db", "%3F"),
    ] {
        let said = problem(text);
        assert!(said.contains(expected), "{text}: {said}");
    }
}
