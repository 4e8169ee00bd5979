//! The IP address of the client in request headers.

use doorward_server::config::Options;
use serde_json::json;
use tempfile::TempDir;

use crate::support::{Backend, PASSWORD, Running, TestApp, doorward, on_both, run};

fn limited() -> Options {
    Options {
        rate_limits_enabled: Some(true),
        rate_limits_mail_per_minute: Some(3),
        ..Options::default()
    }
}

async fn ask(app: &TestApp, forwarded: &[&str]) -> u16 {
    let mut call = app.post("/v1/auth/forgot-password").json(&json!({ "email": "a@example.com" }));
    for value in forwarded {
        call = call.from(value);
    }
    call.send().await.status
}

async fn exhaust(app: &TestApp, forwarded: &[&str]) {
    for _ in 0..3 {
        assert_eq!(ask(app, forwarded).await, 200, "{forwarded:?}");
    }
    assert_eq!(ask(app, forwarded).await, 429, "{forwarded:?}");
}

on_both! {
    async fn every_notation_of_an_ip_address_is_one_client(backend) {
        let app = TestApp::start_with(backend, limited()).await;
        exhaust(&app, &["198.51.100.1"]).await;
        for same in [
            &["::ffff:198.51.100.1"][..], &["::FFFF:c633:6401"], &["198.51.100.1:4711"], &["[::ffff:198.51.100.1]:80"],
            &[" 198.51.100.1 "], &["203.0.113.9, 198.51.100.1"], &["203.0.113.9", "198.51.100.1"],
            &["a,,198.51.100.1"], &["198.51.100.1, 127.0.0.1"],
        ] {
            assert_eq!(ask(&app, same).await, 429, "{same:?}");
        }
        exhaust(&app, &["2001:db8:1:2::1"]).await;
        for same in ["2001:DB8:1:2:ffff:ffff:ffff:ffff", "[2001:db8:1:2::9]", "[2001:db8:1:2::9]:443", "2001:0db8:0001:0002::1"] {
            assert_eq!(ask(&app, &[same]).await, 429, "{same}");
        }
        assert_eq!(ask(&app, &["198.51.100.2"]).await, 200);
    }

    async fn unreadable_forwarded_address_is_counted_as_the_proxy(backend) {
        let app = TestApp::start_with(backend, limited()).await;
        // All of these are counted as the proxy's own IP address.
        exhaust(&app, &["a"]).await;
        let long = "1".repeat(10 * 1024);
        let many = "203.0.113.1,".repeat(900);
        for odd in [
            "", " ", ",", "unknown", "_hidden", "198.51.100", "198.51.100.256", "0x7f.1", "::1%eth0", "fe80::1%25eth0",
            "198.51.100.1/8", "198.51.100.1:99999", "[::1", "localhost", "-1", "198.51.100.1 198.51.100.2", "null",
            "' OR 1=1", "{{7*7}}", &long, &many,
        ] {
            assert_eq!(ask(&app, &[odd]).await, 429, "{odd:?}");
        }
        let mut bytes = b"POST /v1/auth/forgot-password HTTP/1.1\r\nhost: x\r\nconnection: close\r\n".to_vec();
        bytes.extend(b"content-type: application/json\r\ncontent-length: 2\r\nx-forwarded-for: \xff\xfe\r\n\r\n{}");
        let answer = app.raw(&bytes).await;
        assert!(answer.starts_with("HTTP/1.1 429"), "{answer}");
        // Clients with a readable address are still served.
        assert_eq!(ask(&app, &["198.51.100.1"]).await, 200);
    }

    async fn other_headers_do_not_identify_the_client(backend) {
        let app = TestApp::start_with(backend, limited()).await;
        exhaust(&app, &[]).await;
        for name in [
            "forwarded", "x-real-ip", "x-client-ip", "client-ip", "true-client-ip", "cf-connecting-ip", "x-forwarded",
            "x-cluster-client-ip", "fastly-client-ip", "x-originating-ip", "x-remote-ip", "x-remote-addr", "via",
        ] {
            let call = app.post("/v1/auth/forgot-password").json(&json!({ "email": "a@example.com" }));
            assert_eq!(call.header(name, "203.0.113.7").send().await.status, 429, "{name}");
        }
        for agent in ["GoogleHC/1.0", "kube-probe/1.30", "ELB-HealthChecker/2.0"] {
            let call = app.get("/v1/auth/me").header("user-agent", agent).header("host", "127.0.0.1");
            call.send().await.error(401, "AUTHENTICATION_FAILED");
        }
    }

    async fn only_the_configured_header_identifies_the_client(backend) {
        for (name, first, second, same) in [
            ("X-Real-IP", "198.51.100.1", "198.51.100.2", "198.51.100.1:4711"),
            ("cf-connecting-ip", "2001:db8::1", "198.51.100.2", "[2001:db8::2]"),
            ("Forwarded", "for=198.51.100.1;proto=https", "for=198.51.100.2", "proto=https;For=\"198.51.100.1:4711\""),
            ("forwarded", "for=\"[2001:db8::1]\"", "for=198.51.100.2", "for=6.6.6.6, for=\"[2001:db8::2]:443\""),
        ] {
            let options = Options { client_ip_header: Some(name.to_owned()), ..limited() };
            let app = TestApp::start_with(backend, options).await;
            let ask = async |said: &str| {
                let call = app.post("/v1/auth/forgot-password").json(&json!({ "email": "a@example.com" }));
                // Headers of other names are ignored.
                call.header(name, said).from("203.0.113.7").send().await.status
            };
            for _ in 0..3 {
                assert_eq!(ask(first).await, 200, "{name}");
            }
            for counted_as_the_first in [first, same] {
                assert_eq!(ask(counted_as_the_first).await, 429, "{name}: {counted_as_the_first}");
            }
            assert_eq!(ask(second).await, 200, "{name}");
        }
    }

    async fn broken_forwarded_header_is_counted_as_the_proxy(backend) {
        let client_ip_header = Some("Forwarded".to_owned());
        let app = TestApp::start_with(backend, Options { client_ip_header, ..limited() }).await;
        exhaust(&app, &[]).await;
        for odd in [
            "", ",", "198.51.100.1", "for=unknown", "for=_hidden", "proto=https", "for=6.6.6.6;x=\", for=198.51.100.1",
            "for=198.51.100.1;for=198.51.100.2", "for=\"198.51.100.1", "for=198.51.100.1,", "for=2001:db8::1;a b",
        ] {
            let call = app.post("/v1/auth/forgot-password").json(&json!({ "email": "a@example.com" }));
            assert_eq!(call.header("forwarded", odd).send().await.status, 429, "{odd:?}");
        }
    }

    async fn unreadable_forwarded_address_does_not_bypass_the_password(backend) {
        let app = TestApp::start_with(backend, Options::default()).await;
        app.register("ann").await;
        let long = "1".repeat(10 * 1024);
        for odd in ["a", "", "::1%eth0", &long] {
            let login = |password: &str| {
                let body = json!({ "username": "ann", "password": password });
                app.post("/v1/auth/login").json(&body).from(odd).send()
            };
            login("wrong horse battery").await.error(401, "AUTHENTICATION_FAILED");
            login(PASSWORD).await.ok();
        }
    }
}

