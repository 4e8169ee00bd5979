//! Behavior while the database is unavailable.

use std::time::Duration;

use doorward_server::config::{Config, Options};

use tempfile::TempDir;

use crate::support::{Backend, TestApp, doorward, refused, run};

fn impatient(config: &mut Config) {
    config.database_wait = Some(Duration::from_secs(1));
}

#[test]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
fn unavailable_database_returns_503_until_it_recovers_on_postgres() {
    run(Backend::Postgres, |backend| async move {
        let app = TestApp::start_tuned(backend, Options::default(), impatient).await;
        let ann = app.register("ann").await;
        app.database.allow_connections(false).await;
        for _ in 0..3 {
            let answer = app.me(&ann.access).await;
            answer.error(503, "SERVICE_UNAVAILABLE");
            assert_eq!(answer.header("retry-after"), "2");
        }
        app.refresh(&ann.refresh).await.error(503, "SERVICE_UNAVAILABLE");
        assert_eq!(app.get("/readyz").send().await.status, 503);
        app.get("/healthz").send().await.ok();

        app.database.allow_connections(true).await;
        app.me(&ann.access).await.ok();
        app.refresh(&ann.refresh).await.ok();
        app.get("/readyz").send().await.ok();
    });
}

#[test]
fn locked_database_returns_503_for_writes_and_serves_reads_on_sqlite() {
    run(Backend::Sqlite, |backend| async move {
        let app = TestApp::start_tuned(backend, Options::default(), impatient).await;
        let ann = app.register("ann").await;
        let other = app.database.open();
        let lock = doorward_domain::ports::Storage::begin(&other).await.unwrap();
        app.refresh(&ann.refresh).await.error(503, "SERVICE_UNAVAILABLE");
        app.me(&ann.access).await.ok();
        drop(lock);
        app.refresh(&ann.refresh).await.ok();
    });
}

/// Waiting would not correct the mistake, so the server exits; `check` reports the same.
#[test]
fn invalid_database_url_stops_the_start_at_once_and_fails_check() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "no database ".repeat(100)).unwrap();
    for (url, expected) in [
        ("sqlite://missing/a.db", "create it, or set "),
        ("sqlite://.", "is a folder"),
        ("sqlite://notes.txt", "not an SQLite database"),
        ("sqlite::memory:", "lost when the server stops"),
        ("sqlite://a.db?mode=ro", "the server must be able to write"),
        ("postgres://ann:canary@db.example/auth?sslmode=sometimes", "verify-full"),
        ("postgres://ann:canary@localhost/auth?sslrootcert=/nowhere.pem", "cannot read"),
        ("postgres://ann:canary", "percent-encode "),
        ("mysql://ann:canary@db.example/auth", "starts with sqlite:// or postgres://"),
    ] {
        let start = refused(doorward(folder.path()).env("DOORWARD_DATABASE_URL", url));
        let check = doorward(folder.path())
            .arg("doctor")
            .env("DOORWARD_DATABASE_URL", url)
            .output()
            .unwrap();
        assert_eq!(check.status.code(), Some(1), "{url}");
        let check = String::from_utf8([check.stdout, check.stderr].concat()).unwrap();
        for said in [start, check] {
            let words: Vec<_> = said.split_whitespace().collect();
            assert!(words.join(" ").contains(expected), "{url}: {said}");
            assert!(!said.contains("canary"), "{said}");
        }
    }
}
