//! The recipients and the content of emails.

use serde_json::{Value, json};
use time::Duration;

use crate::support::{Mail, PASSWORD, Person, TestApp, on_both};

/// Returns the header lines.
fn head(mail: &Mail) -> Vec<&str> {
    mail.text.lines().take_while(|line| !line.is_empty()).collect()
}

#[track_caller]
fn assert_for_one(mail: &Mail, address: &str) {
    assert_eq!(mail.to, address);
    let head = head(mail);
    let named = |name: &str| {
        head.iter().filter(|line| line.to_lowercase().starts_with(&format!("{name}:"))).count()
    };
    assert_eq!((named("to"), named("from"), named("subject")), (1, 1, 1), "{head:?}");
    assert_eq!((named("cc"), named("bcc"), named("x-evil")), (0, 0, 0), "{head:?}");
    assert!(mail.text.lines().all(|line| line.len() <= 998));
}

on_both! {
    async fn address_receives_at_most_five_messages_of_a_kind_an_hour(backend) {
        let app = TestApp::start(backend).await;
        // The address is released once the message was sent.
        let squat = async |number: u32| {
            let name = format!("mallory{number}");
            let address = if number.is_multiple_of(2) { "Ann@example.com" } else { "ann@example.com" };
            let body = json!({ "email": address, "username": name, "password": PASSWORD });
            let mallory: Person = app.post("/v1/auth/register").json(&body).send().await.ok().into();
            let sent = app.messages().await;
            app.state.application.admin.delete_user.run(mallory.id).await.unwrap();
            sent.iter().filter(|mail| mail.to == address).count()
        };
        let mut sent = Vec::new();
        for number in 0..8 {
            sent.push(squat(number).await);
        }
        assert_eq!(sent, [1, 1, 1, 1, 1, 0, 0, 0]);
        app.advance(Duration::HOUR);
        assert_eq!(squat(8).await, 1);
    }

    async fn account_receives_at_most_three_password_notices_an_hour(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.messages().await;
        for number in 0..8 {
            let word = |number: u32| if number == 0 { PASSWORD.to_owned() } else { format!("another heron {number}") };
            let body = json!({ "current_password": word(number), "new_password": word(number + 1) });
            let answer = app.put("/v1/auth/me/password").bearer(&ann.access).json(&body).send().await;
            assert_eq!(answer.status == 200, number < 3, "{number} {}", answer.body);
        }
        assert_eq!(app.messages().await.len(), 3);
    }

    async fn email_is_sent_only_to_the_stored_address(backend) {
        let app = TestApp::start(backend).await;
        app.register("mike.s").await;
        app.messages().await;
        let mut sent = 0;
        for email in [
            "MIKE.S@example.com", "miKe.s@EXAMPLE.COM", "mi\u{212a}e.s@example.com", "mike.\u{17f}@example.com",
            "mıke.s@example.com", "mİke.s@example.com", "míke.s@example.com", "mike.s@exаmple.com",
            "mike.s@ｅxample.com", "mike.s＠example.com", "mike.s@example.com.", " mike.s@example.com ",
            "mike.s+tag@example.com", "mikes@example.com", "mike.s@example。com", "mike.s@xn--exmple-cua.com",
            "mi\u{200b}ke.s@example.com", "mike.s@example.com\u{0}", "mike.s@exam\u{ad}ple.com",
        ] {
            for path in ["forgot-password", "resend-verification"] {
                let call = app.post(&format!("/v1/auth/{path}")).json(&json!({ "email": email }));
                let answer = call.send().await;
                assert!(matches!(answer.status, 200 | 422), "{email}: {}", answer.body);
                for mail in app.messages().await {
                    assert_for_one(&mail, "mike.s@example.com");
                    sent += 1;
                }
                app.advance(Duration::MINUTE);
            }
        }
        assert!(sent > 6, "{sent}");
    }

    async fn anything_but_one_bare_email_address_is_refused(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        app.messages().await;
        for email in [
            "ann@example.com,eve@example.com", "ann@example.com;eve@example.com", "ann@example.com eve@example.com",
            "ann@eve@example.com", "eve@evil.example,ann@example.com", "\"a b\"@example.com", "<ann@example.com>",
            "Ann <ann@example.com>", "ann@example.com\nbcc: eve@example.com", "ann@example.com\r\nbcc: eve@example.com",
            "ann@example.com%0d%0abcc: eve@example.com", "ann\u{2028}@example.com", "ann@example.com\u{85}x",
            "eve@evil.example＠example.com", "ann@[127.0.0.1]", "ann@localhost", "ann@example", "@example.com", "ann@",
            "ann%2540example.com", "ann&#64;example.com", "ann@example.com\u{0}eve", "ann@-example.com",
            "ann.@example.com", ".ann@example.com", "a..b@example.com", "",
        ] {
            for path in ["forgot-password", "resend-verification"] {
                let call = app.post(&format!("/v1/auth/{path}")).json(&json!({ "email": email }));
                assert_eq!(call.send().await.issue("email"), "value_error", "{email:?}");
            }
            let body = json!({ "email": email, "username": "eve", "password": PASSWORD });
            let answer = app.post("/v1/auth/register").json(&body).send().await;
            assert_eq!(answer.issue("email"), "value_error", "{email:?}");
        }
        let long = format!("{}@example.com", "a".repeat(65));
        let body = json!({ "email": long, "username": "eve", "password": PASSWORD });
        assert_eq!(app.post("/v1/auth/register").json(&body).send().await.status, 422);
        assert!(app.messages().await.is_empty());
    }

    async fn full_name_is_injected_into_no_header_or_markup(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let evil = json!({ "full_name": "{{7*7}}${7*7}#{7*7} <img src=x onerror=alert(1)>\"' **x**", "bio": "x" });
        app.put("/v1/auth/me/profile").bearer(&ann.access).json(&evil).send().await.ok();
        for name in ["a\r\nBcc: eve@example.com", "a\nX-Evil: 1", "a\u{2028}b", "a\u{202e}b", "a\u{1b}[31m"] {
            let body = json!({ "full_name": name });
            app.put("/v1/auth/me/profile").bearer(&ann.access).json(&body).send().await;
            app.advance(Duration::MINUTE);
            let body = json!({ "email": "ann@example.com" });
            app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
            let mails = app.messages().await;
            assert!(!mails.is_empty());
            for mail in mails {
                assert_for_one(&mail, "ann@example.com");
                for raw in ["<img", "onerror", "X-Evil", "eve@", "\u{1b}"] {
                    assert!(!mail.text.contains(raw), "{raw}: {}", mail.text);
                }
            }
        }
    }

    async fn email_has_no_remote_content_and_no_foreign_link(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let mail = app.mail().await;
        assert_for_one(&mail, "ann@example.com");
        let head = head(&mail).join("\n");
        for name in ["Message-ID: ", "Date: ", "From: ", "Auto-Submitted: auto-generated"] {
            assert!(head.contains(name), "{head}");
        }
        for remote in ["<img", "<link", "<script", "url(", "src=", "@import"] {
            assert!(!mail.text.contains(remote), "{remote}: {}", mail.text);
        }
        let token = mail.token();
        let text = mail.text.replace("&#x2f;", "/");
        let urls: Vec<_> = text.match_indices("http").map(|(at, _)| &text[at..]).collect();
        // Each part has a link that confirms the address and one that deletes the account.
        let pages = ["verify-email", "verify-email/not-me"].repeat(2);
        assert_eq!(urls.len(), pages.len(), "{text}");
        for (url, page) in urls.iter().zip(pages) {
            let expected = format!("http://127.0.0.1:8080/{page}?token={token}");
            assert!(url.starts_with(&expected), "{text}");
        }
        assert!(token.chars().all(|it| it.is_ascii_alphanumeric() || "-_".contains(it)), "{token}");
    }

    async fn request_headers_do_not_change_emailed_links(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        app.messages().await;
        for (name, value) in [
            ("host", "evil.example"), ("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "evil"),
            ("x-forwarded-port", "666"), ("x-forwarded-prefix", "/evil"), ("x-original-host", "evil.example"),
            ("x-forwarded-server", "evil.example"), ("x-original-url", "/evil"), ("x-rewrite-url", "/evil"),
            ("forwarded", "host=evil.example;proto=evil;for=192.0.2.7"), ("origin", "https://evil.example"),
            ("referer", "https://evil.example/"), ("x-host", "evil.example"),
        ] {
            let body = json!({
                "email": "ann@example.com", "redirect_to": "https://evil.example", "redirect_uri": "https://evil.example",
                "origin": "https://evil.example", "base_url": "https://evil.example", "url": "https://evil.example",
            });
            let path = "/v1/auth/forgot-password?redirect_to=https://evil.example";
            app.post(path).json(&body).header(name, value).send().await.ok();
            let text = app.mail().await.text;
            assert!(!text.contains("evil") && !text.contains("666"), "{name}: {text}");
            assert!(text.contains("http://127.0.0.1:8080/reset-password?token="), "{name}: {text}");
            app.advance(Duration::hours(3));
        }
        // An absolute URL in the request line, as sent to proxies.
        let body = r#"{"email":"ann@example.com"}"#;
        let request = format!(
            "POST http://evil.example/v1/auth/forgot-password HTTP/1.1\r\nhost: evil.example\r\n\
             content-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = app.raw(request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(!app.mail().await.text.contains("evil"));
    }

    async fn emailed_token_is_in_no_response(backend) {
        let app = TestApp::start(backend).await;
        let register = json!({ "email": "ann@example.com", "username": "ann", "password": PASSWORD });
        let mut answers = vec![app.post("/v1/auth/register").json(&register).send().await];
        let access = answers[0].text("access_token").to_owned();
        let mut tokens = vec![app.mail().await.token()];
        app.advance(Duration::MINUTE);
        let body = json!({ "email": "ann@example.com" });
        for path in ["/v1/auth/resend-verification", "/v1/auth/forgot-password"] {
            answers.push(app.post(path).json(&body).send().await);
            tokens.push(app.mail().await.token());
        }
        for path in ["me", "me/profile", "sessions", "events"] {
            answers.push(app.get(&format!("/v1/auth/{path}")).bearer(&access).send().await);
        }
        for answer in answers {
            let shown = format!("{:?} {}", answer.headers, answer.body);
            assert!(answer.status == 200 && tokens.iter().all(|token| !shown.contains(token)), "{shown}");
            assert!(["dwv_", "dwp_"].iter().all(|prefix| !shown.contains(prefix)), "{shown}");
        }
    }

    async fn password_change_and_reset_notify_the_owner(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.messages().await;
        let body = json!({ "current_password": PASSWORD, "new_password": "seven lucky herons wade" });
        app.put("/v1/auth/me/password").bearer(&ann.access).json(&body).send().await.ok();
        let changed = app.mail().await;
        let body = json!({ "email": "ann@example.com" });
        app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
        let body = json!({ "token": app.mail().await.token(), "new_password": PASSWORD });
        app.post("/v1/auth/reset-password").json(&body).send().await.ok();
        for notice in [changed, app.mail().await] {
            assert_for_one(&notice, "ann@example.com");
            assert!(notice.subject.contains("was changed"), "{}", notice.subject);
            assert!(!notice.text.contains("herons") && !notice.text.contains("token="), "{}", notice.text);
        }
    }

    async fn invite_info_returns_only_address_and_validity(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let org = app.shared_org(&ann).await;
        let token = app.invite(&ann, org, "bob@example.com").await;
        let answer = app.get(&format!("/v1/auth/invite-info?token={token}")).send().await.ok();
        let keys: Vec<_> = answer.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["email", "valid"]);
        let body: Value = json!({
            "email": "bob@example.com", "username": "bob", "password": PASSWORD, "invite_token": token,
            "role": "owner", "roles": ["owner"], "org_id": ann.workspace,
        });
        let user = app.post("/v1/auth/register").json(&body).send().await.ok()["user"].clone();
        assert_eq!((&user["roles"], &user["default_workspace_id"]), (&json!(["member"]), &json!(org.to_string())));
    }
}
