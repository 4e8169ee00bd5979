//! Moving a server from the embedded database to PostgreSQL.

use std::path::Path;

use doorward_testing::TestDatabase;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Backend, PASSWORD, Running, doorward, refused, run};

async fn post(server: &Running, path: &str, body: Value) -> (StatusCode, Value) {
    let answer = Client::new().post(format!("{}/v1/auth/{path}", server.url)).json(&body).send();
    let answer = answer.await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

fn start(folder: &Path, database: Option<&TestDatabase>) -> Running {
    let mut command = doorward(folder);
    if let Some(database) = database {
        command.env("DOORWARD_DATABASE_URL", database.url_text());
    }
    Running::start(command)
}

#[test]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
fn session_started_on_sqlite_continues_on_postgres() {
    run(Backend::Postgres, |_| async move {
        let (folder, target) = (TempDir::new().unwrap(), TestDatabase::empty_postgres().await);
        let copy = |arguments: &[&str]| {
            let mut command = doorward(folder.path());
            command.args(["db", "copy"]).args(arguments);
            command
        };
        let to = ["--to", target.url_text()];
        let server = start(folder.path(), None);
        let body = json!({ "email": "ann@example.com", "username": "ann", "password": PASSWORD });
        let (status, ann) = post(&server, "register", body).await;
        assert_eq!(status, StatusCode::OK, "{ann}");
        let error = refused(&mut copy(&to));
        assert!(error.contains("in use") && error.contains("stop every server"), "{error}");
        server.stop();

        let file = folder.path().join("to");
        std::fs::write(&file, format!("{}\n", target.url_text())).unwrap();
        let done = copy(&["--to-file", "to", "--json"]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let told: Value = serde_json::from_slice(&done.stdout).unwrap();
        assert_eq!((&told["tables"]["users"], &told["tables"]["sessions"]), (&1.into(), &1.into()));
        let error = refused(&mut copy(&to));
        assert!(error.contains("not empty") && error.contains("orgs"), "{error}");

        let server = start(folder.path(), Some(&target));
        let body = json!({ "refresh_token": ann["refresh_token"] });
        let (status, refreshed) = post(&server, "refresh", body).await;
        assert_eq!(status, StatusCode::OK, "{refreshed}");
        let (status, _) =
            post(&server, "login", json!({ "username": "ann", "password": PASSWORD })).await;
        assert_eq!(status, StatusCode::OK);
        server.stop();
    });
}

#[test]
fn copy_to_the_same_database_or_from_a_missing_one_is_refused() {
    let folder = TempDir::new().unwrap();
    let copy = |to: &str| refused(doorward(folder.path()).args(["db", "copy", "--to", to]));
    let error = copy("sqlite:other.db");
    assert!(error.contains("there is no database"), "{error}");
    assert!(doorward(folder.path()).args(["db", "migrate"]).output().unwrap().status.success());
    let error = copy("sqlite:doorward-data/doorward.db");
    assert!(error.contains("choose another target"), "{error}");
    assert!(copy("mysql://x").contains("postgres://"));
    let done =
        doorward(folder.path()).args(["db", "copy", "--to", "sqlite:other.db"]).output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success() && said.contains("signing_keys") && said.contains("other.db"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = folder.path().join("other.db").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(
        doorward(folder.path()).args(["db", "copy"]).output().unwrap().status.code(),
        Some(2)
    );
}
