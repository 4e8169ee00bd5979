//! A master secret that is lost or forgotten: the server makes nothing worse, and operators have a way out.

use std::{fs, path::Path};

use doorward_testing::TestDatabase;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Backend, PASSWORD, Running, doorward, on_both, refused};

const WAY_OUT: &str = "credentials revoke-all --lost-master-key";

/// A server that keeps its secret in a data folder.
fn server(folder: &Path, database: &TestDatabase) -> std::process::Command {
    let mut command = doorward(folder);
    command.env("DOORWARD_DATABASE_URL", database.url_text());
    command
}

fn secret(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("doorward-data/secret")
}

async fn post(base: &str, path: &str, body: Value) -> reqwest::Response {
    let call = reqwest::Client::new().post(format!("{base}{path}")).json(&body);
    call.send().await.unwrap()
}

async fn register(base: &str) -> Value {
    let body = json!({ "email": "ann@example.com", "username": "ann", "password": PASSWORD });
    post(base, "/v1/auth/register", body).await.json().await.unwrap()
}

fn said(command: &mut std::process::Command, arguments: &[&str]) -> (Option<i32>, String) {
    let output = command.args(arguments).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

on_both! {
    async fn no_secret_is_created_beside_keys_that_were_encrypted_with_another(backend) {
        let (database, home, fresh) = (backend.database().await, TempDir::new().unwrap(), TempDir::new().unwrap());
        Running::start(server(home.path(), &database)).stop();
        let error = refused(&mut server(fresh.path(), &database));
        assert!(error.contains(WAY_OUT) && error.contains("DOORWARD_SECRET_FILE"), "{error}");
        assert!(!secret(&fresh).exists(), "the next backup would hold a wrong one");
        let (code, checked) = said(&mut server(fresh.path(), &database), &["check"]);
        assert_eq!(code, Some(1), "{checked}");
        assert!(checked.contains("FAILED  master secret") && checked.contains(WAY_OUT), "{checked}");
        let error = refused(server(fresh.path(), &database).args(["keys", "list"]));
        assert!(error.contains(WAY_OUT), "{error}");
        assert!(!secret(&fresh).exists());
        // With the right one it goes on.
        let found = fs::read_to_string(secret(&home)).unwrap();
        let mut right = server(fresh.path(), &database);
        right.env("DOORWARD_SECRET", format!("{found}\n"));
        Running::start(right).stop();
    }

    async fn wrong_secret_is_refused_with_the_way_out(backend) {
        let (database, home) = (backend.database().await, TempDir::new().unwrap());
        Running::start(server(home.path(), &database)).stop();
        let wrong = || {
            let mut command = server(home.path(), &database);
            command.env("DOORWARD_SECRET", "another secret of thirty-two characters");
            command
        };
        assert!(refused(&mut wrong()).contains(WAY_OUT));
        for command in [&["keys", "list"][..], &["credentials", "revoke-all", "--yes"]] {
            let error = refused(wrong().args(command));
            assert!(error.contains(WAY_OUT), "{error}");
        }
        let (code, checked) = said(&mut wrong(), &["check"]);
        assert!(code == Some(1) && checked.contains("FAILED  signing keys") && checked.contains(WAY_OUT), "{checked}");
    }

    async fn after_a_lost_secret_users_sign_in_with_their_passwords(backend) {
        let (database, home, fresh) = (backend.database().await, TempDir::new().unwrap(), TempDir::new().unwrap());
        let running = Running::start(server(home.path(), &database));
        let tokens = register(&running.url).await;
        running.stop();
        let command = || server(fresh.path(), &database);
        let error = refused(command().args(["credentials", "revoke-all", "--lost-master-key"]));
        assert!(error.contains("--yes") && !secret(&fresh).exists(), "{error}");

        let arguments = ["credentials", "revoke-all", "--lost-master-key", "--yes", "--json"];
        let (code, revoked) = said(&mut command(), &arguments);
        assert_eq!(code, Some(0), "{revoked}");
        let revoked: Value = serde_json::from_str(&revoked).unwrap();
        assert_eq!(revoked["sessions_ended"], 1);
        let kept = json!({ "source": "file", "file": "doorward-data/secret", "created": true });
        assert_eq!(revoked["master_secret"], kept);
        let (_, keys) = said(&mut command(), &["keys", "list", "--json"]);
        let keys: Value = serde_json::from_str(&keys).unwrap();
        assert_eq!((keys.as_array().unwrap().len(), &keys[0]["kid"]), (1, &revoked["kid"]));

        let running = Running::start(command());
        let refreshed = json!({ "refresh_token": tokens["refresh_token"] });
        assert_eq!(post(&running.url, "/v1/auth/refresh", refreshed).await.status(), 401);
        let login = json!({ "username": "ann", "password": PASSWORD });
        assert_eq!(post(&running.url, "/v1/auth/login", login).await.status(), 200);
        running.stop();
        // Nobody has to give up a secret twice.
        let (code, again) = said(&mut command(), &["credentials", "revoke-all", "--yes"]);
        assert!(code == Some(0) && !again.contains("secret"), "{again}");
        assert!(refused(&mut server(home.path(), &database)).contains(WAY_OUT), "the former secret is void");
    }
}

on_both! {
    async fn giving_up_a_lost_secret_says_where_the_one_in_use_is_and_never_shows_it(backend) {
        let (database, home) = (backend.database().await, TempDir::new().unwrap());
        Running::start(server(home.path(), &database)).stop();
        let given_up = |folder: &TempDir, configured: Option<&str>| {
            let mut command = server(folder.path(), &database);
            command.envs(configured.map(|secret| ("DOORWARD_SECRET", secret)));
            let (code, output) = said(&mut command, &["credentials", "revoke-all", "--lost-master-key", "--yes"]);
            assert_eq!(code, Some(0), "{output}");
            output
        };
        let fresh = TempDir::new().unwrap();
        let created = given_up(&fresh, None);
        assert!(created.contains("a new master secret was created in doorward-data/secret"), "{created}");
        let shown = std::fs::read_to_string(secret(&fresh)).unwrap();
        assert!(!created.contains(shown.trim()), "{created}");
        let kept = given_up(&fresh, None);
        assert!(kept.contains("the master secret in doorward-data/secret is in use"), "{kept}");
        let configured = given_up(&fresh, Some("hunter2, and what else it takes to be one"));
        assert!(configured.contains("DOORWARD_SECRET") && !configured.contains("hunter2"), "{configured}");
    }
}

#[test]
fn lost_secret_is_given_up_in_the_right_place_only() {
    let folder = TempDir::new().unwrap();
    let arguments = ["credentials", "revoke-all", "--lost-master-key", "--yes"];
    let error = refused(doorward(folder.path()).args(arguments));
    assert!(error.contains("there is no database"), "{error}");
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[test]
fn two_fresh_servers_on_one_database_keep_one_secret() {
    crate::support::run(Backend::Sqlite, |backend| async move {
        let (database, folders) =
            (backend.database().await, [TempDir::new().unwrap(), TempDir::new().unwrap()]);
        let started = folders.each_ref().map(|folder| {
            let mut command = server(folder.path(), &database);
            // One of them ends by itself, so neither is waited for by its log.
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
            command.spawn().unwrap()
        });
        let [mut one, mut other] = started;
        let ended = |child: &mut std::process::Child| child.try_wait().unwrap().is_some();
        let deadline = std::time::Instant::now() + doorward_testing::PATIENCE;
        while !ended(&mut one) && !ended(&mut other) {
            assert!(std::time::Instant::now() < deadline, "both go on");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let secrets = folders.iter().filter(|folder| secret(folder).exists()).count();
        assert_eq!(secrets, 1);
        for mut child in [one, other] {
            let _ = child.kill();
            child.wait().unwrap();
        }
    });
}
