//! Rate limits, and what they are counted by.

use doorward_server::config::Options;
use doorward_testing::TestRedis;
use futures::future::join_all;
use serde_json::json;
use time::Duration;

use crate::support::{Backend, Browser, PASSWORD, TestApp, on_both, run};

fn limited() -> Options {
    Options {
        rate_limits_enabled: Some(true),
        rate_limits_mail_per_minute: Some(3),
        ..Options::default()
    }
}

async fn ask(app: &TestApp, address: &str) -> u16 {
    let body = json!({ "email": "ann@example.com" });
    app.post("/v1/auth/forgot-password").json(&body).from(address).send().await.status
}

on_both! {
    async fn limit_applies_to_concurrent_requests(backend) {
        let app = TestApp::start_with(backend, limited()).await;
        let statuses = join_all((0..20).map(|_| ask(&app, "198.51.100.1"))).await;
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 3);
    }

    async fn ipv4_addresses_and_ipv6_networks_are_counted_separately(backend) {
        let app = TestApp::start_with(backend, limited()).await;
        for host in 1..=3 {
            assert_eq!(ask(&app, &format!("2001:db8:1:2::{host}")).await, 200);
        }
        assert_eq!(ask(&app, "2001:db8:1:2:ffff::1").await, 429);
        assert_eq!(ask(&app, "2001:db8:1:3::1").await, 200);
        assert_eq!(ask(&app, "198.51.100.1").await, 200);
    }

    async fn ipv6_client_with_many_networks_is_limited_by_its_wider_prefix(backend) {
        let app = TestApp::start_with(backend, limited()).await;
        let ask_all = async |networks: std::ops::Range<u32>| {
            let mut allowed = 0;
            for network in networks {
                for _ in 0..3 {
                    allowed += u32::from(ask(&app, &format!("2001:db8:1:{network:x}::1")).await == 200);
                }
            }
            allowed
        };
        assert_eq!(ask_all(0..10).await, 12, "a /56 has four times the budget of a /64");
        assert_eq!(ask_all(0x100..0x110).await, 12);
        assert_eq!(ask_all(0x200..0x300).await, 12);
        assert_eq!(ask_all(0x300..0x400).await, 12);
        assert_eq!(ask_all(0x400..0x500).await, 0, "a /48 has sixteen times the budget of a /64");
        assert_eq!(ask(&app, "2001:db8:2::1").await, 200);
        assert_eq!(ask(&app, "198.51.100.1").await, 200);
        assert_eq!(ask(&app, "198.51.100.2").await, 200);
    }

    async fn forwarded_addresses_from_the_client_are_ignored(backend) {
        let app = TestApp::start_with(backend, limited()).await;
        // The trusted proxy appended the last entry; the client can forge those before it.
        for forged in ["203.0.113.1", "203.0.113.2", "x"] {
            assert_eq!(ask(&app, &format!("{forged}, 198.51.100.1")).await, 200);
        }
        assert_eq!(ask(&app, "203.0.113.4, 198.51.100.1").await, 429);
    }

    async fn request_succeeds_after_the_reported_retry_time(backend) {
        let app = TestApp::start_with(backend, limited()).await;
        while ask(&app, "198.51.100.1").await == 200 {}
        app.advance(Duration::seconds(19));
        assert_eq!(ask(&app, "198.51.100.1").await, 429);
        app.advance(Duration::seconds(1));
        assert_eq!(ask(&app, "198.51.100.1").await, 200);
    }

    async fn rate_limit_is_checked_before_validation(backend) {
        let app = TestApp::start_with(backend, limited()).await;
        while ask(&app, "198.51.100.1").await == 200 {}
        let call = app.post("/v1/auth/forgot-password").from("198.51.100.1");
        call.body("application/json", "{").send().await.error(429, "RATE_LIMIT_EXCEEDED");
    }
}

async fn refresh(app: &TestApp, token: &str) -> u16 {
    let body = json!({ "refresh_token": token, "org_id": null });
    app.post("/v1/auth/refresh").json(&body).from("198.51.100.1").send().await.status
}

/// Signs in, and returns the device token.
async fn device_of(app: &TestApp, name: &str) -> String {
    let signed_in = app.login(name, PASSWORD).await;
    signed_in.header("device-token").to_owned()
}

async fn me(app: &TestApp, token: &str) -> u16 {
    app.get("/v1/auth/me").bearer(token).from("198.51.100.1").send().await.status
}

