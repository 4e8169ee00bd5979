use serde_json::{Value, json};
use time::Duration;

use crate::support::{Answer, PASSWORD, Person, TestApp, on_both};

async fn update(app: &TestApp, person: &Person, body: &Value) -> Answer {
    app.put("/v1/auth/me/profile").bearer(&person.access).json(body).send().await
}

on_both! {
    async fn profile_update_changes_only_the_given_fields(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.advance(Duration::MINUTE);
        let first = json!({
            "full_name": "Ann Lee", "bio": "hi", "timezone": "Europe/Berlin", "locale": "de-DE",
            "avatar_url": "https://example.com/a.png", "preferences": { "theme": "dark" },
        });
        let body = update(&app, &ann, &first).await.ok();
        assert_eq!(body["has_password"], true);
        assert_eq!(body["updated_at"], "2026-01-01T12:01:00Z");
        for (key, value) in first.as_object().unwrap() {
            assert_eq!(body[key], *value, "{key}");
        }

        let body = update(&app, &ann, &json!({ "bio": null, "settings": { "a": 1 } })).await.ok();
        assert_eq!((&body["bio"], &body["full_name"]), (&Value::Null, &json!("Ann Lee")));
        assert_eq!(body["preferences"], json!({ "theme": "dark" }));

        let body = update(&app, &ann, &json!({ "preferences": null })).await.ok();
        assert_eq!((&body["preferences"], &body["settings"]), (&json!({}), &json!({ "a": 1 })));
        let read = app.get("/v1/auth/me/profile").bearer(&ann.access).send().await.ok();
        assert_eq!(read, body);
    }

    async fn preferences_are_returned_byte_for_byte(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let text = r#"{"z":12345678901234567890123,"a":0.10,"nul":"\u0000","é":["😀",{}]}"#;
        let call = app.put("/v1/auth/me/profile").bearer(&ann.access);
        let body = format!(r#"{{"preferences":{text}}}"#);
        call.body("application/json", body).send().await.ok();
        let url = app.url("/v1/auth/me");
        let raw = reqwest::Client::new().get(url).bearer_auth(&ann.access).send().await.unwrap();
        let raw = raw.text().await.unwrap();
        assert!(raw.contains(&format!(r#""preferences":{text}"#)), "{raw}");
    }

    async fn deeply_nested_preferences_are_returned_unchanged(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        for depth in [127, 128, 200, 490] {
            let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            let body = format!(r#"{{"preferences":{{"a":{nested}}}}}"#);
            let call = app.put("/v1/auth/me/profile").bearer(&ann.access);
            assert_eq!(call.body("application/json", body).send().await.status, 200, "{depth}");
            let url = app.url("/v1/auth/me");
            let me = reqwest::Client::new().get(url).bearer_auth(&ann.access).send().await.unwrap();
            assert!(me.text().await.unwrap().contains(&nested), "{depth}");
            assert_eq!(app.login("ann", PASSWORD).await.status, 200, "{depth}");
        }
    }

    async fn all_invalid_profile_fields_are_reported_at_once(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let large = "x".repeat(16 * 1024);
        let mut body = json!({
            "settings": { "a": large }, "locale": "d€", "timezone": "Mars/Olympus",
            "avatar_url": "javascript:alert(1)",
        });
        let answer = update(&app, &ann, &body).await;
        let types: Vec<_> =
            answer.body["detail"].as_array().unwrap().iter().map(|it| it["type"].clone()).collect();
        let expected = ["url_invalid", "timezone_unknown", "locale_invalid", "too_large"];
        assert_eq!(json!(types), json!(expected));

        // Errors of the reference implementation's validation come first, without those of this server's own rules.
        body["full_name"] = json!(7);
        let answer = update(&app, &ann, &body).await;
        assert_eq!(answer.body["detail"].as_array().unwrap().len(), 1, "{}", answer.body);
        assert_eq!(answer.issue("full_name"), "string_type");
    }

    async fn read_only_fields_of_a_profile_update_are_ignored(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let body = json!({
            "email": "eve@example.com", "is_verified": true, "roles": ["platform_admin"],
            "user_id": "x", "password_hash": "x", "created_at": "2000-01-01T00:00:00Z",
        });
        let before = app.me(&ann.access).await.ok();
        update(&app, &ann, &body).await.ok();
        assert_eq!(app.me(&ann.access).await.ok(), before);
    }

    async fn default_workspace_must_be_an_organization_of_the_user(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register("bob").await);
        let org = app.shared_org(&ann).await.to_string();
        let body = update(&app, &ann, &json!({ "default_workspace_id": org })).await.ok();
        assert_eq!(body["default_workspace_id"], org);
        for foreign in [bob.workspace.as_str(), "nonsense", ""] {
            let answer = update(&app, &ann, &json!({ "default_workspace_id": foreign })).await;
            assert_eq!(answer.error(403, "FORBIDDEN")["required_permission"], "org:access");
        }
        let body = update(&app, &ann, &json!({ "default_workspace_id": null })).await.ok();
        assert_eq!(body["default_workspace_id"], Value::Null);
        // Without a default, a sign-in selects the organization joined first, as a refresh does.
        let signed_in: Person = app.login("ann", PASSWORD).await.ok().into();
        assert_eq!(signed_in.org_id(), Some(ann.workspace));
    }
}
