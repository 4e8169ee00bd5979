use doorward_domain::org::role::Role;
use doorward_server::config::Options;
use futures::future::join_all;
use serde_json::{Value, json};
use time::Duration;

use crate::support::{Answer, PASSWORD, TestApp, on_both};

fn info_path(token: &str) -> String {
    format!("/v1/auth/invite-info?token={token}")
}

async fn register(app: &TestApp, email: &str, name: &str, token: &str) -> Answer {
    let body = json!({
        "email": email, "username": name, "password": PASSWORD, "invite_token": token,
    });
    app.post("/v1/auth/register").json(&body).send().await
}

on_both! {
    async fn registration_with_an_invite_joins_the_organization_and_verifies_the_address(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let org = app.shared_org(&ann).await;
        let token = app.invite(&ann, org, "bob@example.com").await;
        app.messages().await;
        let info = app.get(&info_path(&token)).send().await.ok();
        assert_eq!(info, json!({ "email": "bob@example.com", "valid": true }));

        let body = register(&app, "BOB@example.com", "bob", &token).await.ok();
        let user = &body["user"];
        assert_eq!(user["default_workspace_id"], org.to_string());
        assert_eq!((&user["is_verified"], &user["roles"]), (&json!(true), &json!(["member"])));
        assert!(app.messages().await.is_empty(), "the invite already verified the address");

        let info = app.get(&info_path(&token)).send().await.ok();
        assert_eq!(info, json!({ "email": "bob@example.com", "valid": false }));
        let again = register(&app, "bob@example.com", "bob2", &token).await;
        assert_eq!(again.issue("invite_token"), "invite_invalid");
    }

    async fn invalid_invite_is_refused_when_registration_is_closed(backend) {
        let app = TestApp::start_with(
            backend,
            Options { allow_registration: Some(false), ..Options::default() },
        ).await;
        let answer = register(&app, "bob@example.com", "bob", "dwi_nonsense").await;
        assert_eq!(answer.issue("invite_token"), "invite_invalid");
    }

    async fn registration_with_an_invite_for_another_address_is_refused(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let org = app.shared_org(&ann).await;
        let token = app.invite(&ann, org, "bob@example.com").await;
        let answer = register(&app, "eve@example.com", "eve", &token).await;
        assert_eq!(answer.issue("email"), "invite_email_mismatch");
        register(&app, "bob@example.com", "bob", &token).await.ok();
    }

    async fn concurrent_registrations_with_one_invite_create_one_account(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let org = app.shared_org(&ann).await;
        let token = app.invite(&ann, org, "bob@example.com").await;
        let names: Vec<String> = (0..50).map(|n| format!("bob-{n}")).collect();
        let tries = names.iter().map(|name| register(&app, "bob@example.com", name, &token));
        let answers = join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 422)));
    }

    async fn expired_or_renewed_invite_shows_its_address_but_is_invalid(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let org = app.shared_org(&ann).await;
        let first = app.invite(&ann, org, "bob@example.com").await;
        let second = app.invite(&ann, org, "bob@example.com").await;
        let closed = json!({ "email": "bob@example.com", "valid": false });
        assert_eq!(app.get(&info_path(&first)).send().await.ok(), closed);
        assert_eq!(app.get(&info_path(&second)).send().await.ok()["valid"], true);
        app.advance(Duration::days(7));
        assert_eq!(app.get(&info_path(&second)).send().await.ok(), closed);
        let answer = register(&app, "bob@example.com", "bob", &second).await;
        assert_eq!(answer.issue("invite_token"), "invite_invalid");
    }

    async fn invite_is_invalid_once_its_inviter_may_not_invite(backend) {
        let app = TestApp::start(backend).await;
        let (ann, eve) = (app.register("ann").await, app.register("eve").await);
        let org = app.shared_org(&ann).await;
        app.join(&eve, org, Role::Admin).await;
        let token = app.invite(&eve, org, "friend@example.com").await;
        assert_eq!(app.get(&info_path(&token)).send().await.ok()["valid"], true);
        app.leave(&eve, org).await;
        assert_eq!(app.get(&info_path(&token)).send().await.ok()["valid"], false);
        let answer = register(&app, "friend@example.com", "friend", &token).await;
        assert_eq!(answer.issue("invite_token"), "invite_invalid");
        app.join(&eve, org, Role::Member).await;
        let answer = register(&app, "friend@example.com", "friend", &token).await;
        assert_eq!(answer.issue("invite_token"), "invite_invalid");
        let token = app.invite(&ann, org, "friend@example.com").await;
        register(&app, "friend@example.com", "friend", &token).await.ok();
    }

    async fn malformed_invite_token_reveals_nothing_and_runs_no_query(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.statements.take();
        for token in ["x", "dwi_x", &ann.refresh, "%FF"] {
            let info: Value = app.get(&info_path(token)).send().await.ok();
            assert_eq!(info, json!({ "email": "", "valid": false }));
        }
        assert!(app.statements.take().is_empty());
    }
}
