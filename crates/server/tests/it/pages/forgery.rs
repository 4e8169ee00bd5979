//! Forms submitted from other sites.

use crate::support::{Browser, PASSWORD, Page, TestApp, on_both};

/// Every form.
const FORMS: [&str; 25] = [
    "/sign-in",
    "/sign-up",
    "/sign-out",
    "/forgot-password",
    "/password-check",
    "/reset-password",
    "/verify-email",
    "/verify-email/not-me",
    "/verify-email/resend",
    "/verify-email/change",
    "/invite",
    "/account",
    "/account/password",
    "/account/sessions/others",
    "/account/sessions/x",
    "/account/organizations",
    "/account/organizations/x",
    "/account/organizations/x/switch",
    "/account/organizations/x/leave",
    "/account/organizations/x/delete",
    "/account/organizations/x/invites",
    "/account/organizations/x/members/x/role",
    "/account/organizations/x/members/x/remove",
    "/account/organizations/x/invites/x/resend",
    "/account/organizations/x/invites/x/revoke",
];

/// The form that scripts submit, which returns JSON.
const FOR_SCRIPTS: &str = "/password-check";

/// Fails when a form is added to the pages and not to [`FORMS`].
#[test]
fn every_form_is_in_the_list() {
    let table = include_str!("../../../src/pages.rs");
    let (_, table) = table.split_once("pages! { config;").unwrap();
    let (table, _) = table.split_once("\n    }\n").unwrap();
    // A row has a path, a limit, and handlers to show and to submit the page.
    let rows = table.split(';').filter(|row| row.contains(','));
    assert_eq!(rows.count(), FORMS.len());
}

fn refused(page: Page) {
    page.shown(403).says("This form came from another site");
}

on_both! {
    async fn every_cross_site_form_is_refused(backend) {
        let app = TestApp::start_public(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let origins: [&[(&str, &str)]; 6] = [
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            // A subdomain may have been taken over.
            &[("origin", "https://www.auth.example.com")],
            &[],
        ];
        for path in FORMS {
            for said in origins {
                let page = browser.submit_from(said, path, &[("name", "Evil")]).await;
                if path == FOR_SCRIPTS {
                    assert_eq!((page.status, page.header("content-type")), (403, "application/json"));
                } else {
                    refused(page);
                }
            }
        }
        browser.get("/account").await.shown(200);
    }

    async fn cross_site_form_changes_nothing(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let foreign = [("sec-fetch-site", "cross-site")];
        let before = browser.cookies();
        let form = [("current_password", PASSWORD), ("new_password", "the attacker's own words")];
        refused(browser.submit_from(&foreign, "/account/password", &form).await);
        refused(browser.submit_from(&foreign, "/sign-out", &[]).await);
        refused(browser.submit_from(&foreign, "/account/organizations", &[("name", "Evil")]).await);
        assert_eq!(browser.cookies(), before);
        app.login("ada", PASSWORD).await.ok();
        browser.get("/account/organizations").await.shown(200).omits("Evil");
    }

    async fn cross_site_form_signs_no_browser_in(backend) {
        let app = TestApp::start(backend).await;
        app.register("eve").await;
        let browser = Browser::new(&app);
        let form = [("username", "eve"), ("password", PASSWORD)];
        refused(browser.submit_from(&[("sec-fetch-site", "cross-site")], "/sign-in", &form).await);
        assert!(browser.cookies().is_empty());
    }

    async fn form_with_only_an_origin_header_is_accepted(backend) {
        let app = TestApp::start_public(backend).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        let form = [("username", "ada"), ("password", PASSWORD)];
        let own = [("origin", "https://auth.example.com")];
        browser.submit_from(&own, "/sign-in", &form).await.redirects_to("/account");
    }

    async fn cors_origin_may_not_submit_forms(backend) {
        let options = doorward_server::config::Options {
            cors_origins: Some("https://app.example.com".parse().unwrap()),
            ..Default::default()
        };
        let app = TestApp::start_with(backend, options).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        let form = [("username", "ada"), ("password", PASSWORD)];
        let app_says = [("origin", "https://app.example.com"), ("sec-fetch-site", "cross-site")];
        refused(browser.submit_from(&app_says, "/sign-in", &form).await);
        // The server's own origin needs no configuration.
        let own = app.url("");
        let own = [("origin", own.as_str()), ("sec-fetch-site", "same-origin")];
        browser.submit_from(&own, "/sign-in", &form).await.redirects_to("/account");
    }
}
