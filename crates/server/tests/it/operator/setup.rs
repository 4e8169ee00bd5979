//! Checks, migrations, and configuration on the command line, before and while a server runs.

use doorward_testing::TestDatabase;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Backend, TestApp, doorward, on_both, refused, run as run_on};

fn run(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String) {
    let output = doorward(folder.path()).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn migrate_applies_migrations_and_status_changes_nothing() {
    let folder = TempDir::new().unwrap();
    for flag in ["--status", "--dry-run"] {
        let (code, said) = run(&folder, &["db", "migrate", flag]);
        let listed = said.lines().skip(1);
        assert_eq!(code, Some(0), "{said}");
        assert!(listed.clone().count() >= 4 && listed.clone().all(|line| line.contains("pending")));
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }
    let (code, said) = run(&folder, &["db", "migrate"]);
    assert!(code == Some(0) && said.lines().all(|line| line.starts_with("Applied ")), "{said}");
    assert_eq!(run(&folder, &["db", "migrate"]).1, "the schema is up to date\n");
    assert_eq!(run(&folder, &["db", "migrate", "--dry-run"]).1, "the schema is up to date\n");
    let status: Value =
        serde_json::from_str(&run(&folder, &["db", "migrate", "--status", "--json"]).1).unwrap();
    assert!(status.as_array().unwrap().iter().all(|migration| migration["applied"] == true));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let database = folder.path().join("doorward-data/doorward.db");
        assert_eq!(database.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(run(&folder, &["db", "migrate", "--status", "--dry-run"]).0, Some(2));
}

#[test]
fn check_before_the_first_start_creates_nothing() {
    let folder = TempDir::new().unwrap();
    let (code, said) = run(&folder, &["doctor"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("creates it").count(), 4, "{said}");
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[test]
fn check_reports_every_problem_at_once() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("mail"), "no folder").unwrap();
    std::fs::write(folder.path().join("doorward.db"), "no database, but as long as one would be")
        .unwrap();
    let mut command = doorward(folder.path());
    command
        .args(["doctor"])
        .env("DOORWARD_MAIL_URL", "file:mail")
        .env("DOORWARD_MASTER_KEY", "short")
        .env("DOORWARD_DATABASE_URL", "sqlite:doorward.db");
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!((output.status.code(), said.matches("FAILED").count()), (Some(1), 3), "{said}");
    for what in ["master key", "database", "mail"] {
        assert!(said.contains(&format!("FAILED  {what}")), "{said}");
    }
    assert!(String::from_utf8(output.stderr).unwrap().contains("3 problems found"));
    let (code, said) = run(&folder, &["doctor", "--listen", "0.0.0.0:80", "--json"]);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &said["ok"]), (Some(1), &false.into()));
    assert!(said["steps"][0]["words"].as_str().unwrap().contains("DOORWARD_PUBLIC_URL"));
}

/// Runs a check with these variables, and returns its exit code and output.
fn checked(folder: &TempDir, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = doorward(folder.path());
    command.arg("doctor").envs(variables.iter().copied());
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn check_fails_where_a_start_would_fail() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("dangling")).unwrap();
    let holder = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = holder.local_addr().unwrap().to_string();
    for (name, value, step) in [
        ("DOORWARD_PAGES_LOGO_FILE", "nope.svg", "pages"),
        ("DOORWARD_MAIL_TEMPLATES_DIR", "nope", "mail templates"),
        ("DOORWARD_LISTEN", taken.as_str(), "listen"),
        ("DOORWARD_METRICS_LISTEN", &taken, "metrics"),
        ("DOORWARD_DATA_DIR", "file/data", "data folder"),
        ("DOORWARD_DATA_DIR", "file", "data folder"),
        ("DOORWARD_DATA_DIR", "dangling", "data folder"),
        ("DOORWARD_LOG_FILTER", "=?=", "configuration"),
    ] {
        let (code, said) = checked(&folder, &[(name, value)]);
        let is_failed = |line: &str| line.starts_with(&format!("FAILED  {step} "));
        assert!(code == Some(1) && said.lines().any(is_failed), "{name}={value}: {said}");
        refused(doorward(folder.path()).env(name, value));
        std::fs::remove_dir_all(folder.path().join("doorward-data")).unwrap_or_default();
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 2);
}

#[test]
fn data_folder_can_be_a_symbolic_link() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("disk")).unwrap();
    std::os::unix::fs::symlink("disk", folder.path().join("doorward-data")).unwrap();
    crate::support::Running::start(doorward(folder.path())).stop();
    assert!(folder.path().join("disk/master_key").exists());
    assert_eq!(checked(&folder, &[]).0, Some(0));
}

