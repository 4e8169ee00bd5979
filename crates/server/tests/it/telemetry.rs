//! Traces that the binary exports to a collector.

use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind};
use reqwest::{Client, StatusCode};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{Backend, Collector, Running, attribute, doorward, on_both, run};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

/// Registers a user with these headers, and returns the status.
async fn register(url: &str, headers: &[(&str, &str)]) -> StatusCode {
    let body = json!({ "email": "ann@example.com", "username": "ann", "password": "correct horse battery" });
    let call = Client::new().post(format!("{url}/v1/auth/register")).json(&body);
    let call = headers.iter().fold(call, |call, (name, value)| call.header(*name, *value));
    call.send().await.unwrap().status()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn named<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let found = spans.iter().find(|span| span.name == name);
    found.unwrap_or_else(|| panic!("no {name} in {spans:#?}"))
}

/// Returns the spans of a server with these variables that gets one request with these headers.
async fn traced(variables: &[(&str, &str)], headers: &[(&str, &str)]) -> Vec<Span> {
    let (collector, folder) = (Collector::start(), TempDir::new().unwrap());
    let mut command = doorward(folder.path());
    command.env("DOORWARD_OTLP_ENDPOINT", &collector.url);
    command.envs(variables.iter().copied());
    let running = Running::start(command);
    assert_eq!(register(&running.url, headers).await, StatusCode::OK);
    // The server sends the remaining spans when it stops.
    tokio::task::spawn_blocking(|| running.stop()).await.unwrap();
    collector.taken().0
}

on_both! {
    async fn trace_of_a_request_has_spans_of_use_case_statements_and_hash(backend) {
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
        for (name, parent) in [("password_hash.queue", case), ("password_hash.compute", case), ("sql", case)] {
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
        // Idle workers start no trace.
        for span in spans.iter().filter(|span| span.parent_span_id.is_empty()) {
            assert!(matches!(span.kind(), SpanKind::Server | SpanKind::Producer), "{span:?}");
        }
    }
}

#[test]
fn trace_is_continued_only_from_a_trusted_proxy() {
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
fn sampled_flag_of_an_untrusted_client_is_ignored() {
    run(Backend::Sqlite, |_| async {
        let sampled = format!("00-{TRACE}-{PARENT}-01");
        let none = [("DOORWARD_OTLP_SAMPLE_RATIO", "0")];
        assert_eq!(traced(&none, &[("traceparent", sampled.as_str())]).await, []);
    });
}

#[test]
fn traces_are_exported_only_if_configured() {
    run(Backend::Sqlite, |_| async {
        let (collector, folder) = (Collector::start(), TempDir::new().unwrap());
        let mut command = doorward(folder.path());
        // The variable that OpenTelemetry's own libraries read.
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url);
        let running = Running::start(command);
        assert_eq!(register(&running.url, &[]).await, StatusCode::OK);
        tokio::task::spawn_blocking(|| running.stop()).await.unwrap();
        assert_eq!(collector.taken().0, []);
    });
}

#[test]
fn unreachable_collector_delays_nothing_and_is_reported_once() {
    run(Backend::Sqlite, |_| async {
        let folder = TempDir::new().unwrap();
        let mut command = doorward(folder.path());
        // No program listens on port 1 (tcpmux).
        command.env("DOORWARD_OTLP_ENDPOINT", "http://127.0.0.1:1");
        // Export a batch for each request.
        command.env("OTEL_BSP_SCHEDULE_DELAY", "1").env("DOORWARD_RATE_LIMITS_ENABLED", "false");
        let running = Running::start(command);
        for _ in 0..200 {
            let answer = reqwest::get(format!("{}/v1/auth/config", running.url)).await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
        }
        let stopping = Instant::now();
        let log = tokio::task::spawn_blocking(|| running.stop()).await.unwrap();
        assert!(stopping.elapsed() < Duration::from_secs(20), "{:?}", stopping.elapsed());
        assert_eq!(log.matches("trace export failing").count(), 1, "{log}");
    });
}

#[test]
fn invalid_trace_configuration_is_reported_with_its_key() {
    for (name, value) in [
        ("DOORWARD_OTLP_ENDPOINT", "collector:4318"),
        ("DOORWARD_OTLP_ENDPOINT", "http://ann:hunter2@collector:4318"),
        ("DOORWARD_OTLP_SAMPLE_RATIO", "1.5"),
        ("DOORWARD_OTLP_SAMPLE_RATIO", "NaN"),
    ] {
        let folder = TempDir::new().unwrap();
        let error = crate::support::refused(doorward(folder.path()).env(name, value));
        assert!(error.contains(name) && !error.contains("hunter2"), "{value}: {error}");
    }
}
