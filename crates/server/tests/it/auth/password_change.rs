use serde_json::json;
use time::Duration;

use crate::support::{Answer, PASSWORD, Person, TestApp, on_both};

const NEW: &str = "another horse battery";

async fn change(app: &TestApp, access: &str, current: &str, new: &str) -> Answer {
    let body = json!({ "current_password": current, "new_password": new });
    app.put("/v1/auth/me/password").bearer(access).json(&body).send().await
}

on_both! {
    async fn a_change_ends_every_other_session(backend) {
        let app = TestApp::start(backend).await;
        let here = app.register("ann").await;
        let there: Person = app.login("ann", PASSWORD).await.ok().into();
        app.mails().await;
        assert!(change(&app, &here.access, PASSWORD, NEW).await.ok().is_null());

        app.me(&here.access).await.ok();
        app.refresh(&here.refresh).await.ok();
        app.me(&there.access).await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", PASSWORD).await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", NEW).await.ok();
        assert!(app.mail().await.subject.contains("was changed"));
    }

    async fn the_current_password_has_to_be_right(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let answer = change(&app, &ann.access, "wrong horse battery", NEW).await;
        assert_eq!(answer.issue("current_password"), "password_incorrect");
        assert!(!answer.body.to_string().contains("horse"), "{}", answer.body);
        app.login("ann", PASSWORD).await.ok();
    }

    async fn the_new_password_has_to_be_hard_to_guess(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let answer = change(&app, &ann.access, PASSWORD, "password1").await;
        assert_eq!(answer.issue("new_password"), "password_too_common");
        app.login("ann", PASSWORD).await.ok();
    }

    async fn a_reset_link_does_not_outlive_the_change(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.mails().await;
        let body = json!({ "email": "ann@example.com" });
        app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
        let token = app.mail().await.token();
        change(&app, &ann.access, PASSWORD, NEW).await.ok();
        app.advance(Duration::SECOND);
        let body = json!({ "token": token, "new_password": "a third horse battery" });
        let answer = app.post("/v1/auth/reset-password").json(&body).send().await;
        answer.error(401, "AUTHENTICATION_FAILED");
    }
}