#[test]
fn check_gives_the_warnings_of_a_start_and_succeeds() {
    let folder = TempDir::new().unwrap();
    let variables = [
        ("DOORWARD_LISTEN", "0.0.0.0:0"),
        ("DOORWARD_PUBLIC_URL", "http://auth.example.com"),
        ("DOORWARD_MAIL_URL", "file:"),
        ("DOORWARD_REDIS_URL", "redis+unix:///does/not/exist"),
        ("DOORWARD_MASTER_KEY", "a secret of thirty-two characters"),
    ];
    std::fs::create_dir(folder.path().join("doorward-data")).unwrap();
    use std::os::unix::fs::PermissionsExt;
    let open = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(folder.path().join("doorward-data"), open).unwrap();
    let (code, said) = checked(&folder, &variables);
    assert_eq!(code, Some(0), "{said}");
    let mut command = doorward(folder.path());
    command.envs(variables);
    let running = crate::support::Running::start(command);
    for (step, part) in [
        ("public_url", "sent unencrypted"),
        ("mail.url", "no email is sent"),
        ("passwords.argon2_memory_kib", "below the OWASP recommendation"),
        ("data_dir", "chmod 700"),
        ("Redis", "DOORWARD_REDIS_URL"),
    ] {
        let is_warning =
            |line: &str| line.starts_with(&format!("warn  {step} ")) && line.contains(part);
        assert!(said.lines().any(is_warning), "{step}: {said}");
        assert!(running.seen.contains(part), "{step}: {}", running.seen);
    }
    running.stop();
}

#[test]
fn weak_master_key_is_refused_with_a_generator_command_except_as_a_previous_key() {
    let folder = TempDir::new().unwrap();
    let weak = "a".repeat(32);
    for (name, value) in [
        ("DOORWARD_MASTER_KEY", weak.as_str()),
        ("DOORWARD_MASTER_KEY", "0123456789abcdef0123456789abcdef"),
        ("DOORWARD_MASTER_KEY", "please-change-me-please-change-it"),
        ("DOORWARD_PASSWORDS_PEPPER", &weak),
    ] {
        let (code, said) = checked(&folder, &[(name, value)]);
        let error = refused(doorward(folder.path()).env(name, value));
        for said in [said, error] {
            assert!(
                said.contains("doorward secret new") && said.contains("openssl rand -hex 32"),
                "{said}"
            );
            assert!(!said.contains(value), "{said}");
        }
        assert_eq!(code, Some(1));
    }
    let new = || run(&folder, &["secret", "new"]);
    let ((code, one), (_, other)) = (new(), new());
    assert_eq!((code, one.trim().len(), one.lines().count()), (Some(0), 64, 1));
    assert_ne!(one, other);
    let variables = [("DOORWARD_MASTER_KEY", one.trim()), ("DOORWARD_PREVIOUS_MASTER_KEYS", &weak)];
    assert_eq!(checked(&folder, &variables).0, Some(0));
}

#[test]
fn master_key_file_readable_by_others_is_refused_by_check_and_start() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    crate::support::Running::start(doorward(folder.path())).stop();
    let secret = folder.path().join("doorward-data/master_key");
    let with_mode =
        |mode| std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(mode)).unwrap();
    with_mode(0o644);
    let (code, said) = checked(&folder, &[]);
    assert!(code == Some(1) && said.contains("chmod 600"), "{said}");
    let error = refused(&mut doorward(folder.path()));
    assert!(error.contains("every user of this machine can read it (mode 644)"), "{error}");
    with_mode(0o600);
    assert_eq!(checked(&folder, &[]).0, Some(0));
    crate::support::Running::start(doorward(folder.path())).stop();
}

#[test]
fn check_recognizes_its_own_running_server() {
    let folder = TempDir::new().unwrap();
    let running = crate::support::Running::start(doorward(folder.path()));
    let address = running.url.replace("http://", "");
    let (code, said) = checked(&folder, &[("DOORWARD_LISTEN", &address)]);
    assert!(code == Some(0) && said.contains("in use by a running doorward"), "{said}");
    running.stop();
}