/// Returns the log of a server that gets two requests with these headers.
fn log_of(options: &[(&str, &str)], headers: &'static [(&str, &str)]) -> String {
    let folder = TempDir::new().unwrap();
    let mut command = doorward(folder.path());
    command.envs(options.iter().copied());
    let running = Running::start(command);
    let url = format!("{}/v1/auth/config", running.url);
    run(Backend::Sqlite, |_| async move {
        for _ in 0..2 {
            let call = reqwest::Client::new().get(&url);
            let call = headers.iter().fold(call, |call, (name, value)| call.header(*name, *value));
            assert_eq!(call.send().await.unwrap().status(), 200);
        }
    });
    running.stop()
}

#[test]
fn ignored_client_ip_header_is_reported_once() {
    type Pairs = &'static [(&'static str, &'static str)];
    const TRUSTED: Pairs = &[("DOORWARD_TRUSTED_PROXIES", "127.0.0.1")];
    let mistakes: [(Pairs, Pairs, &str); 4] = [
        (&[], &[("x-forwarded-for", "192.0.2.1")], "DOORWARD_TRUSTED_PROXIES"),
        (&[], &[("forwarded", "for=192.0.2.1")], "DOORWARD_TRUSTED_PROXIES"),
        (TRUSTED, &[("x-real-ip", "192.0.2.1")], "DOORWARD_CLIENT_IP_HEADER=x-real-ip"),
        (TRUSTED, &[("forwarded", "for=192.0.2.1")], "DOORWARD_CLIENT_IP_HEADER=forwarded"),
    ];
    for (options, headers, advice) in mistakes {
        let log = log_of(options, headers);
        assert_eq!(log.matches(advice).count(), 1, "{log}");
    }
    let fine: [Pairs; 2] = [&[], &[("x-forwarded-for", "192.0.2.1"), ("x-real-ip", "192.0.2.1")]];
    for headers in fine {
        let log = log_of(TRUSTED, headers);
        assert!(!log.contains("share one rate limit"), "{log}");
    }
}
