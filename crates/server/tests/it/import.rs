//! Importing accounts of another system with the binary, beside a running server.

use std::{
    io::Write,
    process::{Output, Stdio},
};

use doorward_server::config::Options;
use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp, doorward, on_both};

/// A hash of [`PASSWORD`], created by passlib.
const BCRYPT: &str = "$2b$04$rw.gt24Ke5qrB3dLkZx6.Osm0u.dRzelcEgK6yPqQP..sikk5QAY2";
const SECRET: &str = "a secret of thirty-two characters";

async fn start(backend: crate::support::Backend) -> TestApp {
    let options = Options { master_key: Some(SECRET.parse().unwrap()), ..Options::default() };
    TestApp::start_with(backend, options).await
}

/// Imports these lines from standard input.
fn import(app: &TestApp, lines: &[String], flags: &[&str]) -> (Option<i32>, String, String) {
    import_bytes(app, (lines.join("\n") + "\n").as_bytes(), flags)
}

fn import_bytes(app: &TestApp, file: &[u8], flags: &[&str]) -> (Option<i32>, String, String) {
    let folder = tempfile::TempDir::new().unwrap();
    let mut command = doorward(folder.path());
    command
        .args(["user", "import", "-"])
        .args(flags)
        .env("DOORWARD_DATABASE_URL", app.database.url_text())
        .env("DOORWARD_MASTER_KEY", SECRET)
        .stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // The command may reject the file before it has read all of it.
    input.write_all(file).ok();
    drop(input);
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

fn account(name: &str) -> String {
    json!({ "email": format!("{name}@example.com"), "password_hash": BCRYPT }).to_string()
}

on_both! {
    async fn imported_users_sign_in_with_their_existing_passwords(backend) {
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
        assert_eq!(said, "3 imported, 0 skipped, 0 rejected\n");

        let answer = app.login("ann.lee", PASSWORD).await.ok();
        let user = &answer["user"];
        assert_eq!(user["user_id"], "0190a6f0-0000-7000-8000-000000000001");
        assert_eq!(user["full_name"], "Ann Lee");
        assert_eq!(user["created_at"], "2024-05-17T09:30:00Z");
        assert_eq!(user["is_verified"], true);
        app.login("bob", PASSWORD).await.error(403, "FORBIDDEN");
        app.login("cay", PASSWORD).await.error(401, "AUTHENTICATION_FAILED");
        assert!(app.messages().await.is_empty(), "an import must send no email");
    }

    async fn invalid_lines_are_reported_and_the_others_imported(backend) {
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
        assert_eq!(said, "3 imported, 1 skipped, 3 rejected\n");
        let named: Vec<_> = complained.lines().filter_map(|line| line.strip_prefix("-:")).collect();
        let parts =
            ["2: invalid user", "4: password_hash: ", "5: username: another", "6: skipped", "7: the username"];
        assert_eq!(named.len(), parts.len(), "{complained}");
        for (line, part) in named.iter().zip(parts) {
            assert!(line.starts_with(part), "not in the order of the file: {complained}");
        }
        assert!(!complained.contains("5f4dcc3b"), "{complained}");
        for name in ["bob", "eve"] {
            app.login(name, PASSWORD).await.ok();
        }

        let (_, again, _) = import(&app, &lines, &["--json"]);
        let again: Value = serde_json::from_str(&again).unwrap();
        let counts = [&again["imported"], &again["already_there"], &again["refused"]];
        assert_eq!(counts, [&json!(0), &json!(4), &json!(3)]);
        let lines = again["lines"].as_array().unwrap();
        let named: Vec<_> = lines.iter().map(|it| (it["line"].as_u64(), it["outcome"].as_str())).collect();
        let (refused, there) = (Some("refused"), Some("already_there"));
        for (line, outcome) in
            [(1, there), (2, refused), (4, refused), (5, refused), (6, there), (7, there), (8, there)]
        {
            assert!(named.contains(&(Some(line), outcome)), "{line} in {again}");
        }
        assert_eq!(named.len(), 7, "{again}");
        app.login("ann", PASSWORD).await.ok();
    }

    async fn import_dry_run_creates_nothing(backend) {
        let app = start(backend).await;
        let lines = [account("ann"), "{}".to_owned()];
        let (code, said, _) = import(&app, &lines, &["--dry-run"]);
        assert_eq!((code, said.as_str()), (Some(1), "1 can be imported, 0 skipped, 1 rejected\n"));
        app.login("ann", PASSWORD).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn import_dry_run_predicts_the_result_of_every_line(backend) {
        let app = start(backend).await;
        app.register("ann").await;
        app.register("zoe").await;
        let verified = |name: &str| json!({ "email": format!("{name}@example.com"), "email_verified": true });
        let id = "0190a6f0-0000-7000-8000-000000000001";
        let hashed = |name: &str| json!({ "email": format!("{name}@example.com"), "password_hash": BCRYPT });
        let lines = [
            hashed("bob"),
            hashed("BOB"),
            verified("ann"),
            hashed("zoe"),
            json!({ "email": "bob@other.example" }),
            json!({ "email": "cay@example.com", "username": "bob" }),
            json!({ "email": "cay@example.com", "username": "cay", "id": id }),
            json!({ "email": "dan@example.com", "id": id }),
            json!({ "email": "dan@example.com", "id": id, "username": "BOB" }),
            json!({ "email": "dan@example.com", "password_hash": "!" }),
            json!({ "email": "eve@example.com", "password_hash": "$6$salt$hash" }),
            json!({ "email": "fay@example.com", "username": "Fay Lee" }),
            json!({ "email": "fay@example.com", "created_at": "2999-01-01" }),
            json!({ "email": "gus" }),
            verified("bob"),
        ]
        .map(|line| line.to_string());
        for flags in [&[][..], &["--without-unknown-hashes", "--derive-usernames"]] {
            let (predicted_code, predicted, foretold) = import(&app, &lines, &[flags, &["--dry-run"]].concat());
            let (code, said, told) = import(&app, &lines, flags);
            assert_eq!(foretold, told);
            assert_eq!(predicted.replace("can be imported", "imported"), said);
            assert_eq!((predicted_code, code), (Some(1), Some(1)));
            if flags.is_empty() {
                assert_eq!(said, "4 imported, 2 skipped, 9 rejected\n", "{told}");
                for part in [
                    "-:2: skipped: line 1 has the same email address (BOB@example.com)",
                    "-:3: email: an account with this address exists and was never verified",
                    "-:4: skipped: an account with this email address exists (zoe@example.com)",
                    "-:5: the username derived from the email address, bob, is taken",
                    "-:6: username: another account has this name (cay@example.com)",
                    "-:8: id: another account has this id (dan@example.com)",
                    "-:9: username: another",
                    "-:10: imported without a password",
                    "-:11: password_hash: the hash is SHA-512-crypt, which is not supported (eve@example.com)",
                    "-:12: username: ",
                    "-:13: created_at: must not be in the future",
                    "-:14: email: ",
                    "-:15: email: an account with this address exists and was never verified",
                ] {
                    assert!(told.contains(part), "{part} in {told}");
                }
            } else {
                for part in ["-:11: imported without a password: the hash is SHA-512", "-:12: username: "] {
                    assert!(told.contains(part), "{part} in {told}");
                }
            }
        }
    }

    async fn file_with_a_byte_order_mark_and_crlf_is_imported_completely(backend) {
        let app = start(backend).await;
        let hash = json!(format!("{BCRYPT}\n"));
        let file = format!(
            "\u{feff}{{\"email\":\"x@example.com\",\"password_hash\":{hash}}}\r\n\r\n{{\"email\":\"y@example.com\",\"password_hash\":\"\"}}\r\n"
        );
        let (code, said, told) = import_bytes(&app, file.as_bytes(), &[]);
        assert_eq!((code, said.as_str()), (Some(0), "2 imported, 0 skipped, 0 rejected\n"));
        assert!(told.starts_with("-:3: imported without a password") && told.lines().count() == 1, "{told}");
        app.login("x@example.com", PASSWORD).await.ok();
    }

    async fn file_of_another_format_is_refused(backend) {
        let app = start(backend).await;
        for (file, part) in [
            (&b""[..], "is empty"),
            (b"[{\"email\": \"a@example.com\"}]", "jq -c '.[]'"),
            (b"id,email\n1,a@example.com\n", "CSV"),
            (b"\xff\xfe{\0", "UTF-16"),
        ] {
            let (code, said, told) = import_bytes(&app, file, &[]);
            assert_eq!((code, said.as_str()), (Some(1), ""));
            assert!(told.contains(part), "{told}");
        }
        let (_, _, told) = import_bytes(&app, b"{\"email\": \"caf\xe9@example.com\"}\n{}", &[]);
        assert!(told.contains("-:1: invalid user: the line is not valid UTF-8"), "{told}");
    }

    async fn ignored_unknown_fields_are_reported_once(backend) {
        let app = start(backend).await;
        let line = |name: &str| json!({ "email": format!("{name}@example.com"), "phone": "1" }).to_string();
        let lines = [account("ann"), line("bob"), line("cay")];
        let (code, _, told) = import(&app, &lines, &["--dry-run"]);
        assert!(code == Some(1) && told.contains("-:2: unknown field `phone`"), "{told}");
        let (code, said, told) = import(&app, &lines, &["--ignore-unknown-fields"]);
        assert_eq!((code, said.as_str()), (Some(0), "3 imported, 0 skipped, 0 rejected\n"));
        assert_eq!(told, "-:2: the field \"phone\" was ignored (in 2 lines)\n");
    }

    async fn interrupted_import_of_many_accounts_can_be_resumed(backend) {
        let app = start(backend).await;
        let lines: Vec<String> = (0..1050).map(|number| account(&format!("user{number}"))).collect();
        let (_, said, _) = import(&app, &lines[..450], &[]);
        assert_eq!(said, "450 imported, 0 skipped, 0 rejected\n");
        let (code, said, _) = import(&app, &lines, &[]);
        assert_eq!((code, said.as_str()), (Some(0), "600 imported, 450 skipped, 0 rejected\n"));
        app.login("user1049", PASSWORD).await.ok();
    }
}