#[test]
fn check_recognizes_the_metrics_socket_of_its_own_server() {
    let folder = TempDir::new().unwrap();
    let metrics = ("DOORWARD_METRICS_LISTEN", "unix:metrics.sock");
    let mut command = doorward(folder.path());
    command.envs([metrics]);
    let running = crate::support::Running::start(command);
    let address = running.url.replace("http://", "");
    let (code, said) = checked(&folder, &[("DOORWARD_LISTEN", &address), metrics]);
    let known = said.matches("in use by a running doorward").count();
    assert!(code == Some(0) && known == 2, "{said}");
    running.stop();
    // Without its own server, the check reports a socket of another program.
    let _other =
        std::os::unix::net::UnixListener::bind(folder.path().join("metrics.sock")).unwrap();
    let (code, said) = checked(&folder, &[("DOORWARD_LISTEN", &address), metrics]);
    assert!(code == Some(1) && said.contains("another program listens there"), "{said}");
}

#[test]
fn conflicting_listen_addresses_are_refused_by_check_and_start() {
    let folder = TempDir::new().unwrap();
    let long = format!("unix:/tmp/{}.sock", "x".repeat(100));
    for (listen, metrics, part) in [
        ("127.0.0.1:65001", "127.0.0.1:65001", "DOORWARD_METRICS_LISTEN"),
        ("127.0.0.1:65001", ":65001", "DOORWARD_METRICS_LISTEN"),
        ("127.0.0.1:65001", &long, "the limit is"),
        ("127.0.0.1:65001", "/run/metrics.sock", "write unix:/run/metrics.sock"),
        ("127.0.0.1:65001", "unix:@metrics", "not supported"),
    ] {
        let variables = [("DOORWARD_LISTEN", listen), ("DOORWARD_METRICS_LISTEN", metrics)];
        let (code, said) = checked(&folder, &variables);
        assert!(code == Some(1) && said.contains(part), "{listen} {metrics}: {said}");
        let error = refused(doorward(folder.path()).envs(variables));
        assert!(error.contains(part), "{listen} {metrics}: {error}");
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[test]
fn check_warns_about_pending_migrations() {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("doorward-data")).unwrap();
    std::fs::write(folder.path().join("doorward-data/doorward.db"), "").unwrap();
    let (code, said) = checked(&folder, &[]);
    assert!(code == Some(0) && said.contains("migrations are pending"), "{said}");
}

#[test]
fn configuration_is_shown_with_sources_and_without_secrets() {
    let folder = TempDir::new().unwrap();
    let toml = "service_name = 'Acme'\nrate_limits.login_per_minute = 7\npasswords.pepper = 'hunter2, and what else it takes to be one'";
    std::fs::write(folder.path().join("doorward.toml"), toml).unwrap();
    let configured = |arguments: &[&str]| {
        let mut command = doorward(folder.path());
        command
            .args(["config", "--rate-limits-login-per-minute", "9"])
            .args(arguments)
            .env("DOORWARD_MASTER_KEY", "hunter2-hunter2-hunter2-hunter2-hunter2")
            .env("DOORWARD_DATABASE_URL", "postgres://ann:hunter2@db.example/auth")
            .env("DOORWARD_REDIS_URL", "redis://ann:hunter2@cache.example");
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).unwrap()
    };
    let table = configured(&[]);
    let shown: Value = serde_json::from_str(&configured(&["--json"])).unwrap();
    assert!(!table.contains("hunter2") && !shown.to_string().contains("hunter2"), "{table}");
    for (key, value, source) in [
        ("listen", "127.0.0.1:0", "variable"),
        ("service_name", "Acme", "file"),
        ("rate_limits.login_per_minute", "9", "flag"),
        ("rate_limits.refresh_per_minute", "60", "default"),
        ("database.url", "postgres://db.example/auth", "variable"),
        ("redis.url", "redis://cache.example:6379/0", "variable"),
        ("master_key", "(secret)", "variable"),
        ("passwords.pepper", "(secret)", "file"),
        ("mail.url", "file:doorward-data/mail", "default"),
    ] {
        assert_eq!(shown[key]["value"], value, "{key}");
        assert_eq!(shown[key]["source"], source, "{key}");
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 1, "files were created");
}

#[test]
fn invalid_database_url_is_refused_by_check_and_config_without_being_shown() {
    let folder = TempDir::new().unwrap();
    for url in [
        "sqlite://ann:hunter2@db.example/auth.db",
        "sqlite:///auth.db?password=hunter2",
        "mysql://ann:hunter2@db.example/auth",
        "postgres://db.example/auth;password=hunter2",
        "postgres://db.example/auth&password=hunter2",
        "postgres://db.example/auth%3Fpassword=hunter2",
        "host=db.example user=ann password=hunter2",
        "postgres://ann@db.example/auth?passphrase=hunter2",
        "hunter2",
    ] {
        for command in ["doctor", "config"] {
            let output = doorward(folder.path())
                .arg(command)
                .env("DOORWARD_DATABASE_URL", url)
                .output()
                .unwrap();
            let shown = format!("{output:?}");
            assert_eq!(output.status.code(), Some(1), "{url}: {shown}");
            assert!(shown.contains("database.url (DOORWARD_DATABASE_URL)"), "{url}: {shown}");
            assert!(!shown.contains("hunter2"), "{url}: {shown}");
        }
    }
}

