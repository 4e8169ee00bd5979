//! Recovery from a lost master key: the server must not make it worse.

use std::{fs, path::Path};

use doorward_testing::TestDatabase;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Backend, PASSWORD, Running, doorward, on_both, refused};

const WAY_OUT: &str = "credentials revoke-all --lost-master-key";

/// A server that stores its master key in the data folder.
fn server(folder: &Path, database: &TestDatabase) -> std::process::Command {
    let mut command = doorward(folder);
    command.env("DOORWARD_DATABASE_URL", database.url_text());
    command
}

fn secret(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("doorward-data/master_key")
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
    async fn no_master_key_is_created_when_signing_keys_use_another(backend) {
        let (database, home, fresh) = (backend.database().await, TempDir::new().unwrap(), TempDir::new().unwrap());
        Running::start(server(home.path(), &database)).stop();
        let error = refused(&mut server(fresh.path(), &database));
        assert!(error.contains(WAY_OUT) && error.contains("DOORWARD_MASTER_KEY_FILE"), "{error}");
        assert!(!secret(&fresh).exists(), "the next backup would contain a wrong key");
        let (code, checked) = said(&mut server(fresh.path(), &database), &["doctor"]);
        assert_eq!(code, Some(1), "{checked}");
        assert!(checked.contains("FAILED  master key") && checked.contains(WAY_OUT), "{checked}");
        let error = refused(server(fresh.path(), &database).args(["keys", "list"]));
        assert!(error.contains(WAY_OUT), "{error}");
        assert!(!secret(&fresh).exists());
        // With the right key, the server starts.
        let found = fs::read_to_string(secret(&home)).unwrap();
        let mut right = server(fresh.path(), &database);
        right.env("DOORWARD_MASTER_KEY", format!("{found}\n"));
        Running::start(right).stop();
    }

    async fn wrong_master_key_is_refused_with_the_recovery_command(backend) {
        let (database, home) = (backend.database().await, TempDir::new().unwrap());
        Running::start(server(home.path(), &database)).stop();
        let wrong = || {
            let mut command = server(home.path(), &database);
            command.env("DOORWARD_MASTER_KEY", "another secret of thirty-two characters");
            command
        };
        assert!(refused(&mut wrong()).contains(WAY_OUT));
        for command in [&["keys", "list"][..], &["credentials", "revoke-all", "--yes"]] {
            let error = refused(wrong().args(command));
            assert!(error.contains(WAY_OUT), "{error}");
        }
        let (code, checked) = said(&mut wrong(), &["doctor"]);
        assert!(code == Some(1) && checked.contains("FAILED  signing keys") && checked.contains(WAY_OUT), "{checked}");
    }

    async fn users_sign_in_with_their_passwords_after_a_lost_master_key(backend) {
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
        let kept = json!({ "source": "file", "file": "doorward-data/master_key", "created": true });
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
        // The recovery is needed only once.
        let (code, again) = said(&mut command(), &["credentials", "revoke-all", "--yes"]);
        assert!(code == Some(0) && !again.contains("secret"), "{again}");
        assert!(refused(&mut server(home.path(), &database)).contains(WAY_OUT), "the former key is no longer accepted");
    }
}

on_both! {
    async fn lost_master_key_recovery_reports_the_new_keys_location_without_its_value(backend) {
        let (database, home) = (backend.database().await, TempDir::new().unwrap());
        Running::start(server(home.path(), &database)).stop();
        let given_up = |folder: &TempDir, configured: Option<&str>| {
            let mut command = server(folder.path(), &database);
            command.envs(configured.map(|secret| ("DOORWARD_MASTER_KEY", secret)));
            let (code, output) = said(&mut command, &["credentials", "revoke-all", "--lost-master-key", "--yes"]);
            assert_eq!(code, Some(0), "{output}");
            output
        };
        let fresh = TempDir::new().unwrap();
        let created = given_up(&fresh, None);
        assert!(created.contains("a new master key was created in doorward-data/master_key"), "{created}");
        let shown = std::fs::read_to_string(secret(&fresh)).unwrap();
        assert!(!created.contains(shown.trim()), "{created}");
        let kept = given_up(&fresh, None);
        assert!(kept.contains("the master key in doorward-data/master_key is in use"), "{kept}");
        let configured = given_up(&fresh, Some("hunter2, and what else it takes to be one"));
        assert!(configured.contains("DOORWARD_MASTER_KEY") && !configured.contains("hunter2"), "{configured}");
    }
}

#[test]
fn lost_master_key_recovery_requires_an_existing_database() {
    let folder = TempDir::new().unwrap();
    let arguments = ["credentials", "revoke-all", "--lost-master-key", "--yes"];
    let error = refused(doorward(folder.path()).args(arguments));
    assert!(error.contains("there is no database"), "{error}");
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[test]
fn two_new_servers_on_one_database_create_one_master_key() {
    crate::support::run(Backend::Sqlite, |backend| async move {
        let (database, folders) =
            (backend.database().await, [TempDir::new().unwrap(), TempDir::new().unwrap()]);
        let started = folders.each_ref().map(|folder| {
            let mut command = server(folder.path(), &database);
            // One of the servers exits by itself, so the test does not wait for their logs.
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
            command.spawn().unwrap()
        });
        let [mut one, mut other] = started;
        let ended = |child: &mut std::process::Child| child.try_wait().unwrap().is_some();
        let deadline = std::time::Instant::now() + doorward_testing::PATIENCE;
        while !ended(&mut one) && !ended(&mut other) {
            assert!(std::time::Instant::now() < deadline, "both servers keep running");
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
