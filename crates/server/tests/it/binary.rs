//! The binary: starting, stopping, and the command line.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
};

use crate::support::{Backend, Running, doorward, refused, run, terminate};
use doorward_testing::{TestDatabase, TestRedis};
use reqwest::StatusCode;
use tempfile::TempDir;

#[test]
fn binary_starts_without_configuration_and_stops_on_sigterm() {
    let folder = TempDir::new().unwrap();
    let running = Running::start(doorward(folder.path()));
    run(Backend::Sqlite, |_| {
        let url = format!("{}/readyz", running.url);
        async move {
            assert_eq!(reqwest::get(url).await.unwrap().status(), StatusCode::OK);
        }
    });
    assert!(running.stop().contains("stopped"));
    let data = folder.path().join("doorward-data");
    for made in ["doorward.db", "master_key"] {
        assert!(data.join(made).exists(), "{made}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&data), mode(&data.join("master_key"))), (0o700, 0o600));
    }
}

#[test]
fn acknowledged_write_survives_a_kill() {
    let folder = TempDir::new().unwrap();
    let mut running = Running::start(doorward(folder.path()));
    let register = |base: String| async move {
        let body = serde_json::json!({
            "email": "ann@example.com", "username": "ann", "password": "correct horse battery",
        });
        let call = reqwest::Client::new().post(format!("{base}/v1/auth/register")).json(&body);
        call.send().await.unwrap().status()
    };
    let base = running.url.clone();
    run(Backend::Sqlite, |_| async move { assert_eq!(register(base).await, StatusCode::OK) });
    running.child.kill().unwrap();
    running.child.wait().unwrap();

    let again = Running::start(doorward(folder.path()));
    let base = again.url.clone();
    run(Backend::Sqlite, |_| async move {
        assert_eq!(register(base).await, StatusCode::UNPROCESSABLE_ENTITY);
    });
    again.stop();
}

#[test]
fn unwritable_data_folder_is_reported() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let error = refused(doorward(folder.path()).env("DOORWARD_DATA_DIR", "file/data"));
    assert!(error.contains("file/data") && error.contains("DOORWARD_DATA_DIR"), "{error}");
}

#[test]
fn cheap_hash_parameters_cause_a_warning() {
    let folder = TempDir::new().unwrap();
    let running = Running::start(doorward(folder.path()));
    assert!(running.seen.contains("below the OWASP recommendation"), "{}", running.seen);
    running.stop();
}

#[test]
fn port_in_use_is_reported() {
    let folder = TempDir::new().unwrap();
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = holder.local_addr().unwrap().to_string();
    let error = refused(doorward(folder.path()).env("DOORWARD_LISTEN", &address));
    assert!(error.contains(&address) && error.contains("DOORWARD_LISTEN"), "{error}");
}

#[test]
fn invalid_configuration_is_reported_with_its_key() {
    let folder = TempDir::new().unwrap();
    for (name, value, expected) in [
        ("DOORWARD_LSTEN", "x", "DOORWARD_LSTEN"),
        ("DOORWARD_DATABASE_URL", "mysql://x", "database.url"),
        ("DOORWARD_REDIS_URL", "cache.example", "redis.url"),
        ("DOORWARD_MASTER_KEY", "short", "master_key"),
        ("DOORWARD_PASSWORDS_PEPPER", "short", "passwords.pepper"),
        ("DOORWARD_LOG_FILTER", "=?=", "log.filter"),
        ("DOORWARD_LISTEN", "0.0.0.0:0", "DOORWARD_PUBLIC_URL"),
    ] {
        let error = refused(doorward(folder.path()).env(name, value));
        assert!(error.contains(expected), "{name}={value}: {error}");
    }
    std::fs::write(folder.path().join("doorward.toml"), "\nallow_registraton = true").unwrap();
    let error = refused(&mut doorward(folder.path()));
    assert!(
        error.contains("line 2")
            && error.contains("doorward.toml")
            && error.contains("allow_registraton"),
        "{error}"
    );
}

