//! Request bodies can't set read-only fields, be ambiguous, or hold anything but text.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Person, TestApp, on_both};

/// Fields that are columns, claims, or settings, and belong to no request body.
fn extra() -> Value {
    json!({
        "id": "00000000-0000-7000-8000-000000000001", "user_id": "00000000-0000-7000-8000-000000000001",
        "sub": "x", "role": "platform_admin", "roles": ["platform_admin"], "is_platform_admin": true,
        "is_admin": true, "admin": true, "is_verified": true, "verified": true, "email_verified": true,
        "verified_at": "2020-01-01T00:00:00Z", "is_active": true, "disabled_at": null,
        "password_hash": "x", "password_version": 7, "has_password": false, "created_at": "2000-01-01T00:00:00Z",
        "updated_at": "2000-01-01T00:00:00Z", "last_login": "2000-01-01T00:00:00Z", "auth_provider": "x",
        "session_id": "x", "sid": "x", "generation": 9, "expires_at": "2999-01-01T00:00:00Z", "expires_in": 1e9,
        "sessionToken": "x", "org": "x", "org_role": "owner", "tenant_id": "x", "counter": 9,
        "__proto__": { "admin": true }, "constructor": { "prototype": {} }, "$set": { "role": "owner" },
    })
}

fn with_extra(mut body: Value) -> Value {
    let fields = extra().as_object().unwrap().clone();
    for (name, value) in fields {
        body.as_object_mut().unwrap().entry(name).or_insert(value);
    }
    body
}

async fn roles(app: &TestApp, access: &str) -> Value {
    app.me(access).await.ok()["roles"].clone()
}

