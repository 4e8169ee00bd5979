//! Taking over the accounts of another system, by the binary and beside a running server.

use std::{
    io::Write,
    process::{Output, Stdio},
};

use doorward_server::config::Options;
use serde_json::json;

use crate::support::{PASSWORD, TestApp, doorward, on_both};

/// Of the password, by passlib itself.
const BCRYPT: &str = "$2b$04$rw.gt24Ke5qrB3dLkZx6.Osm0u.dRzelcEgK6yPqQP..sikk5QAY2";
const SECRET: &str = "a secret of thirty-two characters";

async fn start(backend: crate::support::Backend) -> TestApp {
    let options = Options { secret: Some(SECRET.parse().unwrap()), ..Options::default() };
    TestApp::start_with(backend, options).await
}

/// Runs an import of these lines, which come by standard input.
fn import(app: &TestApp, lines: &[String], flags: &[&str]) -> (Option<i32>, String, String) {
    let folder = tempfile::TempDir::new().unwrap();
    let mut command = doorward(folder.path());
    command
        .args(["user", "import", "-"])
        .args(flags)
        .env("DOORWARD_DATABASE_URL", app.database.url_text())
        .env("DOORWARD_SECRET", SECRET)
        .stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all((lines.join("\n") + "\n").as_bytes()).unwrap();
    drop(input);
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let text = |octets| String::from_utf8(octets).unwrap();
    (status.code(), text(stdout), text(stderr))
}

fn account(name: &str) -> String {
    json!({ "email": format!("{name}@example.com"), "password_hash": BCRYPT }).to_string()
}

on_both! {
    async fn imported_people_sign_in_with_the_passwords_they_have(backend) {
        let app = start(backend).await;
        let ann = json!({
            "id": "0190a6f0-0000-7000-8000-000000000001", "email": "Ann@example.com",
            "username": "Ann.Lee", "password_hash": BCRYPT, "email_verified": true,
            "full_name": "Ann Lee", "locale": "de", "created_at": "2024-05-17T09:30:00Z",
        });
        let disabled = json!({ "email": "bob@example.com", "password_hash": BCRYPT, "disabled": true });
        let bare = json!({ "email": "cay@example.com" });
        let lines = [ann, disabled, bare].map(|line| line.to_string());
        let (code, said, complained) = import(&app, &lines, &[]);
        assert_eq!((code, complained.as_str()), (Some(0), ""));
        assert_eq!(said, "3 imported, 0 already there, 0 refused\n");

        let answer = app.login("ann.lee", PASSWORD).await.ok();
        let user = &answer["user"];
        assert_eq!(user["user_id"], "0190a6f0-0000-7000-8000-000000000001");
        assert_eq!(user["full_name"], "Ann Lee");
        assert_eq!(user["created_at"], "2024-05-17T09:30:00Z");
        assert_eq!(user["is_verified"], true);
        app.login("bob", PASSWORD).await.error(403, "FORBIDDEN");
        app.login("cay", PASSWORD).await.error(401, "AUTHENTICATION_FAILED");
        assert!(app.mails().await.is_empty(), "nobody is sent a mail");
    }

    async fn bad_lines_are_named_and_the_others_imported(backend) {
        let app = start(backend).await;
        app.register("ann").await;
        let lines = [
            account("bob"),
            "no JSON".to_owned(),
            String::new(),
            json!({ "email": "cay@example.com", "password_hash": "5f4dcc3b5aa765d61d8327deb882cf99" }).to_string(),
            json!({ "email": "dan@example.com", "username": "ANN" }).to_string(),
            account("ann"),
            json!({ "email": "ANN@other.example" }).to_string(),
            account("eve"),
        ];
        let (code, said, complained) = import(&app, &lines, &[]);
        assert_eq!(code, Some(1));
        assert_eq!(said, "3 imported, 1 already there, 3 refused\n");
        for part in ["-:2: this is no account", "-:4: password_hash: ", "-:5: username: another"] {
            assert!(complained.contains(part), "{part} in {complained}");
        }
        assert!(!complained.contains("5f4dcc3b"), "{complained}");
        for name in ["bob", "eve"] {
            app.login(name, PASSWORD).await.ok();
        }

        let (_, again, _) = import(&app, &lines, &["--json"]);
        let again: serde_json::Value = serde_json::from_str(&again).unwrap();
        assert_eq!(again, json!({ "imported": 0, "already_there": 4, "refused": 3 }));
        app.login("ann", PASSWORD).await.ok();
    }

    async fn a_dry_run_makes_nothing(backend) {
        let app = start(backend).await;
        let lines = [account("ann"), "{}".to_owned()];
        let (code, said, _) = import(&app, &lines, &["--dry-run"]);
        assert_eq!((code, said.as_str()), (Some(1), "1 can be imported, 1 refused\n"));
        app.login("ann", PASSWORD).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn many_are_imported_and_an_import_is_gone_on_with(backend) {
        let app = start(backend).await;
        let lines: Vec<String> = (0..1050).map(|number| account(&format!("user{number}"))).collect();
        let (_, said, _) = import(&app, &lines[..450], &[]);
        assert_eq!(said, "450 imported, 0 already there, 0 refused\n");
        let (code, said, _) = import(&app, &lines, &[]);
        assert_eq!((code, said.as_str()), (Some(0), "600 imported, 450 already there, 0 refused\n"));
        app.login("user1049", PASSWORD).await.ok();
    }
}
