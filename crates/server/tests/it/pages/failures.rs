//! Pages when something is wrong with the server or with the request.

use doorward_server::config::Options;

use crate::support::{Browser, Fault, PASSWORD, TestApp, on_both};

/// The `Accept` header of Chromium when a URL is opened.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,\
                       application/signed-exchange;v=b3;q=0.7";

on_both! {
    async fn unavailable_database_is_reported_at_the_form(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        app.faults.set(Fault::DatabaseAway);
        let page = browser.sign_in("ada", PASSWORD).await.shown(503);
        assert_eq!(page.header("retry-after"), "2");
        page.says("The service is busy right now. Please try again in 2 seconds.").says("data-wait=\"2\"")
            .says("value=\"ada\"").omits(PASSWORD);
        app.faults.set(Fault::Nothing);
        browser.sign_in("ada", PASSWORD).await.redirects_to("/account");
        app.faults.set(Fault::DatabaseAway);
        let page = browser.get("/account").await.shown(503);
        assert_eq!(page.header("retry-after"), "2");
        page.says("Temporarily unavailable");
        // The outage has not signed the user out.
        app.faults.set(Fault::Nothing);
        browser.get("/account").await.shown(200);
    }

    async fn browser_session_survives_a_database_outage(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        browser.lose("doorward-access");
        app.faults.set(Fault::DatabaseAway);
        browser.get("/account").await.shown(503);
        app.faults.set(Fault::Nothing);
        browser.get("/account").await.shown(200);
    }

    async fn internal_error_page_shows_only_the_request_id(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        app.faults.set(Fault::DatabaseBroken);
        let page = browser.get("/account").await.shown(500).says("Something went wrong");
        let id = page.header("x-request-id").to_owned();
        page.says(&id).omits("injected fault");
    }

    async fn overloaded_hasher_is_reported_at_the_form(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.faults.set(Fault::HasherBusy);
        Browser::new(&app).sign_in("ada", PASSWORD).await.shown(503)
            .says("The service is busy right now. Please try again in 1 second.");
    }

    async fn oversized_form_is_refused(backend) {
        let app = TestApp::start(backend).await;
        let name = "x".repeat(70_000);
        Browser::new(&app).sign_in(&name, "x").await.shown(413).says("Request too large");
    }

    async fn every_page_has_security_headers(backend) {
        let app = TestApp::start_public(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        for path in ["/account", "/account/sessions", "/account/organizations/x", "/invite?token=x", "/sign-out"] {
            let page = browser.get(path).await;
            let policy = page.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self'"), "{policy}");
            assert!(!policy.contains("unsafe"), "{policy}");
            assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"), "{policy}");
            assert_eq!(page.header("referrer-policy"), "same-origin");
            assert_eq!(page.header("cache-control"), "no-store");
            assert!(page.header("permissions-policy").contains("camera=(), "));
            assert_eq!(page.header("x-content-type-options"), "nosniff");
            assert!(page.header("strict-transport-security").contains("max-age"));
            assert!(!page.html.contains(" style=") && !page.html.contains("<script>"), "{}", page.html);
        }
    }

    async fn sign_out_clears_site_storage_unless_the_origin_is_shared(backend) {
        for (public_url, expected) in [("https://auth.example.com", true), ("https://example.com/auth", false)] {
            let options = Options { public_url: Some(public_url.to_owned()), ..Options::default() };
            let app = TestApp::start_with(backend, options).await;
            app.register("ada").await;
            let browser = Browser::new(&app);
            let signed_in = browser.sign_in("ada", PASSWORD).await;
            assert!(signed_in.status == 303 && !signed_in.headers.contains_key("clear-site-data"));
            let signed_out = browser.submit("/sign-out", &[]).await;
            let cleared = signed_out.headers.get("clear-site-data").map(|it| it.to_str().unwrap());
            // Never `"cookies"`: this would clear the cookies of all hosts of the domain.
            assert_eq!((signed_out.status, cleared), (303, expected.then_some("\"storage\"")));
        }
    }

    async fn not_found_returns_a_page_to_browsers_and_json_to_programs(backend) {
        let app = TestApp::start(backend).await;
        let html = [("accept", BROWSER)];
        let german = Browser::new(&app).speaking("de");
        for path in ["/nothing-here", "/account/nothing", "/sign-in/x", "/docs/nothing", "/v1x", "/%ff", "/dev/mail/x"] {
            let page = Browser::new(&app).get_with(&html, path).await.shown(404);
            assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
            assert_eq!(page.header("cache-control"), "no-store");
            assert!(!page.header("x-request-id").is_empty());
            page.says("<title>Page not found").says("href=\"/sign-in\"");
            german.get_with(&html, path).await.shown(404).says("<html lang=\"de\"").says("Seite nicht gefunden");
            for accept in [
                "*/*",
                "application/json",
                "application/json, text/html",
                "application/json, text/html;q=0.9",
                "text/html;q=0",
                "text/plain",
                "image/avif,image/webp,*/*;q=0.8",
                "nonsense",
                "",
            ] {
                app.get(path).header("accept", accept).send().await.error(404, "NOT_FOUND");
            }
            app.get(path).send().await.error(404, "NOT_FOUND");
        }
        for path in ["/v1", "/v1/nothing", "/v1/auth/me/x", "/.well-known/nothing", "/assets/x.css"] {
            app.get(path).header("accept", BROWSER).send().await.error(404, "NOT_FOUND");
        }
        let answer = app.get("/v1/auth/me").header("accept", BROWSER).send().await;
        answer.error(401, "AUTHENTICATION_FAILED");
        app.faults.set(Fault::DatabaseAway);
        let answer = app.get("/readyz").header("accept", BROWSER).send().await;
        assert_eq!((answer.status, answer.text("status")), (503, "not ready"));
    }

    async fn error_pages_work_below_a_path_and_for_a_wrong_method(backend) {
        let public_url = Some("https://example.com/auth".to_owned());
        let app = TestApp::start_with(backend, Options { public_url, ..Options::default() }).await;
        let html = [("accept", BROWSER)];
        let page = Browser::new(&app).get_with(&html, "/nothing").await.shown(404);
        page.says("href=\"/auth/sign-in\"").says("href=\"/auth/assets/");
        let said = [("accept", BROWSER), ("sec-fetch-site", "same-origin")];
        let page = Browser::new(&app).submit_from(&said, "/healthz/x", &[]).await;
        page.shown(404);
        let page = Browser::new(&app).submit_from(&said, "/docs", &[]).await.shown(405);
        assert_eq!(page.header("allow"), "GET, HEAD");
    }

    async fn handler_panic_returns_an_error_page_to_browsers(backend) {
        let app = TestApp::start(backend).await;
        app.faults.set(Fault::HandlerPanics);
        let page = Browser::new(&app).get_with(&[("accept", BROWSER)], "/sign-in").await.shown(500);
        let id = page.header("x-request-id").to_owned();
        assert!(page.header("content-security-policy").contains("style-src 'self'"));
        page.says("Something went wrong").says(&id).omits("injected fault");
        app.get("/sign-in").send().await.error(500, "INTERNAL_SERVER_ERROR");
    }

    async fn wrong_methods_and_paths_of_pages_return_api_errors(backend) {
        let app = TestApp::start(backend).await;
        let answer = app.delete("/sign-in").send().await;
        answer.error(405, "METHOD_NOT_ALLOWED");
        assert_eq!(answer.header("allow"), "GET, HEAD, POST");
        app.post("/").send().await.error(405, "METHOD_NOT_ALLOWED");
        app.get("/sign-in/x").send().await.error(404, "NOT_FOUND");
        app.get("/assets/pages.css").send().await.error(404, "NOT_FOUND");
    }

    async fn disabled_pages_return_404(backend) {
        let pages_enabled = Some(false);
        let app = TestApp::start_with(backend, Options { pages_enabled, ..Options::default() }).await;
        for path in ["/", "/sign-in", "/account", "/invite", "/assets/x.css", "/favicon.ico"] {
            app.get(path).send().await.error(404, "NOT_FOUND");
            app.get(path).header("accept", BROWSER).send().await.error(404, "NOT_FOUND");
        }
        app.post("/sign-in").send().await.error(404, "NOT_FOUND");
    }
}