on_both! {
    async fn unknown_body_fields_are_ignored(backend) {
        let app = TestApp::start(backend).await;
        let body = json!({ "email": "ann@example.com", "username": "ann", "password": PASSWORD });
        let body = with_extra(body);
        let registered = app.post("/v1/auth/register").json(&body).send().await.ok();
        let ann: Person = registered.clone().into();
        let user = &registered["user"];
        assert_eq!((&user["is_verified"], &user["roles"]), (&json!(false), &json!(["owner"])));
        assert_eq!(user["created_at"], "2026-01-01T12:00:00Z");
        assert_ne!(user["user_id"], extra()["user_id"]);
        assert_eq!(registered["expires_in"], 900);
        let before = app.me(&ann.access).await.ok();

        let login = with_extra(json!({ "username": "ann", "password": PASSWORD }));
        let signed_in = app.post("/v1/auth/login").json(&login).send().await.ok();
        assert_eq!((&signed_in["expires_in"], &signed_in["user"]), (&json!(900), &before));
        let refresh = with_extra(json!({ "refresh_token": ann.refresh }));
        let refreshed = app.post("/v1/auth/refresh").json(&refresh).send().await;
        assert_eq!(roles(&app, refreshed.text("access_token")).await, json!(["owner"]));
        let switch = with_extra(json!({ "org_id": ann.workspace }));
        let call = app.post("/v1/auth/switch-org").bearer(&ann.access).json(&switch);
        let switched = call.send().await;
        assert_eq!(roles(&app, switched.text("access_token")).await, json!(["owner"]));
        for (method, path, body) in [
            (Method::PUT, "/v1/auth/me/profile", json!({ "email": "eve@example.com", "username": "eve" })),
            (Method::POST, "/v1/auth/forgot-password", json!({ "email": "ann@example.com" })),
            (Method::POST, "/v1/auth/resend-verification", json!({ "email": "ann@example.com" })),
            (
                Method::PUT, "/v1/auth/me/password",
                json!({ "current_password": PASSWORD, "new_password": "seven lucky herons wade" }),
            ),
        ] {
            let call = app.call(method, path).bearer(&ann.access).json(&with_extra(body));
            call.send().await.ok();
            let mut now = app.me(&ann.access).await.ok();
            now["updated_at"] = before["updated_at"].clone();
            assert_eq!(now, before, "{path}");
        }
        let mut people = app.database.rows().await.remove("users").unwrap();
        assert_eq!(people.len(), 1);
        assert!(!people.remove(0).contains("eve"));
    }

    async fn organization_is_selected_only_by_its_body_field(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register("bob").await);
        let path = format!("/v1/auth/me?org_id={0}&workspace={0}", bob.workspace);
        let mut call = app.get(&path).bearer(&ann.access);
        for name in ["x-org-id", "x-organization-id", "x-tenant", "x-zitadel-orgid", "x-workspace-id"] {
            call = call.header(name, &bob.workspace);
        }
        assert_eq!(call.send().await.ok(), app.me(&ann.access).await.ok());
        let call = app.post("/v1/auth/refresh").header("x-org-id", &bob.workspace);
        let refreshed = call.json(&json!({ "refresh_token": ann.refresh })).send().await;
        assert_eq!(crate::support::org_id(refreshed.text("access_token")), Some(ann.workspace));
    }

    async fn value_of_another_type_is_refused_as_text(backend) {
        let app = TestApp::start(backend).await;
        let good = json!({ "email": "ann@example.com", "username": "ann", "password": PASSWORD });
        let bad = [
            json!(["ann@example.com", "eve@example.com"]), json!({ "$ne": 1 }), json!({ "$gt": "" }),
            json!({ "a": "ann@example.com" }), json!(true), json!(0), json!(1.5), json!(null), json!([]), json!([[]]),
        ];
        for value in &bad {
            for field in ["email", "username", "password"] {
                let mut body = good.clone();
                body[field] = value.clone();
                let answer = app.post("/v1/auth/register").json(&body).send().await;
                assert_eq!(answer.status, 422, "{field} {value}: {}", answer.body);
            }
            for field in ["username", "password"] {
                let mut body = json!({ "username": "ann", "password": PASSWORD });
                body[field] = value.clone();
                let answer = app.post("/v1/auth/login").json(&body).send().await;
                assert_eq!(answer.status, 422, "{field} {value}: {}", answer.body);
            }
            for (path, field) in [
                ("forgot-password", "email"), ("resend-verification", "email"),
                ("refresh", "refresh_token"), ("verify-email", "token"),
            ] {
                let call = app.post(&format!("/v1/auth/{path}")).json(&json!({ field: value }));
                let answer = call.send().await;
                assert_eq!(answer.status, 422, "{path} {value}: {}", answer.body);
            }
        }
        assert!(app.database.rows().await["outbox"].is_empty());
    }

    async fn duplicate_json_member_has_one_consistent_value(backend) {
        let app = TestApp::start(backend).await;
        for name in ["ann", "eve"] {
            app.register(name).await;
        }
        app.messages().await;
        let twice = r#"{"email":"ann@example.com","email":"eve@example.com"}"#;
        let call = app.post("/v1/auth/forgot-password").body("application/json", twice);
        call.send().await.ok();
        let mail = app.mail().await;
        assert_eq!(mail.to, "eve@example.com");
        let body = json!({ "token": mail.token(), "new_password": "seven lucky herons wade" });
        app.post("/v1/auth/reset-password").json(&body).send().await.ok();
        app.login("ann", PASSWORD).await.ok();
        app.login("eve", "seven lucky herons wade").await.ok();
    }

    async fn body_that_is_not_utf8_json_is_refused(backend) {
        let app = TestApp::start(backend).await;
        let text = format!(r#"{{"username":"ann","password":"{PASSWORD}"}}"#);
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let latin1 = b"{\"username\":\"\xe4nn\",\"password\":\"x\"}".to_vec();
        let nested = "[".repeat(30_000);
        let many_keys: Vec<String> = (0..6_000).map(|key| format!("\"{key}\":0")).collect();
        for body in [
            utf16.clone(), [b"\xff\xfe".to_vec(), utf16].concat(), latin1,
            br#"{"username":"\ud800","password":"x"}"#.to_vec(),
            br#"{"username":"\udc00\ud800","password":"x"}"#.to_vec(),
            br#"{"username":"ann","password":"x"} {"username":"eve"}"#.to_vec(),
            br#"{"username":"ann","password":"x",}"#.to_vec(), br#"{'username':'ann'}"#.to_vec(),
            br#"{"username":"ann"/*x*/,"password":"x"}"#.to_vec(), b"{\"username\":\"a\nb\"}".to_vec(),
            br#"{"username":NaN}"#.to_vec(), br#"{"username":0x10}"#.to_vec(),
            format!("{{\"username\":{nested}}}").into_bytes(), nested.into_bytes(),
            format!("{{\"username\":{}}}", "9".repeat(5_000)).into_bytes(),
            format!("{{{}}}", many_keys.join(",")).into_bytes(), b"\0".to_vec(), b"".to_vec(),
        ] {
            let answer = app.post("/v1/auth/login").body("application/json", body.clone());
            let answer = answer.send().await;
            let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            assert_eq!(answer.status, 422, "{shown:?}: {}", answer.body);
        }
    }

    async fn sql_in_input_is_treated_as_text(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let tables: Vec<_> = app.database.rows().await.into_keys().collect();
        for text in [
            "' OR '1'='1", "'; DROP TABLE users; --", "\" OR \"\"=\"", "ann'--", "ann'/*", "1; SELECT pg_sleep(9)",
            "') UNION SELECT * FROM users --", "%' ESCAPE '!", "$1", "?1", ":name", "\\'; --", "0x27", "ann%00",
            "</script>\u{2028}\u{2029}", "{{7*7}}${7*7}#{7*7}", "%s%n%x", "**x** <b>",
        ] {
            app.login(text, PASSWORD).await.error(401, "AUTHENTICATION_FAILED");
            app.login("ann", text).await.error(401, "AUTHENTICATION_FAILED");
            let call = app.put("/v1/auth/me/profile").bearer(&ann.access);
            let body = json!({
                "full_name": text, "bio": text, "preferences": { text: text }, "settings": { text: [text] },
            });
            let profile = call.json(&body).send().await.ok();
            for field in ["full_name", "bio", "preferences", "settings"] {
                assert_eq!(profile[field], body[field], "{text}");
            }
            assert_eq!(app.me(&ann.access).await.ok()["full_name"], text);
            let switch = json!({ "org_id": text });
            let call = app.post("/v1/auth/switch-org").bearer(&ann.access).json(&switch);
            call.send().await.error(403, "FORBIDDEN");
            for (path, field) in [("refresh", "refresh_token"), ("verify-email", "token")] {
                let call = app.post(&format!("/v1/auth/{path}")).json(&json!({ field: text }));
                call.send().await.error(401, "AUTHENTICATION_FAILED");
            }
            let path = "/v1/auth/sessions";
            let query = [("cursor", text), ("limit", "5")];
            let url = reqwest::Url::parse_with_params(&app.url(path), query).unwrap();
            let path = format!("{path}?{}", url.query().unwrap());
            assert_eq!(app.get(&path).bearer(&ann.access).send().await.status, 422, "{text}");
        }
        assert_eq!(app.database.rows().await.into_keys().collect::<Vec<_>>(), tables);
    }

    async fn cursor_of_another_user_reveals_no_items(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register("bob").await);
        for list in ["sessions", "events"] {
            let path = format!("/v1/auth/{list}");
            let own = app.get(&path).bearer(&bob.access).send().await.ok();
            let id = if list == "sessions" { "session_id" } else { "event_id" };
            let foreign = own["items"][0][id].as_str().unwrap().to_owned();
            for cursor in [foreign.as_str(), "ffffffff-ffff-7fff-bfff-ffffffffffff"] {
                let page = app.get(&format!("{path}?cursor={cursor}")).bearer(&ann.access).send().await;
                let page = page.ok().to_string();
                assert!(!page.contains(&foreign), "{page}");
            }
        }
    }

    async fn extreme_limits_are_handled(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        for limit in ["-1", "0", "9223372036854775807", "-9223372036854775808", "1e308", "99999999999999999999", "1.5", "+5", "NaN"] {
            let call = app.get(&format!("/v1/auth/sessions?limit={limit}")).bearer(&ann.access);
            assert!(matches!(call.send().await.status, 200 | 422), "{limit}");
        }
    }
}
