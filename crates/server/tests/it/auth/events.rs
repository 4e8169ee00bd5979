use doorward_domain::audit::AuditKind;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Person, TestApp, on_both};

async fn events(app: &TestApp, person: &Person) -> Vec<Value> {
    let page = app.get("/v1/auth/events?limit=100").bearer(&person.access).send().await.ok();
    page["items"].as_array().unwrap().clone()
}

async fn kinds(app: &TestApp, person: &Person) -> Vec<String> {
    let events = events(app, person).await;
    events.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn event_list_shows_only_events_of_the_users_own_account(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        app.register("bob").await;
        app.login("ann", "wrong horse battery").await;
        app.login("bob", "wrong horse battery").await;
        app.login("unknown", "wrong horse battery").await;
        let ann: Person = app.login("ANN@example.com", PASSWORD).await.ok().into();
        assert_eq!(kinds(&app, &ann).await, ["logged_in", "login_failed", "registered"]);
    }

    async fn every_user_action_is_recorded_as_an_event(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let token = app.mail().await.token();
        app.post("/v1/auth/verify-email").json(&json!({ "token": token })).send().await.ok();
        let other: Person = app.login("ann", PASSWORD).await.ok().into();
        app.post("/v1/auth/logout").bearer(&other.access).send().await.ok();
        app.login("ann", PASSWORD).await.ok();
        app.call(Method::DELETE, "/v1/auth/sessions").bearer(&ann.access).send().await.ok();
        let new = "seven lucky herons wade";
        let change = json!({ "current_password": PASSWORD, "new_password": new });
        app.put("/v1/auth/me/password").bearer(&ann.access).json(&change).send().await.ok();
        app.messages().await;
        let forgotten = json!({ "email": "ann@example.com" });
        app.post("/v1/auth/forgot-password").json(&forgotten).send().await.ok();
        let reset = json!({ "token": app.mail().await.token(), "new_password": PASSWORD });
        app.post("/v1/auth/reset-password").json(&reset).send().await.ok();
        let ann: Person = app.login("ann", PASSWORD).await.ok().into();
        app.refresh(&ann.refresh).await.ok();
        app.advance(time::Duration::seconds(11));
        app.refresh(&ann.refresh).await.error(401, "AUTHENTICATION_FAILED");
        let ann: Person = app.login("ann", PASSWORD).await.ok().into();
        assert_eq!(kinds(&app, &ann).await, [
            "logged_in", "refresh_token_reuse_detected", "logged_in", "password_reset", "password_changed",
            "other_sessions_revoked", "logged_in", "logged_out", "logged_in", "email_verified",
            "registered",
        ]);
    }

    async fn event_records_ip_address_user_agent_and_request_id(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let body = json!({ "username": "ann", "password": PASSWORD });
        let call = app.post("/v1/auth/login").json(&body).from("2001:db8::7");
        let call = call.header("user-agent", "phone").header("x-request-id", "request-7");
        let ann: Person = call.send().await.ok().into();
        let entry = events(&app, &ann).await.remove(0);
        assert_eq!(entry["kind"], AuditKind::LoggedIn.as_str());
        assert_eq!((&entry["address"], &entry["user_agent"]), (&json!("2001:db8::7"), &json!("phone")));
        assert_eq!((&entry["request_id"], &entry["org_id"]), (&json!("client:request-7"), &json!(ann.workspace)));
        assert_eq!(entry["at"], "2026-01-01T12:00:00Z");
        // A request ID chosen by the client can't pass for one created by the server.
        let own = json!("019b76da-a800-7000-8000-000000000004");
        let call = app.post("/v1/auth/login").json(&body).header("x-request-id", own.as_str().unwrap());
        let answer = call.send().await;
        assert_eq!(answer.header("x-request-id"), own);
        let ann: Person = answer.ok().into();
        let chosen = events(&app, &ann).await.remove(0)["request_id"].clone();
        assert_eq!(chosen, "client:019b76da-a800-7000-8000-000000000004");
        let answer = app.login("ann", PASSWORD).await;
        let made = json!(answer.header("x-request-id"));
        let ann: Person = answer.ok().into();
        assert_eq!(events(&app, &ann).await.remove(0)["request_id"], made);
    }
}
