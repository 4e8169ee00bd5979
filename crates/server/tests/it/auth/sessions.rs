use reqwest::Method;
use serde_json::Value;
use time::Duration;

use crate::support::{Answer, PASSWORD, Person, TestApp, on_both};

async fn list(app: &TestApp, person: &Person, query: &str) -> Answer {
    app.get(&format!("/v1/auth/sessions{query}")).bearer(&person.access).send().await
}

async fn end(app: &TestApp, person: &Person, path: &str) -> Answer {
    let path = format!("/v1/auth/sessions{path}");
    app.call(Method::DELETE, &path).bearer(&person.access).send().await
}

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["session_id"].as_str().unwrap().to_owned()).collect()
}

async fn login(app: &TestApp) -> Person {
    app.login("ann", PASSWORD).await.ok().into()
}

on_both! {
    async fn session_list_shows_network_user_agent_and_current_session(backend) {
        let app = TestApp::start(backend).await;
        app.register("bob").await;
        app.register("ann").await;
        let phone = app.post("/v1/auth/login").header("user-agent", "phone").from("2001:db8::7");
        let body = serde_json::json!({ "username": "ann", "password": PASSWORD });
        let phone: Person = phone.json(&body).send().await.ok().into();
        let page = list(&app, &phone, "").await.ok();
        assert_eq!(page["items"].as_array().unwrap().len(), 2);
        let newest = &page["items"][0];
        assert_eq!((&newest["is_current"], &newest["user_agent"]), (&true.into(), &"phone".into()));
        assert_eq!(newest["network"], "2001:db8::/64");
        assert_eq!(newest["expires_at"], "2026-01-15T12:00:00Z");
        assert_eq!(page["items"][1]["is_current"], false);
    }

    async fn refresh_from_another_network_is_listed_and_recorded(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let body = serde_json::json!({ "refresh_token": ann.refresh });
        let thief = app.post("/v1/auth/refresh").header("user-agent", "attacker").from("2001:db8::66");
        let stolen: Value = thief.json(&body).send().await.ok();
        let page = list(&app, &ann, "").await.ok();
        let session = &page["items"][0];
        assert_eq!(session["network"], "127.0.0.1");
        assert_eq!(
            (&session["last_network"], &session["last_user_agent"]),
            (&"2001:db8::/64".into(), &"attacker".into())
        );
        let kinds = async || {
            let events = app.get("/v1/auth/events").bearer(&ann.access).send().await.ok();
            let items = events["items"].as_array().unwrap().iter();
            items.map(|it| format!("{} {}", it["kind"], it["address"])).collect::<Vec<_>>()
        };
        let event = r#""session_network_changed" "2001:db8::66""#;
        assert_eq!(kinds().await[0], event);
        // A second refresh from there is no change of network.
        let body = serde_json::json!({ "refresh_token": stolen["refresh_token"] });
        app.post("/v1/auth/refresh").from("2001:db8::67").json(&body).send().await.ok();
        assert_eq!(kinds().await[0], event);
        assert_eq!(kinds().await.iter().filter(|it| it.contains("network_changed")).count(), 1);
    }

    async fn session_list_is_paginated(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        for _ in 0..3 {
            login(&app).await;
        }
        let ann = login(&app).await;
        let all = ids(&list(&app, &ann, "").await.ok());
        assert_eq!(all.len(), 5);
        let first = list(&app, &ann, "?limit=3").await.ok();
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = list(&app, &ann, &format!("?limit=3&cursor={cursor}")).await.ok();
        assert!(second["next_cursor"].is_null());
        assert_eq!([ids(&first), ids(&second)].concat(), all);
    }

    async fn session_revoked_from_another_one_ends_at_once(backend) {
        let app = TestApp::start(backend).await;
        let here = app.register("ann").await;
        let there = login(&app).await;
        let id = ids(&list(&app, &there, "").await.ok()).remove(0);
        for _ in 0..2 {
            assert!(end(&app, &here, &format!("/{id}")).await.ok().is_null());
        }
        app.me(&there.access).await.error(401, "AUTHENTICATION_FAILED");
        let refused = app.refresh(&there.refresh).await;
        assert_eq!(refused.error(401, "AUTHENTICATION_FAILED")["reason"], "session_revoked");
        app.me(&here.access).await.ok();
    }

    async fn session_of_another_user_is_not_found(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let bob = app.register("bob").await;
        let id = ids(&list(&app, &ann, "").await.ok()).remove(0);
        let made_up = "00000000-0000-7000-8000-000000000000";
        for path in [id.as_str(), made_up, "x", "%00", "..%2f"] {
            end(&app, &bob, &format!("/{path}")).await.error(404, "NOT_FOUND");
        }
        app.me(&ann.access).await.ok();
    }

    async fn revoking_other_sessions_keeps_only_the_current_one(backend) {
        let app = TestApp::start(backend).await;
        let one = app.register("ann").await;
        let other = login(&app).await;
        let bob = app.register("bob").await;
        let here = login(&app).await;
        assert!(end(&app, &here, "").await.ok().is_null());
        for gone in [&one, &other] {
            app.me(&gone.access).await.error(401, "AUTHENTICATION_FAILED");
        }
        assert_eq!(ids(&list(&app, &here, "").await.ok()).len(), 1);
        app.refresh(&here.refresh).await.ok();
        app.me(&bob.access).await.ok();
    }

    async fn invalid_pagination_returns_pydantic_errors(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        for (query, kinds) in [
            ("?limit=x", vec!["int_parsing"]),
            ("?limit=0", vec!["greater_than_equal"]),
            ("?limit=101", vec!["less_than_equal"]),
            ("?limit=9&cursor=x", vec!["uuid_parsing"]),
            ("?limit=-1&cursor=", vec!["greater_than_equal", "uuid_parsing"]),
        ] {
            let answer = list(&app, &ann, query).await;
            assert_eq!(answer.status, 422, "{query}");
            let detail = answer.body["detail"].as_array().unwrap().iter();
            let found: Vec<_> = detail.map(|issue| issue["type"].as_str().unwrap()).collect();
            assert_eq!(found, kinds, "{query}");
        }
    }

    // Otherwise, a password reset might have to end more sessions than one statement can.
    async fn least_recently_used_session_ends_when_there_are_too_many(backend) {
        let app = TestApp::start(backend).await;
        let first = app.register("ann").await;
        app.advance(Duration::SECOND);
        let second: Person = app.login("ann", PASSWORD).await.ok().into();
        app.advance(Duration::SECOND);
        let first = app.refresh(&first.refresh).await.text("access_token").to_owned();
        for _ in 0..98 {
            app.login("ann", PASSWORD).await.ok();
        }
        app.me(&second.access).await.ok();
        app.login("ann", PASSWORD).await.ok();
        app.me(&second.access).await.error(401, "AUTHENTICATION_FAILED");
        app.me(&first).await.ok();
    }
}
