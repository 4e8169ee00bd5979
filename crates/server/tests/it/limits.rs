//! Who is counted, and as whom.

use doorward_server::config::Options;
use doorward_testing::TestRedis;
use futures::future::join_all;
use serde_json::json;
use time::Duration;

use crate::support::{Backend, TestApp, on_both, run};

fn limited() -> Options {
    Options { limits_enabled: Some(true), limit_mail: Some(3), ..Options::default() }
}

async fn ask(app: &TestApp, address: &str) -> u16 {
    let body = json!({ "email": "ann@example.com" });
    app.post("/v1/auth/forgot-password").json(&body).from(address).send().await.status
}

on_both! {
    async fn a_limit_holds_for_requests_at_the_same_moment(backend) {
        let app = TestApp::start_with(backend, limited()).await;
        let statuses = join_all((0..20).map(|_| ask(&app, "198.51.100.1"))).await;
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 3);
    }

    async fn addresses_are_counted_apart_and_ipv6_by_its_network(backend) {
        let app = TestApp::start_with(backend, limited()).await;
        for host in 1..=3 {
            assert_eq!(ask(&app, &format!("2001:db8:1:2::{host}")).await, 200);
        }
        assert_eq!(ask(&app, "2001:db8:1:2:ffff::1").await, 429);
        assert_eq!(ask(&app, "2001:db8:1:3::1").await, 200);
        assert_eq!(ask(&app, "198.51.100.1").await, 200);
    }

    async fn ipv6_subscriber_with_many_networks_has_the_larger_budget_of_a_wider_one(backend) {
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
        assert_eq!(ask_all(0..10).await, 12, "a /56 has four times as much as a /64");
        assert_eq!(ask_all(0x100..0x110).await, 12);
        assert_eq!(ask_all(0x200..0x300).await, 12);
        assert_eq!(ask_all(0x300..0x400).await, 12);
        assert_eq!(ask_all(0x400..0x500).await, 0, "and a /48 sixteen times as much");
        assert_eq!(ask(&app, "2001:db8:2::1").await, 200);
        assert_eq!(ask(&app, "198.51.100.1").await, 200);
        assert_eq!(ask(&app, "198.51.100.2").await, 200);
    }

    async fn what_a_client_says_of_itself_does_not_count(backend) {
        let app = TestApp::start_with(backend, limited()).await;
        // The last hop is what the trusted proxy saw; what stands before it is the client's own.
        for forged in ["203.0.113.1", "203.0.113.2", "x"] {
            assert_eq!(ask(&app, &format!("{forged}, 198.51.100.1")).await, 200);
        }
        assert_eq!(ask(&app, "203.0.113.4, 198.51.100.1").await, 429);
    }

    async fn the_time_that_is_told_is_honest(backend) {
        let app = TestApp::start_with(backend, limited()).await;
        while ask(&app, "198.51.100.1").await == 200 {}
        app.advance(Duration::seconds(19));
        assert_eq!(ask(&app, "198.51.100.1").await, 429);
        app.advance(Duration::seconds(1));
        assert_eq!(ask(&app, "198.51.100.1").await, 200);
    }

    async fn a_limit_is_judged_before_anything_else(backend) {
        let app = TestApp::start_with(backend, limited()).await;
        while ask(&app, "198.51.100.1").await == 200 {}
        let call = app.post("/v1/auth/forgot-password").from("198.51.100.1");
        call.body("application/json", "{").send().await.error(429, "RATE_LIMIT_EXCEEDED");
    }
}

/// Servers with these options count together, whatever else they share.
fn counted_in(redis: &TestRedis) -> Options {
    Options {
        limit_login: Some(4),
        redis_url: Some(redis.url().parse().unwrap()),
        secret: Some("one secret for all of the servers".parse().unwrap()),
        ..limited()
    }
}

#[test]
#[ignore = "needs Redis: scripts/test.sh runs it"]
fn servers_with_one_redis_count_sign_ins_together() {
    run(Backend::Sqlite, |backend| async move {
        let redis = TestRedis::start().await;
        let one = TestApp::start_with(backend, counted_in(&redis)).await;
        let two = TestApp::start_with(backend, counted_in(&redis)).await;
        let body = json!({ "username": "nobody", "password": "wrong" });
        let mut statuses = Vec::new();
        for app in [&one, &two, &one, &two, &one, &two] {
            let call = app.post("/v1/auth/login").json(&body).from("198.51.100.1");
            statuses.push(call.send().await.status);
        }
        assert_eq!(statuses, [401, 401, 401, 401, 429, 429]);
    });
}
