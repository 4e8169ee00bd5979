use doorward_server::config::Options;

use crate::support::{Browser, PASSWORD, Page, TestApp, on_both};

/// Returns the URL of a file that a page loads.
fn asset(page: &Page, extension: &str) -> String {
    let mut parts = page.html.split('"').filter(|part| part.contains("/assets/"));
    parts.find(|part| part.ends_with(extension)).unwrap().to_owned()
}

on_both! {
    async fn assets_are_immutable_and_cached(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        let page = browser.get("/sign-in").await.shown(200);
        for (extension, kind) in [(".css", "text/css; charset=utf-8"), (".js", "text/javascript; charset=utf-8"), (".svg", "image/svg+xml")] {
            let file = browser.get(&asset(&page, extension)).await;
            assert_eq!((file.status, file.header("content-type")), (200, kind));
            assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
            assert!(!file.html.is_empty());
        }
    }

    async fn pages_use_the_configured_name_logo_and_color(backend) {
        let folder = tempfile::tempdir().unwrap();
        let logo = folder.path().join("logo.svg");
        std::fs::write(&logo, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>").unwrap();
        let options = Options {
            service_name: Some("Engines & Co".to_owned()),
            pages_accent_color: Some("rgb(0 128 0)".to_owned()),
            pages_logo_file: Some(logo),
            ..Options::default()
        };
        let app = TestApp::start_with(backend, options).await;
        let browser = Browser::new(&app);
        let page = browser.get("/sign-in").await.shown(200);
        let styles = browser.get(&asset(&page, ".css")).await;
        assert!(styles.html.starts_with(":root{--accent:#008000;--on-accent:#fff}"), "{}", styles.html);
        assert!(page.html.contains(&format!("<link rel=\"icon\" href=\"{}\">", asset(&page, ".svg"))));
        let logo = browser.get(&asset(&page, ".svg")).await;
        assert_eq!(logo.header("content-type"), "image/svg+xml");
        // An SVG may contain a script, which must not run when the file is opened directly.
        assert!(logo.header("content-security-policy").starts_with("default-src 'none'"));
        let icon = browser.get("/favicon.ico").await;
        assert_eq!((icon.status, icon.header("content-type")), (200, "image/svg+xml"));
        assert_eq!(icon.html, logo.html);
        page.says("<title>Sign in · Engines &#38; Co</title>").says("alt=\"Engines &#38; Co\"");
    }

    async fn icon_without_a_logo_shows_initial_and_color_of_the_service(backend) {
        let options = Options {
            service_name: Some("Engines & Co".to_owned()),
            pages_accent_color: Some("rgb(0 128 0)".to_owned()),
            ..Options::default()
        };
        let app = TestApp::start_with(backend, options).await;
        let browser = Browser::new(&app);
        let page = browser.get("/sign-in").await.shown(200);
        let icon = browser.get(&asset(&page, ".svg")).await;
        icon.says("#008000").says(">E</text>");
        let known = browser.get("/favicon.ico").await.says(">E</text>");
        assert!(known.header("cache-control").starts_with("public, max-age="));
    }

    async fn pages_work_below_a_path(backend) {
        let public_url = Some("https://example.com/auth".to_owned());
        let app = TestApp::start_with(backend, Options { public_url, ..Options::default() }).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        let page = browser.get("/sign-in").await.shown(200);
        page.says("action=\"/auth/sign-in\"").says("href=\"/auth/assets/").says("href=\"/auth/forgot-password\"");
        let page = browser.sign_in("ada", PASSWORD).await;
        page.redirects_to("/auth/account");
        // Other hosts of the domain can't set these cookies, and other servers on this host use other names.
        for cookie in page.headers.get_all("set-cookie") {
            let (name, attributes) = cookie.to_str().unwrap().split_once('=').unwrap();
            assert!(name.starts_with("__Host-doorward-") && name.ends_with(".auth"), "{name}");
            assert!(attributes.contains("; Path=/;") && !attributes.contains("Domain"), "{attributes}");
        }
        browser.get("/account").await.shown(200).says("href=\"/auth/account/sessions\"");
        Browser::new(&app).get("/account/sessions").await.redirects_to("/auth/sign-in?next=%2Faccount%2Fsessions");
    }
}
