//! The OpenAPI document and Swagger UI.

use doorward_server::{config::Options, openapi};
use serde_json::{Value, json};

use crate::support::{TestApp, document, on_both, operations};

#[test]
fn committed_openapi_document_is_up_to_date() {
    let committed = include_str!("../../../../docs/reference/openapi.json");
    assert!(
        committed == openapi::json().unwrap(),
        "docs/reference/openapi.json differs: run scripts/api.sh, and commit"
    );
}

/// Returns `true` if the first published reference has an operation.
fn is_published(name: &str) -> bool {
    let later = ["/sessions", "/events", "/accept-invite", "/v1/orgs"];
    name.contains(" /v1/") && !later.iter().any(|part| name.contains(part))
}

#[test]
fn every_status_of_the_published_reference_is_listed() {
    for name in operations().iter().filter(|name| is_published(name)) {
        let (method, path) = name.split_once(' ').unwrap();
        let responses = &document()["paths"][path][method.to_lowercase()]["responses"];
        for status in ["200", "401", "403", "422", "429", "500"] {
            let published = status != "422" || path != "/v1/auth/config";
            assert_eq!(responses[status].is_object(), published, "{name} {status}");
        }
    }
}

#[test]
fn every_schema_is_referenced_and_every_reference_resolves() {
    let text = document().to_string();
    let schemas = document()["components"]["schemas"].as_object().unwrap();
    for name in schemas.keys() {
        let reference = format!("\"#/components/schemas/{name}\"");
        assert!(text.contains(&reference), "nothing refers to {name}");
    }
    for (at, _) in text.match_indices("\"#/components/schemas/") {
        let name = text[at..].trim_matches('"').split('"').next().unwrap();
        let name = name.rsplit('/').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
    }
}

on_both! {
    async fn openapi_document_is_served(backend) {
        let app = TestApp::start(backend).await;
        let served = app.get("/openapi.json").send().await;
        assert_eq!(served.header("cache-control"), "public, max-age=300");
        assert_eq!(served.ok(), serde_json::from_str::<Value>(&openapi::json().unwrap()).unwrap());
    }

    async fn served_openapi_document_has_the_path_of_the_public_url(backend) {
        for (public_url, server) in [
            ("https://example.com/auth", "/auth"),
            ("https://example.com/a/b/", "/a/b"),
            ("https://auth.example.com", "/"),
            ("https://auth.example.com/", "/"),
        ] {
            let options = Options { public_url: Some(public_url.to_owned()), ..Options::default() };
            let app = TestApp::start_with(backend, options).await;
            let document = app.get("/openapi.json").send().await.ok();
            assert_eq!(document["servers"], json!([{ "url": server }]), "{public_url}");
        }
    }

    async fn swagger_ui_loads_nothing_from_other_origins(backend) {
        let app = TestApp::start(backend).await;
        // `/docs` redirects to the folder that the links are relative to.
        let page = app.get("/docs").send().await;
        let policy = page.header("content-security-policy").to_owned();
        assert!(policy.contains("script-src 'self';"), "{policy}");
        assert!(page.header("content-type").starts_with("text/html"));
        let page = page.ok().as_str().unwrap().to_owned();
        assert!(!page.contains("//"), "{page}");
        assert!(!page.contains("<script>"), "{page}");
        let links = page.split(['"', '\'']).filter_map(|link| link.strip_prefix("./"));
        let links: Vec<&str> = links.collect();
        assert!(links.len() >= 5, "{page}");
        for link in links {
            assert_eq!(app.get(&format!("/docs/{link}")).send().await.status, 200, "{link}");
        }
        let settings = app.get("/docs/swagger-initializer.js").send().await.ok();
        let settings = settings.as_str().unwrap().to_owned();
        assert!(settings.contains("../openapi.json") && !settings.contains("://"), "{settings}");
        app.get("/docs/nothing.js").send().await.error(404, "NOT_FOUND");
    }

    async fn disabled_api_docs_return_404(backend) {
        let options = Options { api_docs_enabled: Some(false), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        for path in ["/openapi.json", "/docs", "/docs/", "/docs/swagger-initializer.js"] {
            app.get(path).send().await.error(404, "NOT_FOUND");
        }
    }
}
