use futures::future::join_all;
use serde_json::json;
use time::Duration;

use crate::support::{Answer, PASSWORD, TestApp, on_both};

const NEW: &str = "another horse battery";

async fn forgot(app: &TestApp, email: &str) -> Answer {
    app.post("/v1/auth/forgot-password").json(&json!({ "email": email })).send().await
}

async fn reset(app: &TestApp, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "new_password": password });
    app.post("/v1/auth/reset-password").json(&body).send().await
}

/// Registers ann, requests a password reset for her, and returns its token.
async fn asked(app: &TestApp) -> String {
    app.register("ann").await;
    app.messages().await;
    forgot(app, "ann@example.com").await.ok();
    app.mail().await.token()
}

on_both! {
    async fn emailed_link_sets_a_new_password(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.messages().await;
        assert!(forgot(&app, "Ann@EXAMPLE.com").await.ok().is_null());
        let mail = app.mail().await;
        assert_eq!(mail.to, "ann@example.com");
        assert!(reset(&app, &mail.token(), NEW).await.ok().is_null());

        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        app.refresh(&ann.refresh).await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", PASSWORD).await.error(401, "AUTHENTICATION_FAILED");
        let user = app.login("ann", NEW).await.ok()["user"].clone();
        assert_eq!(user["is_verified"], true);
        let notice = app.mail().await;
        assert!(notice.subject.contains("was changed"), "{}", notice.subject);
        reset(&app, &mail.token(), "a third horse battery").await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn known_and_unknown_addresses_get_the_same_response(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.messages().await;
        let known = forgot(&app, "ann@example.com").await;
        let unknown = forgot(&app, "unknown@example.com").await;
        assert_eq!((known.status, known.body), (unknown.status, unknown.body));
        assert_eq!(app.messages().await.len(), 1);
        app.disable(&ann).await;
        app.advance(Duration::HOUR);
        forgot(&app, "ann@example.com").await.ok();
        assert!(app.messages().await.is_empty());
    }

    async fn concurrent_resets_with_one_token_succeed_once(backend) {
        let app = TestApp::start(backend).await;
        let token = asked(&app).await;
        let passwords: Vec<String> = (0..100).map(|n| format!("{n} horses battery")).collect();
        let resets = passwords.iter().map(|password| reset(&app, &token, password));
        let answers = join_all(resets).await;
        let won: Vec<_> = (0..100).filter(|n| answers[*n].status == 200).collect();
        assert_eq!(won.len(), 1);
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            answer.error(401, "AUTHENTICATION_FAILED");
        }
        app.login("ann", &passwords[won[0]]).await.ok();
    }

    async fn refused_password_does_not_use_up_the_reset_token(backend) {
        let app = TestApp::start(backend).await;
        let token = asked(&app).await;
        let answer = reset(&app, &token, "password1").await;
        assert_eq!(answer.issue("new_password"), "password_too_common");
        assert_eq!(reset(&app, &token, "short").await.issue("new_password"), "string_too_short");
        reset(&app, &token, NEW).await.ok();
    }

    async fn reset_link_expires_after_six_hours(backend) {
        let app = TestApp::start(backend).await;
        let token = asked(&app).await;
        app.advance(Duration::hours(6));
        reset(&app, &token, NEW).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn emailed_link_stays_valid_when_another_one_is_requested(backend) {
        let app = TestApp::start(backend).await;
        let first = asked(&app).await;
        forgot(&app, "ann@example.com").await.ok();
        assert!(app.messages().await.is_empty(), "at most one a minute");
        app.advance(Duration::minutes(2));
        forgot(&app, "ann@example.com").await.ok();
        assert_eq!(app.mail().await.token(), first);
        // The link is too old to be sent again: a new one is issued, and both are valid.
        app.advance(Duration::minutes(3 * 60 + 8));
        forgot(&app, "ann@example.com").await.ok();
        let second = app.mail().await.token();
        assert_ne!(second, first);
        app.advance(Duration::minutes(2 * 60 + 49));
        reset(&app, &first, NEW).await.ok();
        reset(&app, &second, "a third horse battery").await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", NEW).await.ok();
    }

    async fn using_the_later_reset_link_invalidates_the_earlier_one(backend) {
        let app = TestApp::start(backend).await;
        let first = asked(&app).await;
        app.advance(Duration::minutes(3 * 60 + 1));
        forgot(&app, "ann@example.com").await.ok();
        let second = app.mail().await.token();
        reset(&app, &second, NEW).await.ok();
        reset(&app, &first, "a third horse battery").await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn reset_requests_by_others_neither_flood_the_mailbox_nor_block_the_owner(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        app.messages().await;
        let (mut sent, mut token) = (Vec::new(), None);
        for minute in 0..24 * 60 {
            // An attacker requests a reset every hour, and the owner shortly after.
            if minute % 60 < 8 || minute % 144 == 0 {
                for _ in 0..2 {
                    forgot(&app, "ann@example.com").await.ok();
                }
                for mail in app.messages().await {
                    sent.push(minute);
                    token = Some(mail.token());
                }
            }
            if minute % 60 == 59 {
                let in_hour = sent.iter().filter(|at| **at / 60 == minute / 60).count();
                assert!(in_hour <= 5, "{sent:?}");
            }
            app.advance(Duration::MINUTE);
        }
        assert!((15..=20).contains(&sent.len()), "{sent:?}");
        let waits = sent.windows(2).map(|pair| pair[1] - pair[0]);
        assert!(waits.max().unwrap() <= 3 * 60, "{sent:?}");
        assert!(token.is_some());
    }

    async fn emailed_links_use_the_configured_url_regardless_of_the_request(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        app.messages().await;
        let body = json!({ "email": "ann@example.com", "redirect_to": "https://evil.example" });
        let call = app.post("/v1/auth/forgot-password").json(&body);
        let call = call.header("host", "evil.example").header("x-forwarded-host", "evil.example");
        call.header("origin", "https://evil.example").send().await.ok();
        let text = app.mail().await.text;
        assert!(!text.contains("evil") && text.contains("http://127.0.0.1:8080/reset-password"), "{text}");
    }
}
