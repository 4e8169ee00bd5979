//! Traces, as a collector gets them from the binary.

use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind};
use reqwest::{Client, StatusCode};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{Backend, Collector, Running, attribute, doorward, on_both, run};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

/// Registers somebody, with these headers, and answers with which status.
async fn register(url: &str, headers: &[(&str, &str)]) -> StatusCode {
    let body = json!({ "email": "ann@example.com", "username": "ann", "password": "correct horse battery" });
    let call = Client::new().post(format!("{url}/v1/auth/register")).json(&body);
    let call = headers.iter().fold(call, |call, (name, value)| call.header(*name, *value));
    call.send().await.unwrap().status()
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn named<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let found = spans.iter().find(|span| span.name == name);
    found.unwrap_or_else(|| panic!("no {name} in {spans:#?}"))
}

/// The spans of a server that was given these variables and got one request, with these headers.
async fn traced(variables: &[(&str, &str)], headers: &[(&str, &str)]) -> Vec<Span> {
    let (collector, folder) = (Collector::start(), TempDir::new().unwrap());
    let mut command = doorward(folder.path());
    command.env("DOORWARD_OTLP_ENDPOINT", &collector.url);
    command.envs(variables.iter().copied());
    let running = Running::start(command);
    assert_eq!(register(&running.url, headers).await, StatusCode::OK);
    // What has not been sent is sent when it stops.
    tokio::task::spawn_blocking(|| running.stop()).await.unwrap();
    collector.taken().0
}

on_both! {
    async fn a_request_is_a_trace_of_its_use_case_its_statements_and_its_hash(backend) {
        let database = backend.database().await;
        let variables = [("DOORWARD_DATABASE_URL", database.url_text())];
        let spans = traced(&variables, &[("x-request-id", "request-7")]).await;
        let request = named(&spans, "POST /v1/auth/register");
        assert_eq!(request.kind(), SpanKind::Server);
        for (name, expected) in [
            ("request_id", "request-7"),
            ("http.request.method", "POST"),
            ("http.route", "/v1/auth/register"),
            ("http.response.status_code", "200"),
        ] {
            assert_eq!(attribute(request, name).as_deref(), Some(expected), "{name}");
        }
        let case = named(&spans, "register");
        assert_eq!(case.parent_span_id, request.span_id);
        for (name, parent) in [("hash queue", case), ("hash", case), ("sql", case)] {
            let child = named(&spans, name);
            assert_eq!(hex(&child.parent_span_id), hex(&parent.span_id), "{name}");
            assert_eq!(child.trace_id, request.trace_id, "{name}");
            assert!(child.end_time_unix_nano <= request.end_time_unix_nano, "{name}");
        }
        let statements = spans.iter().filter(|span| span.name == "sql");
        let statements = statements.filter(|span| span.trace_id == request.trace_id);
        let statements: Vec<_> = statements
            .map(|span| (attribute(span, "db.operation.name").unwrap(), attribute(span, "db.collection.name")))
            .collect();
        for (kind, table) in [("BEGIN", None), ("write", Some("users")), ("write", Some("sessions")), ("COMMIT", None)] {
            let expected = (kind.to_owned(), table.map(str::to_owned));
            assert!(statements.contains(&expected), "{expected:?} is not in {statements:?}");
        }
        // Workers that find nothing to do begin no trace.
        for span in spans.iter().filter(|span| span.parent_span_id.is_empty()) {
            assert!(matches!(span.kind(), SpanKind::Server | SpanKind::Producer), "{span:?}");
        }
    }
}

#[test]
fn a_trace_goes_on_where_a_trusted_proxy_began_it_and_nowhere_else() {
    run(Backend::Sqlite, |_| async {
        let sampled = format!("00-{TRACE}-{PARENT}-01");
        let headers = [("traceparent", sampled.as_str())];
        let trusting = [("DOORWARD_TRUSTED_PROXIES", "127.0.0.0/8")];
        let spans = traced(&trusting, &headers).await;
        let request = named(&spans, "POST /v1/auth/register");
        assert_eq!(
            (hex(&request.trace_id), hex(&request.parent_span_id)),
            (TRACE.into(), PARENT.into())
        );

        let spans = traced(&[], &headers).await;
        let request = named(&spans, "POST /v1/auth/register");
        assert!(
            request.parent_span_id.is_empty() && hex(&request.trace_id) != TRACE,
            "{request:?}"
        );
        assert!(request.links.is_empty(), "{request:?}");
    });
}

#[test]
fn strangers_have_nothing_traced_that_would_not_be() {
    run(Backend::Sqlite, |_| async {
        let sampled = format!("00-{TRACE}-{PARENT}-01");
        let none = [("DOORWARD_OTLP_SAMPLE_RATIO", "0")];
        assert_eq!(traced(&none, &[("traceparent", sampled.as_str())]).await, []);
    });
}

#[test]
fn nothing_is_sent_unless_it_is_configured() {
    run(Backend::Sqlite, |_| async {
        let (collector, folder) = (Collector::start(), TempDir::new().unwrap());
        let mut command = doorward(folder.path());
        // What OpenTelemetry's own libraries listen to.
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url);
        let running = Running::start(command);
        assert_eq!(register(&running.url, &[]).await, StatusCode::OK);
        tokio::task::spawn_blocking(|| running.stop()).await.unwrap();
        assert_eq!(collector.taken().0, []);
    });
}

#[test]
fn a_collector_that_is_away_holds_up_nothing_and_is_told_of_once() {
    run(Backend::Sqlite, |_| async {
        let folder = TempDir::new().unwrap();
        let mut command = doorward(folder.path());
        // Nobody listens on the port of tcpmux.
        command.env("DOORWARD_OTLP_ENDPOINT", "http://127.0.0.1:1");
        // A batch for each request.
        command.env("OTEL_BSP_SCHEDULE_DELAY", "1").env("DOORWARD_LIMITS_ENABLED", "false");
        let running = Running::start(command);
        for _ in 0..200 {
            let answer = reqwest::get(format!("{}/v1/auth/config", running.url)).await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
        }
        let stopping = Instant::now();
        let log = tokio::task::spawn_blocking(|| running.stop()).await.unwrap();
        assert!(stopping.elapsed() < Duration::from_secs(20), "{:?}", stopping.elapsed());
        assert_eq!(log.matches("the collector takes no traces").count(), 1, "{log}");
    });
}

#[test]
fn a_collector_that_is_none_is_named() {
    for (name, value) in [
        ("DOORWARD_OTLP_ENDPOINT", "collector:4318"),
        ("DOORWARD_OTLP_ENDPOINT", "http://ann:hunter2@collector:4318"),
        ("DOORWARD_OTLP_SAMPLE_RATIO", "1.5"),
        ("DOORWARD_OTLP_SAMPLE_RATIO", "NaN"),
    ] {
        let folder = TempDir::new().unwrap();
        let error = crate::support::refused(doorward(folder.path()).env(name, value));
        let key = name.trim_start_matches("DOORWARD_").to_lowercase();
        assert!(error.contains(&key) && !error.contains("hunter2"), "{value}: {error}");
    }
}