#[test]
fn missing_password_pepper_stops_the_start() {
    let folder = TempDir::new().unwrap();
    let [former, other] =
        ["first", "second"].map(|it| format!("the {it} pepper, long enough to be one"));
    let with_pepper = |pepper: &str| {
        let mut command = doorward(folder.path());
        command.env("DOORWARD_PASSWORDS_PEPPER", pepper);
        command
    };
    let running = Running::start(with_pepper(&former));
    let base = running.url.clone();
    run(Backend::Sqlite, |_| async move {
        let body = serde_json::json!({
            "email": "ann@example.com", "username": "ann", "password": "correct horse battery",
        });
        let call = reqwest::Client::new().post(format!("{base}/v1/auth/register")).json(&body);
        assert_eq!(call.send().await.unwrap().status(), StatusCode::OK);
    });
    running.stop();
    let error = refused(&mut doorward(folder.path()));
    assert!(error.contains("DOORWARD_PASSWORDS_PEPPER"), "{error}");
    // A new pepper without the former one is accepted with a warning.
    let running = Running::start(with_pepper(&other));
    assert!(running.seen.contains("1 of 1 stored passwords"), "{}", running.seen);
    running.stop();
}

#[test]
fn invalid_breached_password_list_is_reported() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("list.txt"), "password\n").unwrap();
    let error =
        refused(doorward(folder.path()).env("DOORWARD_PASSWORDS_BREACHED_PATH", "list.txt"));
    assert!(error.contains("passwords.breached_path") && error.contains("list.txt"), "{error}");
}

#[test]
fn unopenable_database_file_is_reported() {
    let folder = TempDir::new().unwrap();
    let url = "sqlite:///does/not/exist/doorward.db";
    let error = refused(doorward(folder.path()).env("DOORWARD_DATABASE_URL", url));
    assert!(error.contains(url) && error.contains("DOORWARD_DATABASE_URL"), "{error}");
}

/// Returns everything that a server with this Redis logs while it starts, serves two requests, and stops.
fn logged_with_redis(url: &str) -> String {
    let folder = TempDir::new().unwrap();
    let mut command = doorward(folder.path());
    command.env("DOORWARD_REDIS_URL", url);
    let running = Running::start(command);
    run(Backend::Sqlite, |_| {
        let url = format!("{}/v1/auth/config", running.url);
        async move {
            for _ in 0..2 {
                assert_eq!(reqwest::get(&url).await.unwrap().status(), StatusCode::OK);
            }
        }
    });
    let before = running.seen.clone();
    before + &running.stop()
}

#[test]
fn server_starts_without_redis_and_reports_it_once() {
    let log = logged_with_redis("redis+unix:///does/not/exist?pass=hunter2");
    assert_eq!(log.matches("cannot reach Redis").count(), 1, "{log}");
    assert!(log.contains("DOORWARD_REDIS_URL") && !log.contains("hunter2"), "{log}");
}

#[test]
#[ignore = "needs Redis: scripts/test.sh runs it"]
fn wrong_redis_password_is_reported_and_not_shown() {
    run(Backend::Sqlite, |_| async {
        let url = format!("{}&user=ann&pass=hunter2", TestRedis::start().await.url());
        let log = tokio::task::spawn_blocking(move || logged_with_redis(&url)).await.unwrap();
        assert_eq!(log.matches("Redis rejects the user or the password").count(), 1, "{log}");
        assert!(!log.contains("hunter2"), "{log}");
    });
}

#[test]
fn keys_are_listed_and_rotated_beside_a_running_server() {
    let folder = TempDir::new().unwrap();
    let running = Running::start(doorward(folder.path()));
    let keys = |arguments: &[&str]| {
        let output = doorward(folder.path()).arg("keys").args(arguments).output().unwrap();
        let text = if output.status.success() { output.stdout } else { output.stderr };
        (output.status.success(), String::from_utf8(text).unwrap())
    };
    let (_, table) = keys(&["list"]);
    assert!(table.starts_with("KEY ") && table.contains(" EdDSA      active "), "{table}");
    let (done, said) = keys(&["rotate"]);
    assert!(done && said.contains("signs from"), "{said}");
    let (done, said) = keys(&["rotate"]);
    assert!(!done && said.contains("already scheduled"), "{said}");
    let (_, json) = keys(&["rotate", "--now", "--json"]);
    let brought_forward: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(brought_forward["state"], "next");
    assert!(keys(&["rotate", "--revoke-others"]).0);
    let (_, json) = keys(&["list", "--json"]);
    let listed: serde_json::Value = serde_json::from_str(&json).unwrap();
    let states: Vec<_> = listed.as_array().unwrap().iter().map(|key| &key["state"]).collect();
    assert_eq!(states, ["gone", "gone", "active"]);
    running.stop();
}