#[test]
fn password_in_the_parameters_of_a_database_url_is_not_shown_by_check_and_config() {
    let folder = TempDir::new().unwrap();
    for command in ["doctor", "config"] {
        let output = doorward(folder.path())
            .arg(command)
            .env("DOORWARD_DATABASE_URL", "postgres://ann@127.0.0.1:1/auth?password=hunter2")
            .output()
            .unwrap();
        let shown = format!("{output:?}");
        assert!(shown.contains("postgres://127.0.0.1/auth"), "{shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn completions_are_generated_for_every_shell() {
    let folder = TempDir::new().unwrap();
    for (shell, part) in
        [("bash", "set-password"), ("zsh", "#compdef doorward"), ("fish", "complete -c doorward")]
    {
        let (code, script) = run(&folder, &["completions", shell]);
        assert!(code == Some(0) && script.contains(part), "{shell}");
    }
    assert_eq!(run(&folder, &["completions", "dos"]).0, Some(2));
}

#[test]
fn operator_commands_create_nothing_without_a_database() {
    let folder = TempDir::new().unwrap();
    for arguments in [
        &["user", "list"][..],
        &["user", "create", "ann@example.com", "--no-password"],
        &["user", "delete", "ann", "--yes"],
        &["session", "list", "ann"],
        &["mail", "retry", "--all"],
    ] {
        let error = refused(doorward(folder.path()).args(arguments));
        assert!(error.contains("there is no database") && error.contains("--data-dir"), "{error}");
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }
}

#[test]
fn schema_of_another_version_is_reported_and_not_changed() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("doorward.db");
    let command = |arguments: &[&str]| {
        let mut command = doorward(folder.path());
        command.args(arguments).env("DOORWARD_DATABASE_URL", "sqlite:doorward.db");
        command
    };
    std::fs::write(&file, "").unwrap();
    let error = refused(&mut command(&["user", "list"]));
    assert!(error.contains("is empty: start doorward once"), "{error}");
    assert!(command(&["db", "migrate"]).output().unwrap().status.success());
    TestDatabase::mark_as_newer(&file);
    for arguments in [&["user", "list"][..], &["db", "migrate"]] {
        let error = refused(&mut command(arguments));
        assert!(error.contains("newer version of doorward"), "{error}");
    }
    let output = command(&["db", "migrate", "--status"]).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("from a newer version"));
    let output = command(&["doctor"]).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("FAILED  schema"));
}

#[test]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
fn nonexistent_database_is_reported_to_operators() {
    run_on(Backend::Postgres, |backend| async move {
        let database = backend.database().await;
        let folder = TempDir::new().unwrap();
        let url = database.url_text().replace("doorward_test_", "no_such_");
        for arguments in [&["user", "list"][..], &["db", "migrate"], &["db", "migrate", "--status"]]
        {
            let error =
                refused(doorward(folder.path()).args(arguments).env("DOORWARD_DATABASE_URL", &url));
            assert!(
                error.contains("does not exist") && error.contains("DOORWARD_DATABASE_URL"),
                "{error}"
            );
        }
    });
}

on_both! {
    async fn check_beside_a_running_server_succeeds_and_leaves_nothing(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let before = app.database.rows().await;
        let checked = app.operate(&["doctor", "--json"]).json();
        assert_eq!(checked["ok"], true);
        let steps = checked["steps"].as_array().unwrap().iter();
        let good: Vec<_> = steps.filter(|step| step["outcome"] == "ok").map(|step| &step["what"]).collect();
        let expected = [
            "configuration", "listen", "master key", "database", "schema", "signing keys", "writes",
            "mail templates", "pages",
        ];
        assert_eq!(good, expected);
        assert!(app.database.rows().await == before);
        let status = app.operate(&["db", "migrate", "--status"]).done();
        assert!(!status.contains("pending"), "{status}");
        assert_eq!(app.operate(&["db", "migrate"]).done(), "the schema is up to date\n");
    }
}
