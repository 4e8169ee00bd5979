//! Cookies and credentials of other applications on the same host or domain.

use doorward_server::config::Options;
use serde_json::json;

use crate::support::{Browser, PASSWORD, TestApp, on_both};

on_both! {
    async fn cookies_of_other_applications_sign_no_browser_out(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let own: Vec<_> = browser.cookies().iter().map(|(name, it)| format!("{name}={it}")).collect();
        let own = own.join("; ");
        let hundreds = "_ga_tracker=GS1.1.1700000000.1.0; ".repeat(400);
        let large = format!("session={}", "x".repeat(16 * 1024));
        for foreign in [
            b"theme=\xe9\xff; name=J\xc3\xb6rg".to_vec(),
            b"prefs={\"a\":[1,2]}; x=\"y; z\"; %zz=%; =; ;;; flag".to_vec(),
            b"doorward-sessio%6e=dwb_x; Doorward-Session=x; xdoorward-access=y".to_vec(),
            b"session=1; csrftoken=2; connect.sid=s%3A3; JSESSIONID=4; PHPSESSID=5".to_vec(),
            hundreds.into_bytes(),
            large.into_bytes(),
        ] {
            for (before, after) in [(&foreign[..], own.as_bytes()), (own.as_bytes(), &foreign[..])] {
                for (path, status) in [("/account", "200"), ("/v1/auth/config", "200"), ("/healthz", "200")] {
                    let mut request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncookie: ").into_bytes();
                    request.extend([before, b"; ", after, b"\r\n\r\n"].concat());
                    let answer = app.raw(&request).await;
                    let shown = String::from_utf8_lossy(&foreign);
                    assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{shown}: {answer}");
                    assert!(!answer.contains("Max-Age=0"), "{shown}: {answer}");
                }
            }
        }
    }

    async fn duplicate_session_cookie_is_neither_accepted_nor_removed(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        app.register("eve").await;
        let eve = Browser::signed_in(&app, "eve").await.cookies();
        let browser = Browser::signed_in(&app, "ada").await;
        let before = browser.cookies();
        for value in [eve["doorward-session"].as_str(), "rubbish"] {
            let planted = format!("doorward-access={value}; doorward-session={value}; doorward-device={value}");
            let page = browser.get_with(&[("cookie", &planted)], "/account").await;
            page.redirects_to("/sign-in");
            assert_eq!(page.headers.get_all("set-cookie").iter().count(), 0);
        }
        assert_eq!(browser.cookies(), before);
        browser.get("/account").await.shown(200).says("ada");
    }

    async fn cookie_with_an_encoded_name_is_ignored(backend) {
        let app = TestApp::start_public(backend).await;
        app.register("eve").await;
        let session = Browser::signed_in(&app, "eve").await.cookies()["__Host-doorward-session"].clone();
        for name in ["%5F%5FHost-doorward-session", "__%48ost-doorward-session", "\u{a0}__Host-doorward-session"] {
            let planted = format!("{name}={session}");
            let page = Browser::new(&app).get_with(&[("cookie", &planted)], "/account").await;
            page.redirects_to("/sign-in");
        }
    }

    async fn servers_on_one_host_use_separate_cookies(backend) {
        let server = async |path: &str| {
            let public_url = Some(format!("http://127.0.0.1:8080{path}"));
            TestApp::start_with(backend, Options { public_url, ..Options::default() }).await
        };
        let (first, second) = (server("/a").await, server("").await);
        first.register("ada").await;
        second.register("ada").await;
        let browser = Browser::new(&first);
        browser.sign_in("ada", PASSWORD).await.redirects_to("/a/account");
        let other = Browser::signed_in(&second, "ada").await.cookies();
        let other: Vec<_> = other.iter().map(|(name, it)| format!("{name}={it}")).collect();
        browser.get_with(&[("cookie", &other.join("; "))], "/account").await.shown(200);
    }

    async fn credentials_for_a_proxy_are_ignored_where_none_are_required(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let basic = [("authorization", "Basic YWRtaW46c2VjcmV0")];
        let two = [basic[0], ("authorization", "Bearer x")];
        for said in [&basic[..], &two, &[("authorization", "Negotiate YII=")], &[("authorization", "")]] {
            browser.get_with(said, "/account").await.shown(200);
            browser.get_with(said, "/sign-in").await.redirects_to("/account");
            for path in ["/v1/auth/config", "/healthz", "/readyz", "/.well-known/jwks.json", "/openapi.json"] {
                let call = said.iter().fold(app.get(path), |call, (name, value)| call.header(name, value));
                assert_eq!(call.send().await.status, 200, "{path}");
            }
            let body = json!({ "username": "ada", "password": PASSWORD });
            let login = app.post("/v1/auth/login").json(&body);
            said.iter().fold(login, |call, (name, value)| call.header(name, value)).send().await.ok();
        }
        // Where a token is required, two credentials are ambiguous: a proxy might have checked the other one.
        let both = app.get("/v1/auth/me").header(basic[0].0, basic[0].1).bearer(&ada.access);
        both.send().await.error(401, "AUTHENTICATION_FAILED");
    }
}
