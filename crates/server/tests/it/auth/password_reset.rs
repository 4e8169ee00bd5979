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

/// Registers ann, and answers the token of the reset mail that she asked for.
async fn asked(app: &TestApp) -> String {
    app.register("ann").await;
    app.mails().await;
    forgot(app, "ann@example.com").await.ok();
    app.mail().await.token()
}

on_both! {
    async fn the_mailed_link_sets_a_new_password(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.mails().await;
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

    async fn every_address_gets_the_same_answer(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.mails().await;
        let known = forgot(&app, "ann@example.com").await;
        let unknown = forgot(&app, "nobody@example.com").await;
        assert_eq!((known.status, known.body), (unknown.status, unknown.body));
        assert_eq!(app.mails().await.len(), 1);
        app.disable(&ann).await;
        app.advance(Duration::HOUR);
        forgot(&app, "ann@example.com").await.ok();
        assert!(app.mails().await.is_empty());
    }

    async fn of_many_resets_with_one_token_one_wins(backend) {
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

    async fn a_refused_password_leaves_the_token(backend) {
        let app = TestApp::start(backend).await;
        let token = asked(&app).await;
        let answer = reset(&app, &token, "password1").await;
        assert_eq!(answer.issue("new_password"), "password_too_common");
        assert_eq!(reset(&app, &token, "short").await.issue("new_password"), "string_too_short");
        reset(&app, &token, NEW).await.ok();
    }

    async fn a_link_is_good_for_an_hour(backend) {
        let app = TestApp::start(backend).await;
        let token = asked(&app).await;
        app.advance(Duration::HOUR);
        reset(&app, &token, NEW).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn a_link_stays_valid_while_others_ask_for_the_same_account(backend) {
        let app = TestApp::start(backend).await;
        let first = asked(&app).await;
        forgot(&app, "ann@example.com").await.ok();
        assert!(app.mails().await.is_empty(), "at most one a minute");
        app.advance(Duration::minutes(2));
        forgot(&app, "ann@example.com").await.ok();
        assert_eq!(app.mail().await.token(), first);
        // The link is too old to be mailed once more: the next one is valid beside it.
        app.advance(Duration::minutes(38));
        forgot(&app, "ann@example.com").await.ok();
        let second = app.mail().await.token();
        assert_ne!(second, first);
        app.advance(Duration::minutes(19));
        reset(&app, &first, NEW).await.ok();
        reset(&app, &second, "a third horse battery").await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", NEW).await.ok();
    }

    async fn a_link_that_was_mailed_later_uses_up_the_earlier_one(backend) {
        let app = TestApp::start(backend).await;
        let first = asked(&app).await;
        app.advance(Duration::minutes(31));
        forgot(&app, "ann@example.com").await.ok();
        let second = app.mail().await.token();
        reset(&app, &second, NEW).await.ok();
        reset(&app, &first, "a third horse battery").await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn requests_of_others_neither_fill_the_mailbox_nor_keep_the_owner_out(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        app.mails().await;
        let (mut sent, mut token) = (Vec::new(), None);
        for minute in 0..24 * 60 {
            // An attacker asks at every hour of the day, and the owner just after.
            if minute % 60 < 8 || minute % 144 == 0 {
                for _ in 0..2 {
                    forgot(&app, "ann@example.com").await.ok();
                }
                for mail in app.mails().await {
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

    async fn links_lead_to_the_configured_url_whatever_the_request_says(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        app.mails().await;
        let body = json!({ "email": "ann@example.com", "redirect_to": "https://evil.example" });
        let call = app.post("/v1/auth/forgot-password").json(&body);
        let call = call.header("host", "evil.example").header("x-forwarded-host", "evil.example");
        call.header("origin", "https://evil.example").send().await.ok();
        let text = app.mail().await.text;
        assert!(!text.contains("evil") && text.contains("http://127.0.0.1:8080/reset-password"), "{text}");
    }
}