#[test]
fn audit_trail_is_listed_beside_a_running_server() {
    let folder = TempDir::new().unwrap();
    let running = Running::start(doorward(folder.path()));
    let base = running.url.clone();
    run(Backend::Sqlite, |_| async move {
        let body = serde_json::json!({ "username": "unknown", "password": "wrong" });
        let call = reqwest::Client::new().post(format!("{base}/v1/auth/login")).json(&body);
        assert_eq!(call.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    });
    let audit = |arguments: &[&str]| {
        let output = doorward(folder.path()).args(["audit", "list"]).args(arguments).output();
        let output = output.unwrap();
        let text = if output.status.success() { output.stdout } else { output.stderr };
        String::from_utf8(text).unwrap()
    };
    assert!(audit(&[]).contains(" login_failed  -     127.0.0.1 "), "{}", audit(&[]));
    let listed: serde_json::Value = serde_json::from_str(&audit(&["--json"])).unwrap();
    assert_eq!(listed["items"][0]["kind"], "login_failed");
    assert!(audit(&["--user", "ann@example.com"]).contains("no account ann@example.com"));
    assert!(audit(&["--limit", "0"]).contains("--limit must be at least 1"));
    assert!(audit(&["--after", "x"]).contains("--after must be the ID of an audit event"));
    running.stop();
}

#[test]
fn key_commands_create_nothing_without_a_database() {
    let folder = TempDir::new().unwrap();
    for arguments in [&["keys", "list"][..], &["keys", "rotate", "--revoke-others"]] {
        let error = refused(doorward(folder.path()).args(arguments));
        assert!(error.contains("there is no database") && error.contains("--data-dir"), "{error}");
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }
    Running::start(doorward(folder.path())).stop();
    let secret = folder.path().join("doorward-data/master_key");
    std::fs::rename(&secret, secret.with_extension("away")).unwrap();
    let error = refused(doorward(folder.path()).args(["keys", "list"]));
    assert!(error.contains("there is no master key at doorward-data/master_key"), "{error}");
    assert!(!secret.exists());
}

#[test]
fn openapi_document_is_printed_without_a_database() {
    let folder = TempDir::new().unwrap();
    let output = doorward(folder.path()).arg("openapi").output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed, doorward_server::openapi::json().unwrap());
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[test]
fn invalid_flag_value_is_explained() {
    let folder = TempDir::new().unwrap();
    let output = doorward(folder.path()).args(["--listen", "x"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--listen"));
}

#[test]
fn newer_schema_stops_the_start_and_is_not_changed() {
    let folder = TempDir::new().unwrap();
    Running::start(doorward(folder.path())).stop();
    TestDatabase::mark_as_newer(&folder.path().join("doorward-data/doorward.db"));
    let error = refused(&mut doorward(folder.path()));
    assert!(error.contains("newer version"), "{error}");
}

#[test]
fn start_waits_for_an_unreachable_database() {
    let folder = TempDir::new().unwrap();
    let mut command = doorward(folder.path());
    // No program listens on port 1 (tcpmux).
    command.env("DOORWARD_DATABASE_URL", "postgres://ann@127.0.0.1:1/auth");
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    terminate(&child);
    assert!(child.wait().unwrap().success());
    assert!(line.contains("trying again") && line.contains("postgres://127.0.0.1/auth"), "{line}");
}

#[test]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
fn start_does_not_wait_for_a_nonexistent_database() {
    run(Backend::Postgres, |backend| async move {
        let database = backend.database().await;
        let folder = TempDir::new().unwrap();
        let url = database.url_text().replace("doorward_test_", "no_such_");
        let error = refused(doorward(folder.path()).env("DOORWARD_DATABASE_URL", url));
        assert!(error.contains("does not exist"), "{error}");
    });
}
