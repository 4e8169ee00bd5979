//! The mailbox for development: only here, and only while mails go to files.

use doorward_server::config::Options;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both};

/// Asks as a browser on this machine does.
async fn get(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
    let mut request = reqwest::Client::new().get(app.url(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

/// Sends Ann a link, and leaves the mail where it is.
async fn with_a_mail(app: &TestApp) {
    app.register("ann").await;
    while app.state.application.deliver_mail.run().await.unwrap() > 0 {}
}

on_both! {
    async fn mails_that_went_to_files_can_be_looked_at(backend) {
        let app = TestApp::start(backend).await;
        assert_eq!(get(&app, "/dev/mail", &[]).await.status(), 200);
        with_a_mail(&app).await;
        let answer = get(&app, "/dev/mail.json", &[]).await;
        let body: Value = answer.json().await.unwrap();
        let mail = &body["mails"][0];
        assert_eq!(mail["to"], "ann@example.com");
        assert_eq!(mail["subject"], "Verify your e-mail address for Doorward");
        let link = mail["link"].as_str().unwrap();
        assert!(mail["text"].as_str().unwrap().contains(link));
        let page = get(&app, "/dev/mail", &[]).await;
        let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("script"), "{policy}");
        let text = page.text().await.unwrap().replace("&#x2f;", "/");
        assert!(text.contains(&format!("<a href=\"{link}\">Verify my e-mail address</a>")), "{text}");
        // The link works.
        let token = link.split_once("token=").unwrap().1;
        let body = json!({ "token": token });
        app.post("/v1/auth/verify-email").json(&body).send().await.ok();
    }

    async fn the_mailbox_speaks_the_languages_of_mails(backend) {
        let options = Options { default_locale: Some("de-CH".to_owned()), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        with_a_mail(&app).await;
        let body: Value = get(&app, "/dev/mail.json", &[]).await.json().await.unwrap();
        let mail = &body["mails"][0];
        assert_eq!(mail["subject"], "Bestätigen Sie Ihre E-Mail-Adresse für Doorward");
        let link = mail["link"].as_str().unwrap();
        assert!(link.starts_with("http://127.0.0.1:8080/verify-email?token=dwv_"), "{link}");
    }

    async fn the_mailbox_is_for_nobody_elsewhere(backend) {
        let app = TestApp::start(backend).await;
        with_a_mail(&app).await;
        for path in ["/dev/mail", "/dev/mail.json"] {
            for header in [
                ("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "127.0.0.1"), ("forwarded", "for=127.0.0.1"),
                ("x-real-ip", "127.0.0.1"), ("via", "1.1 proxy"), ("x-forwarded-host", "localhost"),
                ("x-forwarded-proto", "https"), ("host", "evil.example"), ("host", "localhost.evil.example"),
            ] {
                let answer = get(&app, path, &[header]).await;
                assert_eq!(answer.status(), 404, "{path} {header:?}");
                assert!(!answer.text().await.unwrap().contains("token="));
            }
            assert_eq!(get(&app, path, &[("host", "localhost:8080")]).await.status(), 200);
        }
    }

    async fn there_is_no_mailbox_where_mails_are_sent(backend) {
        let options = Options { mail_url: Some("smtp://localhost:1".parse().unwrap()), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        for path in ["/dev/mail", "/dev/mail.json"] {
            assert_eq!(get(&app, path, &[]).await.status(), 404);
        }
    }
}
