//! The metrics endpoint.

use std::net::TcpListener;

use doorward_domain::mail::MailLane;
use doorward_server::{config::Options, routes::ENDPOINTS, serve};
use time::Duration;

use crate::support::{Backend, Fault, PASSWORD, TestApp, on_both};

pub(crate) async fn metrics(app: &TestApp) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/metrics", listener.local_addr().unwrap());
    let server = serve::http::metrics_server(&app.state, listener).unwrap();
    let handle = server.handle();
    tokio::spawn(server);
    let answer = reqwest::get(url).await.unwrap();
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let text = answer.text().await.unwrap();
    handle.stop(true).await;
    text
}

on_both! {
    async fn requests_limits_and_the_hashing_queue_are_counted(backend) {
        let options = Options { rate_limits_enabled: Some(true), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        let ann = app.register("ann").await;
        for _ in 0..3 {
            app.me(&ann.access).await.ok();
        }
        for _ in 0..22 {
            app.login("ann", PASSWORD).await;
        }
        app.get("/v1/auth/sessions/whatever/it/is").send().await;
        app.call("BREW".parse().unwrap(), "/v1/auth/me").send().await;
        let text = metrics(&app).await;
        for line in [
            "doorward_http_requests_total{method=\"GET\",route=\"/v1/auth/me\",status=\"200\"} 3",
            "doorward_http_requests_total{method=\"POST\",route=\"/v1/auth/login\",status=\"429\"} 2",
            "doorward_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 1",
            "doorward_http_requests_total{method=\"other\",route=\"/v1/auth/me\",status=\"405\"} 1",
            "doorward_http_request_duration_seconds_count{method=\"GET\",route=\"/v1/auth/me\"} 3",
            "doorward_rate_limit_decisions_total{limit=\"login\",outcome=\"allowed\"} 20",
            "doorward_rate_limit_decisions_total{limit=\"login\",outcome=\"denied\"} 2",
            "doorward_password_hash_queue_depth 0",
            "doorward_password_hash_in_flight 0",
            // One registration and twenty sign-ins.
            "doorward_password_hash_duration_seconds_count 21",
            "doorward_password_hash_wait_seconds_count 21",
            "doorward_password_hash_rejected_total{reason=\"queue_full\"} 0",
            concat!("doorward_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
        assert!(!text.contains("127.0.0.1") && !text.contains("ann"), "{text}");
        app.get("/metrics").send().await.error(404, "NOT_FOUND");
    }

    async fn connection_pool_metrics_report_usage_and_maximum(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        let pools: &[_] = match backend {
            Backend::Sqlite => &[("readers", 8), ("writer", 1)],
            Backend::Postgres => &[("connections", 8)],
        };
        let writer = pools.last().unwrap().0;
        // The unit of work holds a connection.
        let work = app.state.ports.storage.begin().await.unwrap();
        let text = metrics(&app).await;
        for (pool, most) in pools {
            let line = format!("doorward_database_connections_max{{pool=\"{pool}\"}} {most}\n");
            assert!(text.contains(&line), "{line}{text}");
        }
        for line in [
            format!("doorward_database_connections{{pool=\"{writer}\",state=\"in_use\"}} 1\n"),
            format!("doorward_database_connections_pending{{pool=\"{writer}\"}} 0\n"),
            format!("doorward_database_connection_timeouts_total{{pool=\"{writer}\"}} 0\n"),
        ] {
            assert!(text.contains(&line), "{line}{text}");
        }
        drop(work);
        let text = metrics(&app).await;
        let idle = format!("doorward_database_connections{{pool=\"{writer}\",state=\"in_use\"}} 0\n");
        assert!(text.contains(&idle), "{text}");
    }

    async fn signing_key_metrics_report_age_and_time_until_rotation(backend) {
        let app = TestApp::start(backend).await;
        app.advance(Duration::days(91));
        let text = metrics(&app).await;
        for line in ["doorward_signing_key_age_seconds 7862400.0\n", "doorward_signing_key_until_rotation_seconds -86400.0\n"] {
            assert!(text.contains(line), "{line}{text}");
        }
    }

    async fn every_route_is_counted_by_its_pattern(backend) {
        let app = TestApp::start(backend).await;
        let others = ["/healthz", "/readyz", "/.well-known/jwks.json", "/docs", "/sign-in", "/account", "/assets/{name}"];
        let routes = ENDPOINTS.iter().map(|endpoint| (endpoint.method.as_str(), endpoint.path));
        let routes: Vec<_> = routes.chain(others.map(|path| ("GET", path))).collect();
        for (method, path) in &routes {
            app.call(method.parse().unwrap(), &path.replace(['{', '}'], "x")).send().await;
        }
        let text = metrics(&app).await;
        for (method, path) in routes {
            let line = format!("doorward_http_requests_total{{method=\"{method}\",route=\"{path}\",");
            assert!(text.contains(&line), "{line}\n{text}");
        }
        assert!(!text.contains("route=\"none\""), "{text}");
    }

    async fn outbox_metrics_report_pending_emails_and_their_age(backend) {
        let app = TestApp::start(backend).await;
        let mails = async || {
            let text = metrics(&app).await;
            let lines = text.lines().filter(|line| line.starts_with("doorward_outbox_"));
            let found: Vec<_> = lines.map(|line| line.rsplit_once(' ').unwrap().1.to_owned()).collect();
            for name in ["doorward_outbox_pending ", "doorward_outbox_oldest_pending_seconds ", "doorward_outbox_failed "] {
                assert_eq!(text.matches(&format!("\n{name}")).count(), 1, "{text}");
            }
            assert!(text.ends_with("# EOF\n") && text.matches("# EOF").count() == 1, "{text}");
            assert!(!text.contains("ann"), "{text}");
            found
        };
        assert_eq!(mails().await, ["0", "0.0", "0"]);
        app.register("ann").await;
        app.advance(Duration::seconds(90));
        app.register("bob").await;
        assert_eq!(mails().await, ["2", "90.0", "0"]);
        let ports = &app.state.ports;
        let mut repositories = ports.storage.connect().await.unwrap();
        let outbox = repositories.outbox();
        let oldest = outbox.lease(MailLane::Account, 1, ports.clock.now(), ports.clock.now()).await;
        let oldest = oldest.unwrap().remove(0);
        outbox.mark_failed(oldest.id, ports.clock.now(), "550 no such box").await.unwrap();
        drop(repositories);
        assert_eq!(mails().await, ["1", "0.0", "1"]);
        app.messages().await;
        assert_eq!(mails().await, ["0", "0.0", "1"]);
    }

    async fn unavailable_database_omits_only_the_outbox_metrics(backend) {
        let app = TestApp::start(backend).await;
        app.get("/v1/auth/config").send().await.ok();
        for fault in [Fault::DatabaseAway, Fault::DatabaseBroken] {
            app.faults.set(fault);
            let text = metrics(&app).await;
            assert!(!text.contains("doorward_mails"), "{text}");
            assert!(text.contains("\ndoorward_password_hash_queue_depth 0\n") && text.ends_with("# EOF\n"), "{text}");
        }
    }
}
