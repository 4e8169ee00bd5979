//! Creating and changing accounts on the command line.

use serde_json::json;

use crate::support::{PASSWORD, Person, TestApp, on_both};

const OTHER: &str = "another horse battery";

/// Returns the kinds of the operators' audit events of an account, newest first.
fn acts(app: &TestApp, person: &Person) -> Vec<String> {
    let listed = app.operate(&["audit", "list", "--json", "--user", &person.id.to_string()]).json();
    let items = listed["items"].as_array().unwrap().iter();
    let theirs = items.filter(|event| event["user_agent"] == "doorward");
    theirs.map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn operator_creates_the_first_administrator(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let arguments =
            ["user", "create", "Root@example.com", "--admin", "--verified", "--password-stdin"];
        let said = app.operate_with(&arguments, &format!("{PASSWORD}\n")).done();
        assert!(said.starts_with("Created user Root <Root@example.com>: "), "{said}");
        assert!(app.messages().await.is_empty());
        let answer = app.login("root", PASSWORD).await.ok();
        assert_eq!(answer["user"]["roles"], json!(["owner", "platform_admin"]));
        assert_eq!(answer["user"]["is_verified"], true);
        let person: Person = answer.into();
        let mut found = acts(&app, &person);
        found.sort(); // Both have the same millisecond.
        assert_eq!(found, ["account_created", "platform_admin_granted"]);
    }

    async fn password_set_by_an_operator_must_satisfy_the_password_rules(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        app.register_verified("ann").await;
        for (password, part) in [
            ("", "at least 8 characters"),
            ("1234567", "at least 8 characters"),
            ("password123", "too easy to guess"),
            ("ann@example.com", "too easy to guess"),
        ] {
            let arguments = ["user", "create", "new@example.com", "--password-stdin"];
            let password = password.replace("ann@", "new@");
            let said = app.operate_with(&arguments, &password).refused();
            assert!(said.contains(part), "{password}: {said}");
            let password = password.replace("new@", "ann@");
            let arguments = ["user", "set-password", "ann", "--password-stdin"];
            let said = app.operate_with(&arguments, &password).refused();
            assert!(said.contains(part), "{password}: {said}");
        }
        let said = app.operate(&["user", "set-password", "ann"]).refused();
        assert!(said.contains("--password-stdin"), "{said}");
        // There is no such option: arguments end up in the shell's history.
        for arguments in [["create", "new@example.com"], ["set-password", "ann"]] {
            let arguments = ["user", arguments[0], arguments[1], "--password", OTHER];
            assert_eq!(app.operate(&arguments).code, Some(2));
        }
        app.login("ann", PASSWORD).await.ok();
        assert!(app.operate(&["user", "show", "new"]).refused().contains("no account new"));
    }

    async fn user_created_without_a_password_sets_one_by_email(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        app.operate(&["user", "create", "new@example.com", "--no-password"]).done();
        let token = app.mail().await.token();
        let body = json!({ "token": token, "new_password": PASSWORD });
        app.post("/v1/auth/reset-password").json(&body).send().await.ok();
        let answer = app.login("new", PASSWORD).await.ok();
        assert_eq!(answer["user"]["is_verified"], true);
    }

    async fn operator_may_create_an_account_with_a_reserved_name(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let arguments = ["user", "create", "help@example.com", "--username", "support", "--password-stdin"];
        app.operate_with(&arguments, PASSWORD).done();
        app.login("support", PASSWORD).await.ok();
    }

    async fn created_user_verifies_the_address_by_email(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let arguments = ["user", "create", "new@example.com", "--username", "Newt", "--full-name"];
        let arguments = [&arguments[..], &["Newt Lee", "--password-stdin", "--json"]].concat();
        let made = app.operate_with(&arguments, PASSWORD).json();
        assert_eq!((&made["username"], &made["full_name"]), (&json!("Newt"), &json!("Newt Lee")));
        assert_eq!((&made["is_verified"], &made["is_platform_admin"]), (&json!(false), &json!(false)));
        let body = json!({ "token": app.mail().await.token() });
        app.post("/v1/auth/verify-email").json(&body).send().await.ok();
        assert_eq!(app.login("newt", PASSWORD).await.ok()["user"]["is_verified"], true);
        for (arguments, part) in [
            (["NEW@example.com", "--username", "other"], "this email address"),
            (["other@example.com", "--username", "NEWT"], "this username"),
            (["nonsense", "--username", "other"], "EMAIL: "),
            (["other@example.com", "--username", "x y z"], "--username must match"),
        ] {
            let arguments = [&["user", "create", "--no-password"][..], &arguments].concat();
            let said = app.operate(&arguments).refused();
            assert!(said.contains(part), "{arguments:?}: {said}");
        }
    }

    async fn account_is_disabled_at_once_and_enabled_again(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let ann = app.register("ann").await;
        let bob = app.register("bob").await;
        let said = app.operate(&["user", "disable", "ann"]).done();
        assert_eq!(said, "ann <ann@example.com> is now disabled; 1 session revoked\n");
        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        app.refresh(&ann.refresh).await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", PASSWORD).await.error(403, "FORBIDDEN");
        let said = app.operate(&["user", "disable", "ANN@example.com"]).done();
        assert!(said.contains("is already disabled"), "{said}");

        let again = app.operate(&["user", "enable", &ann.id.to_string(), "--json"]).json();
        assert_eq!(again["changed"], true);
        app.login("ann", PASSWORD).await.ok();
        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        app.me(&bob.access).await.ok();
        assert_eq!(acts(&app, &ann), ["account_enabled", "account_disabled"]);
    }

    async fn password_set_by_an_operator_revokes_sessions_and_links(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let ann = app.register_verified("ann").await;
        app.messages().await;
        let body = json!({ "email": "ann@example.com" });
        app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
        let link = app.mail().await.token();

        let arguments = ["user", "set-password", "ann", "--password-stdin"];
        let said = app.operate_with(&arguments, &format!("{OTHER}\r\n")).done();
        assert!(said.contains("1 session revoked") && !said.contains(OTHER), "{said}");
        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        app.refresh(&ann.refresh).await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", PASSWORD).await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", OTHER).await.ok();
        let body = json!({ "token": link, "new_password": PASSWORD });
        assert_ne!(app.post("/v1/auth/reset-password").json(&body).send().await.status, 200);
        let notice = app.mail().await;
        assert_eq!(notice.to, "ann@example.com");
        assert!(!notice.text.contains("token="), "{}", notice.text);
        assert_eq!(acts(&app, &ann), ["password_set_by_operator"]);
    }

    async fn operator_verifies_a_user_and_grants_and_revokes_admin(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let ann = app.register("ann").await;
        let me = async |key: &str| app.me(&ann.access).await.ok()[key].clone();
        app.operate(&["user", "verify", "ann"]).done();
        assert_eq!(me("is_verified").await, true);
        app.operate(&["user", "grant-admin", "ann"]).done();
        assert_eq!(me("roles").await, json!(["owner", "platform_admin"]));
        assert!(app.operate(&["user", "grant-admin", "ann"]).done().contains("already"));
        app.operate(&["user", "revoke-admin", "ann"]).done();
        assert_eq!(me("roles").await, json!(["owner"]));
        assert_eq!(acts(&app, &ann), ["platform_admin_revoked", "platform_admin_granted", "email_verified"]);
    }

    async fn grant_admin_to_an_unverified_account_requires_force(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let squatter = app.register("ceo").await;
        let said = app.operate(&["user", "grant-admin", "ceo@example.com"]).refused();
        assert!(said.contains("not verified") && said.contains("--force"), "{said}");
        assert_eq!(app.me(&squatter.access).await.ok()["roles"], json!(["owner"]));
        assert!(acts(&app, &squatter).is_empty());
        app.operate(&["user", "grant-admin", "ceo", "--force"]).done();
        assert_eq!(app.me(&squatter.access).await.ok()["roles"], json!(["owner", "platform_admin"]));
    }

    async fn operator_replaces_a_verified_address_and_its_owner_is_notified(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let ann = app.register_verified("ann").await;
        app.register("bob").await;
        app.messages().await;
        let said = app.operate(&["user", "set-email", "ann", "ann.lee@example.com", "--verified"]).done();
        assert_eq!(said, "ann <ann@example.com>: the email address is now ann.lee@example.com, verified\n");
        let notice = app.mail().await;
        assert_eq!(notice.to, "ann@example.com");
        assert!(!notice.text.contains("ann.lee@"), "{}", notice.text);
        let me = app.me(&ann.access).await.ok();
        assert_eq!((&me["email"], &me["is_verified"]), (&json!("ann.lee@example.com"), &json!(true)));
        app.login("ann.lee@example.com", PASSWORD).await.ok();
        app.login("ann@example.com", PASSWORD).await.error(401, "AUTHENTICATION_FAILED");
        let mut found = acts(&app, &ann);
        found.sort(); // Both have the same millisecond.
        assert_eq!(found, ["email_changed", "email_verified"]);

        let again = app.operate(&["user", "set-email", "ann", "ann.lee@example.com", "--json"]).json();
        assert_eq!(again["changed"], false);
        for (address, part) in [("BOB@example.com", "another account has this email address"), ("nonsense", "EMAIL: ")] {
            let said = app.operate(&["user", "set-email", "ann", address]).refused();
            assert!(said.contains(part), "{said}");
        }
        let said = app.operate(&["user", "set-email", "unknown", "x@example.com"]).refused();
        assert!(said.contains("no account unknown"), "{said}");
        assert_eq!(app.me(&ann.access).await.ok()["email"], "ann.lee@example.com");
    }

    async fn address_set_by_an_operator_is_verified_by_email(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let ann = app.register("ann").await;
        let old = app.mail().await.token();
        let said = app.operate(&["user", "set-email", &ann.id.to_string(), "ann.lee@example.com"]).done();
        assert!(said.ends_with("a verification email is queued\n"), "{said}");
        let mail = app.mail().await;
        assert_eq!(mail.to, "ann.lee@example.com");
        let verify = async |token: &str| {
            app.post("/v1/auth/verify-email").json(&json!({ "token": token })).send().await.status
        };
        assert_eq!((verify(&old).await, verify(&mail.token()).await), (401, 200));
        assert_eq!(app.me(&ann.access).await.ok()["is_verified"], true);
    }
}