on_both! {
    async fn refresh_succeeds_after_others_used_up_the_budget_of_the_network(backend) {
        let options = Options { rate_limits_refresh_per_minute: Some(3), ..limited() };
        let app = TestApp::start_with(backend, options).await;
        let ann = app.register("ann").await;
        let forged = format!("{}x", &ann.refresh[..ann.refresh.len() - 1]);
        while refresh(&app, &forged).await != 429 {}
        let mut token = ann.refresh;
        for _ in 0..3 {
            let body = json!({ "refresh_token": token });
            let call = app.post("/v1/auth/refresh").json(&body).from("198.51.100.1");
            token = call.send().await.text("refresh_token").to_owned();
        }
        // The session's own budget has the same size.
        assert_eq!(refresh(&app, &token).await, 429);
        assert_eq!(refresh(&app, &forged).await, 429);
        app.advance(Duration::seconds(20));
        assert_eq!(refresh(&app, &forged).await, 401);
        assert_eq!(refresh(&app, &token).await, 200);
    }

    async fn session_is_served_after_others_used_up_the_budget_of_the_network(backend) {
        let options = Options { rate_limits_default_per_minute: Some(3), ..limited() };
        let app = TestApp::start_with(backend, options).await;
        let ann = app.register("ann").await;
        let forged = format!("{}x", &ann.access[..ann.access.len() - 1]);
        let browser = Browser::signed_in(&app, "ann").await;
        while me(&app, &forged).await != 429 {}
        assert_eq!(me(&app, &ann.access).await, 200);
        let from = [("x-forwarded-for", "198.51.100.1")];
        browser.get_with(&from, "/account").await.shown(200);
        Browser::new(&app).get_with(&from, "/account").await.shown(429);
    }

    async fn known_device_signs_in_after_others_used_up_the_budget_of_the_network(backend) {
        let options = Options { rate_limits_login_per_minute: Some(3), ..limited() };
        let app = TestApp::start_with(backend, options).await;
        app.register("ann").await;
        app.register("bob").await;
        let (ann, bob) = (device_of(&app, "ann").await, device_of(&app, "bob").await);
        let browser = Browser::signed_in(&app, "ann").await;
        browser.lose("doorward-session");
        browser.lose("doorward-access");
        let sign_in = async |name: &str, password: &str, device: &str| {
            let body = json!({ "username": name, "password": password });
            let call = app.post("/v1/auth/login").json(&body).from("198.51.100.1");
            call.header("device-token", device).send().await.status
        };
        while sign_in("bob", "wrong", "").await != 429 {}
        let from = [("x-forwarded-for", "198.51.100.1"), ("sec-fetch-site", "same-origin")];
        let fields = [("username", "ann"), ("password", PASSWORD)];
        browser.submit_from(&from, "/sign-in", &fields).await.redirects_to("/account");
        assert_eq!(sign_in("ann", PASSWORD, &ann).await, 200);
        // A device signs in to its own account only, and has a budget of the same size.
        assert_eq!(sign_in("ann", PASSWORD, &bob).await, 429);
        assert_eq!(sign_in("unknown", "wrong", &bob).await, 429);
        assert_eq!(sign_in("bob", PASSWORD, &bob).await, 200);
        assert_eq!(sign_in("bob", PASSWORD, &bob).await, 429);
        assert_eq!(sign_in("ann", PASSWORD, &ann).await, 200);
    }

    // Each sign-in gives the account another device.
    async fn devices_of_an_account_share_a_limit_after_that_of_the_network_is_used_up(backend) {
        let options = Options { rate_limits_login_per_minute: Some(20), ..limited() };
        let app = TestApp::start_with(backend, options).await;
        app.register("ann").await;
        let sign_in = async |device: &str| {
            let body = json!({ "username": "ann", "password": PASSWORD });
            let call = app.post("/v1/auth/login").json(&body).from("198.51.100.1");
            call.header("device-token", device).send().await
        };
        let mut devices = Vec::new();
        for _ in 0..20 {
            devices.push(sign_in("").await.header("device-token").to_owned());
        }
        let mut statuses = Vec::new();
        for device in &devices {
            statuses.push(sign_in(device).await.status);
        }
        assert_eq!(statuses, [vec![200; 10], vec![429; 10]].concat());
    }

    async fn known_device_sees_pages_after_others_used_up_the_budget_of_the_network(backend) {
        let options = Options { rate_limits_default_per_minute: Some(3), ..limited() };
        let app = TestApp::start_with(backend, options).await;
        app.register("ann").await;
        let browser = Browser::signed_in(&app, "ann").await;
        browser.lose("doorward-session");
        browser.lose("doorward-access");
        while me(&app, "none").await != 429 {}
        let from = [("x-forwarded-for", "198.51.100.1")];
        browser.get_with(&from, "/sign-in").await.shown(200);
        Browser::new(&app).get_with(&from, "/sign-in").await.shown(429);
    }

    async fn passwords_on_the_verification_page_count_as_sign_ins_of_the_network(backend) {
        let options = Options { rate_limits_login_per_minute: Some(3), ..limited() };
        let app = TestApp::start_with(backend, options).await;
        app.register("ann").await;
        let token = app.mail().await.token();
        let from = [("x-forwarded-for", "198.51.100.1"), ("sec-fetch-site", "same-origin")];
        let mut statuses = Vec::new();
        for _ in 0..5 {
            let fields = [("token", token.as_str()), ("current_password", "wrong horse battery")];
            let browser = Browser::new(&app);
            statuses.push(browser.submit_from(&from, "/verify-email", &fields).await.status);
        }
        assert_eq!(statuses, [422, 422, 422, 429, 429]);
    }

    // Otherwise, each new session would bring a limit of its own, and one client could store any number of rows.
    async fn renewals_of_sessions_are_limited_per_account(backend) {
        let app = TestApp::start_with(backend, limited()).await;
        app.register("ann").await;
        let browser = Browser::signed_in(&app, "ann").await;
        let mut statuses = Vec::new();
        for _ in 0..12 {
            statuses.push(browser.submit("/account/sessions/others", &[]).await.status);
        }
        assert_eq!(statuses, [vec![303; 10], vec![429; 2]].concat());
    }

    async fn emailed_link_is_used_after_others_used_up_the_budget_of_the_network(backend) {
        let options = Options { rate_limits_default_per_minute: Some(3), ..limited() };
        let app = TestApp::start_with(backend, options).await;
        app.register("ann").await;
        let verification = app.mail().await.token();
        assert_eq!(ask(&app, "198.51.100.2").await, 200);
        let token = app.messages().await.pop().unwrap().token();
        while me(&app, "none").await != 429 {}
        let from = [("x-forwarded-for", "198.51.100.1"), ("sec-fetch-site", "same-origin")];
        let path = format!("/reset-password?token={token}");
        let browser = Browser::new(&app);
        browser.get_with(&from, &path).await.shown(200);
        browser.get_with(&from, &format!("{path}x")).await.shown(429);
        let fields = [("token", token.as_str()), ("new_password", "password")];
        browser.submit_from(&from, "/reset-password", &fields).await.shown(422);
        let post = async |path: &str, body| {
            app.post(path).json(&body).from("198.51.100.1").send().await.status
        };
        let body = json!({ "token": token, "new_password": "another horse battery" });
        assert_eq!(post("/v1/auth/reset-password", body).await, 200);
        assert_eq!(post("/v1/auth/verify-email", json!({ "token": "dwv_forged" })).await, 429);
        assert_eq!(post("/v1/auth/verify-email", json!({ "token": verification })).await, 200);
    }

    async fn session_has_no_separate_budget_for_passwords_and_email(backend) {
        let options = Options { rate_limits_login_per_minute: Some(3), ..limited() };
        let app = TestApp::start_with(backend, options).await;
        let ann = app.register("ann").await;
        for (path, body) in [
            ("/v1/auth/login", json!({ "username": "bob", "password": "wrong" })),
            ("/v1/auth/forgot-password", json!({ "email": "bob@example.com" })),
        ] {
            let mut last = 0;
            for _ in 0..4 {
                let call = app.post(path).json(&body).bearer(&ann.access).from("198.51.100.1");
                last = call.send().await.status;
            }
            assert_eq!(last, 429, "{path}");
        }
    }
}

/// Options of servers that share their counters, with or without a shared database.
fn counted_in(redis: &TestRedis) -> Options {
    Options {
        rate_limits_login_per_minute: Some(4),
        redis_url: Some(redis.url().parse().unwrap()),
        master_key: Some("one secret for all of the servers".parse().unwrap()),
        ..limited()
    }
}

#[test]
#[ignore = "needs Redis: scripts/test.sh runs it"]
fn servers_sharing_redis_count_sign_ins_together() {
    run(Backend::Sqlite, |backend| async move {
        let redis = TestRedis::start().await;
        let one = TestApp::start_with(backend, counted_in(&redis)).await;
        let two = TestApp::start_with(backend, counted_in(&redis)).await;
        let body = json!({ "username": "unknown", "password": "wrong" });
        let mut statuses = Vec::new();
        for app in [&one, &two, &one, &two, &one, &two] {
            let call = app.post("/v1/auth/login").json(&body).from("198.51.100.1");
            statuses.push(call.send().await.status);
        }
        assert_eq!(statuses, [401, 401, 401, 401, 429, 429]);
    });
}
