//! The development mailbox, available only locally and only while emails are written to files.

use std::{io::Read, process::Output};

use doorward_server::config::Options;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Backend, Nginx, Running, TestApp, doorward, on_both, refused, run};

const PATHS: [&str; 2] = ["/dev/mail", "/dev/mail.json"];

/// Starts a server with a public URL whose operator configured that emails are written to files.
async fn public(backend: Backend, public_url: &str) -> TestApp {
    let public_url = Some(public_url.to_owned());
    let mail_url = Some("file:".parse().unwrap());
    let app =
        TestApp::start_with(backend, Options { public_url, mail_url, ..Options::default() }).await;
    with_an_email(&app).await;
    app
}

/// Sends a request as a browser on this machine does.
async fn get(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
    let mut request = reqwest::Client::new().get(app.url(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

/// Registers ann, and delivers her verification email to a file.
async fn with_an_email(app: &TestApp) {
    app.register("ann").await;
    while app.state.application.mail.deliver.run().await.unwrap() > 0 {}
}

on_both! {
    async fn emails_written_to_files_are_shown_in_the_mailbox(backend) {
        let app = TestApp::start(backend).await;
        assert_eq!(get(&app, "/dev/mail", &[]).await.status(), 200);
        with_an_email(&app).await;
        let answer = get(&app, "/dev/mail.json", &[]).await;
        let body: Value = answer.json().await.unwrap();
        let mail = &body["mails"][0];
        assert_eq!(mail["to"], "ann@example.com");
        assert_eq!(mail["subject"], "Verify your email address for Doorward");
        let link = mail["link"].as_str().unwrap();
        assert!(mail["text"].as_str().unwrap().contains(link));
        let page = get(&app, "/dev/mail", &[]).await;
        let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("script"), "{policy}");
        let text = page.text().await.unwrap().replace("&#x2f;", "/");
        assert!(text.contains(&format!("<a href=\"{link}\">Verify my email address</a>")), "{text}");
        // The link works.
        let token = link.split_once("token=").unwrap().1;
        let body = json!({ "token": token });
        app.post("/v1/auth/verify-email").json(&body).send().await.ok();
    }

    async fn mailbox_shows_emails_in_their_language(backend) {
        let options = Options { default_locale: Some("de-CH".to_owned()), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        with_an_email(&app).await;
        let body: Value = get(&app, "/dev/mail.json", &[]).await.json().await.unwrap();
        let mail = &body["mails"][0];
        assert_eq!(mail["subject"], "Bestätigen Sie Ihre E-Mail-Adresse für Doorward");
        let link = mail["link"].as_str().unwrap();
        assert!(link.starts_with("http://127.0.0.1:8080/verify-email?token=dwv_"), "{link}");
    }

    async fn mailbox_is_refused_to_forwarded_requests_and_foreign_hosts(backend) {
        let app = TestApp::start(backend).await;
        with_an_email(&app).await;
        for path in PATHS {
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

    async fn mailbox_does_not_exist_when_emails_are_sent(backend) {
        let options = Options { mail_url: Some("smtp://localhost:1".parse().unwrap()), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        for path in PATHS {
            assert_eq!(get(&app, path, &[]).await.status(), 404);
        }
    }

    async fn mailbox_does_not_exist_with_a_public_url_of_another_host(backend) {
        for public_url in ["https://auth.example.com", "http://192.168.1.7:8080", "http://0.0.0.0:8080"] {
            let app = public(backend, public_url).await;
            for path in PATHS {
                for host in ["localhost", "127.0.0.1:8080", "[::1]", "auth.example.com", "192.168.1.7:8080", "0.0.0.0:8080"] {
                    let response = get(&app, path, &[("host", host)]).await;
                    assert_eq!(response.status(), 404, "{public_url} {path} {host}");
                }
                // Like a nonexistent path, for any method.
                let methods = [app.post(path).send().await, app.delete(path).send().await];
                assert!(methods.iter().all(|it| it.status == 404), "{public_url} {path}");
            }
        }
    }
}

/// Forwards connections as a transport-layer proxy does (stunnel, `ssh -R`, HAProxy in TCP mode).
async fn forwarder(to: String) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut server = TcpStream::connect(&to).await.unwrap();
            tokio::spawn(
                async move { tokio::io::copy_bidirectional(&mut client, &mut server).await },
            );
        }
    });
    address
}

#[test]
fn mailbox_is_not_reachable_through_a_transport_layer_proxy() {
    run(Backend::Sqlite, |backend| async move {
        let app = public(backend, "https://auth.example.com").await;
        let address = forwarder(app.url("").replace("http://", "")).await;
        for (path, expected) in [("/healthz", 200), (PATHS[0], 404), (PATHS[1], 404)] {
            let request = reqwest::Client::new().get(format!("http://{address}{path}"));
            let response = request.header("host", "localhost").send().await.unwrap();
            assert_eq!(response.status(), expected, "{path}");
        }
    });
}

#[test]
#[ignore = "needs nginx: scripts/test.sh runs it"]
fn mailbox_is_not_reachable_through_nginx() {
    run(Backend::Sqlite, |backend| async move {
        let app = public(backend, "https://auth.example.com").await;
        let plain = format!("proxy_pass {};", app.url(""));
        for location in [plain.clone(), format!("{plain} proxy_set_header Host $host;")] {
            let nginx = Nginx::start(&location).await;
            for host in ["auth.example.com", "localhost", "127.0.0.1"] {
                for (path, expected) in [("/healthz", "200"), (PATHS[0], "404"), (PATHS[1], "404")]
                {
                    let response = nginx.get(path, host).await;
                    let status = format!("HTTP/1.1 {expected} ");
                    assert!(response.starts_with(&status), "{location} {host} {path}: {response}");
                }
            }
        }
    });
}

#[test]
fn public_url_without_mail_url_is_refused_by_start_and_check() {
    let folder = TempDir::new().unwrap();
    for variable in [
        ("DOORWARD_PUBLIC_URL", "https://auth.example.com"),
        ("DOORWARD_PUBLIC_URL", "http://192.168.1.7:8080"),
        ("DOORWARD_FRONTEND_URL", "https://app.example.com"),
    ] {
        let error = refused(doorward(folder.path()).envs([variable]));
        for part in ["mail.url (DOORWARD_MAIL_URL) is required", variable.1, "smtp://", "file:"] {
            assert!(error.contains(part), "{variable:?}: {error}");
        }
        let Output { status, stdout, .. } =
            doorward(folder.path()).arg("doctor").envs([variable]).output().unwrap();
        let said = String::from_utf8(stdout).unwrap();
        let expected = error.trim_start_matches("doorward: ").trim();
        assert!(status.code() == Some(1) && said.contains(expected), "{variable:?}: {said}");
        for mail_url in ["file:", "file:///tmp/mail", "smtp://127.0.0.1:1"] {
            let mut command = doorward(folder.path());
            let output =
                command.arg("config").envs([variable, ("DOORWARD_MAIL_URL", mail_url)]).output();
            assert!(output.unwrap().status.success());
        }
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 0, "files were created");
}

#[test]
fn links_are_logged_only_with_a_local_public_url() {
    for (public_url, is_logged) in
        [("http://localhost:8080", true), ("https://auth.example.com", false)]
    {
        let folder = TempDir::new().unwrap();
        let mut command = doorward(folder.path());
        command.envs([
            ("DOORWARD_PUBLIC_URL", public_url),
            ("DOORWARD_MAIL_URL", "file:mail"),
            ("DOORWARD_LOG_FILTER", "trace"),
        ]);
        let mut running = Running::start(command);
        assert_eq!(running.seen.contains("no email is sent"), !is_logged, "{}", running.seen);
        let url = format!("{}/v1/auth/register", running.url);
        run(Backend::Sqlite, |_| async move {
            let body = json!({ "email": "ann@example.com", "username": "ann", "password": "correct horse battery" });
            let response = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
            assert_eq!(response.status(), 200);
        });
        // On shutdown, the server completes its current deliveries.
        let mut log = String::new();
        while !log.contains("message written to a file") {
            let mut byte = [0; 1];
            running.log.read_exact(&mut byte).unwrap();
            log.push_str(&String::from_utf8_lossy(&byte));
        }
        log.push_str(&running.stop());
        assert_eq!(log.contains("dwv_"), is_logged, "{public_url}: {log}");
    }
}
