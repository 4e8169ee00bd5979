//! Backups, and the steps after one was restored.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Backend, PASSWORD, Person, TestApp, on_both, run};

fn path_of(app: &TestApp) -> String {
    app.database.url_text().trim_start_matches("sqlite://").to_owned()
}

#[test]
fn backup_is_created_beside_a_running_server_and_overwrites_nothing() {
    run(Backend::Sqlite, |backend| async move {
        let app = TestApp::start_beside_operators(backend).await;
        app.register("ann").await;
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("backup.db");
        let name = file.to_str().unwrap();
        let made = app.operate(&["db", "backup", name, "--json"]).json();
        let bytes = file.metadata().unwrap().len();
        assert_eq!((&made["file"], &made["bytes"]), (&name.into(), &bytes.into()));
        let database = format!("sqlite://{name}");
        let listed = app.operate(&["user", "list", "--database-url", &database, "--json"]).json();
        assert_eq!(listed["items"][0]["username"], "ann");
        let said = app.operate(&["db", "backup", name]).refused();
        assert!(said.contains("already exists"), "{said}");
        assert_eq!(app.operate(&["db", "backup"]).code, Some(2));
    });
}

#[test]
fn revoke_all_ends_the_sessions_that_a_restored_backup_brings_back() {
    run(Backend::Sqlite, |backend| async move {
        let app = TestApp::start_beside_operators(backend).await;
        let ann = app.register("ann").await;
        let file = format!("{}.backup", path_of(&app));
        let said = app.operate(&["db", "backup", &file]).done();
        assert!(said.starts_with(&format!("Backup written to {file} (")), "{said}");
        app.operate(&["session", "revoke", "ann", "--all"]).done();
        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");

        let restored = format!("sqlite://{file}");
        let session = |command: &[&str]| {
            let arguments = [command, &["--database-url", &restored, "--json"]].concat();
            app.operate(&arguments).json()
        };
        assert_eq!(session(&["session", "list", "ann"])["items"].as_array().unwrap().len(), 1);
        assert_eq!(session(&["credentials", "revoke-all", "--yes"])["sessions_ended"], 1);
        assert_eq!(session(&["session", "list", "ann"])["items"], Value::Array(Vec::new()));
        fs::remove_file(&file).unwrap();
    });
}

#[test]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
fn backup_of_postgres_is_refused_in_favor_of_pg_dump() {
    run(Backend::Postgres, |backend| async move {
        let app = TestApp::start_beside_operators(backend).await;
        let folder = TempDir::new().unwrap();
        let said =
            app.operate(&["db", "backup", folder.path().join("x").to_str().unwrap()]).refused();
        assert!(said.contains("pg_dump"), "{said}");
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    });
}

on_both! {
    async fn revoke_all_signs_out_every_user_and_allows_new_sign_ins(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let ann = app.register("ann").await;
        let link = app.mail().await.token();
        let people = [ann, app.register("bob").await];
        let before = app.operate(&["keys", "list", "--json"]).json();
        assert!(app.operate(&["credentials", "revoke-all"]).refused().contains("--yes"));
        app.me(&people[0].access).await.ok();

        let said = app.operate(&["credentials", "revoke-all", "--yes", "--json"]).json();
        assert_eq!((&said["sessions_ended"], &said["links_voided"]), (&2.into(), &2.into()));
        for Person { access, refresh, .. } in &people {
            app.me(access).await.error(401, "AUTHENTICATION_FAILED");
            app.refresh(refresh).await.error(401, "AUTHENTICATION_FAILED");
        }
        let body = serde_json::json!({ "token": link });
        let verified = app.post("/v1/auth/verify-email").json(&body).send().await;
        verified.error(401, "AUTHENTICATION_FAILED");
        let keys = app.operate(&["keys", "list", "--json"]).json();
        let active: Vec<_> =
            keys.as_array().unwrap().iter().filter(|key| key["state"] == "active").collect();
        assert_eq!((active.len(), &active[0]["kid"]), (1, &said["kid"]));
        assert_ne!(before[0]["kid"], said["kid"]);
        let again: Person = app.login("ann", PASSWORD).await.ok().into();
        app.me(&again.access).await.ok();
        let trail = app.operate(&["audit", "list"]).done();
        assert_eq!(trail.matches(" all_sessions_revoked ").count(), 1, "{trail}");
    }
}
