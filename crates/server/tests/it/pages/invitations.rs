//! Joining an organization with an invite.

use doorward_server::config::Options;

use crate::support::{Browser, PASSWORD, TestApp, on_both};

on_both! {
    async fn invite_page_shows_inviter_organization_role_and_address(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        let org = app.shared_org(&ada).await;
        let token = app.invite(&ada, org, "grace@example.com").await;
        let browser = Browser::new(&app);
        let page = browser.get(&format!("/invite?token={token}")).await.shown(200);
        page.says("ada invites you to join Acme as Member.").says("The invitation is for grace@example.com.")
            .says(&format!("/sign-up?invite_token={token}&#38;email=grace%40example.com"));
    }

    async fn invited_user_registers_and_joins(backend) {
        let allow_registration = Some(false);
        let organizations_allow_creation = Some("all".parse().unwrap());
        let app = TestApp::start_with(backend, Options { allow_registration, organizations_allow_creation, ..Options::default() }).await;
        let inviter = app.register_without_password("ada").await;
        let made = app.post("/v1/orgs").bearer(&inviter).json(&serde_json::json!({ "name": "Acme" })).send().await.ok();
        let org = made["org_id"].as_str().unwrap().to_owned();
        let body = serde_json::json!({ "email": "grace@example.com", "role": "admin" });
        app.post(&format!("/v1/orgs/{org}/invites")).bearer(&inviter).json(&body).send().await.ok();
        let token = app.mail().await.token();
        let browser = Browser::new(&app);
        let page = browser.get(&format!("/sign-up?invite_token={token}&email=eve%40example.com")).await.shown(200);
        let page = page.says("to join Acme as Admin.").says("value=\"grace@example.com\"").omits("eve@");
        let (_, email) = page.html.split_once("<input id=\"email\"").unwrap();
        let email = email.split_once('>').unwrap().0;
        assert!(email.contains(" readonly") && !email.contains("autofocus"), "{email}");
        page.says(&format!("name=\"invite_token\" value=\"{token}\""));
        let form = |email: &'static str| {
            [("email", email), ("username", "grace"), ("password", PASSWORD), ("invite_token", token.as_str())]
        };
        let page = browser.submit("/sign-up", &form("eve@example.com")).await.shown(422);
        assert_eq!(page.error("email"), "This invitation is for a different email address.");
        let joined = format!("/account/organizations/{org}");
        browser.submit("/sign-up", &form("grace@example.com")).await.redirects_to(&joined);
        browser.get(&joined).await.shown(200).says("Welcome to Acme!").says(">current</span>");
        browser.get("/account/organizations").await.shown(200).says("Acme").says("Admin");
        // The invitation verified the email address.
        browser.get("/account").await.shown(200).omits("not confirmed yet");
        // The link takes the user who accepted it to the organization.
        let here = format!("/invite?token={token}");
        let page = browser.get(&here).await.shown(200).says("You are already a member of Acme");
        page.says(&format!("href=\"{joined}\"")).omits("<form");
        browser.submit("/invite", &[("token", &token)]).await.redirects_to(&joined);
        // Other browsers show that the invitation was used, and link to the sign-in page.
        let stranger = Browser::new(&app);
        for path in [here.clone(), format!("/sign-up?invite_token={token}")] {
            let page = stranger.get(&path).await.shown(422).says("This invitation has expired or was already used");
            page.says("href=\"/sign-in?next=%2Finvite%3Ftoken%3D").omits("<form").omits("grace");
        }
    }

    async fn invited_user_with_an_account_signs_in_and_accepts(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        app.register_verified("grace").await;
        let org = app.shared_org(&ada).await;
        let token = app.invite(&ada, org, "grace@example.com").await;
        let browser = Browser::new(&app);
        let here = format!("/invite?token={token}");
        let page = browser.get(&here).await.shown(200);
        page.says("/sign-in?next=%2Finvite%3Ftoken%3D").omits("/sign-up");
        let form = [("username", "grace"), ("password", PASSWORD), ("next", here.as_str())];
        browser.submit("/sign-in", &form).await.redirects_to(&here);
        browser.get(&here).await.shown(200).says("Accept invitation");
        let joined = format!("/account/organizations/{org}");
        browser.submit("/invite", &[("token", &token)]).await.redirects_to(&joined);
        browser.get(&joined).await.shown(200).says("You are a member now.").says("Acme");
    }

    async fn invite_for_another_address_cannot_be_accepted(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        app.register_verified("eve").await;
        let org = app.shared_org(&ada).await;
        let token = app.invite(&ada, org, "grace@example.com").await;
        let browser = Browser::signed_in(&app, "eve").await;
        let page = browser.get(&format!("/invite?token={token}")).await.shown(200);
        page.says("you are signed in as eve@example.com").omits("Accept invitation");
        let page = browser.submit("/invite", &[("token", &token)]).await.shown(422);
        page.says("This invitation is for a different email address.");
        browser.get("/account/organizations").await.shown(200).omits("Acme");
    }

    async fn unverified_account_joins_and_its_address_is_verified(backend) {
        let require_verified_email = Some(true);
        let app = TestApp::start_with(backend, Options { require_verified_email, ..Options::default() }).await;
        let ada = app.register_verified("ada").await;
        let org = app.shared_org(&ada).await;
        let browser = Browser::new(&app);
        let form = [("email", "grace@example.com"), ("username", "grace"), ("password", PASSWORD)];
        browser.submit("/sign-up", &form).await.redirects_to("/account");
        let token = app.invite(&ada, org, "grace@example.com").await;
        let page = browser.get(&format!("/invite?token={token}")).await.shown(200);
        page.says("Accept invitation").omits("/verify-email");
        let joined = format!("/account/organizations/{org}");
        browser.submit("/invite", &[("token", &token)]).await.redirects_to(&joined);
        browser.get(&joined).await.shown(200).says("Welcome to Acme!");
        browser.get("/account").await.shown(200).omits("not confirmed yet");
    }

    async fn signing_out_of_another_account_returns_to_the_invitation(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        app.register_verified("eve").await;
        let org = app.shared_org(&ada).await;
        let token = app.invite(&ada, org, "grace@example.com").await;
        let here = format!("/invite?token={token}");
        let browser = Browser::signed_in(&app, "eve").await;
        let page = browser.get(&here).await.shown(200);
        page.says("Sign out and continue").says(&format!("name=\"next\" value=\"{here}\""));
        browser.submit("/sign-out", &[("next", &here)]).await.redirects_to(&here);
        let page = browser.get(&here).await.shown(200);
        page.says("Create an account and join").omits("class=\"notice\"");
        // No redirect to other sites.
        browser.submit("/sign-out", &[("next", "https://evil.example")]).await.redirects_to("/sign-in");
    }

    async fn sign_in_page_of_an_invitation_links_to_its_registration(backend) {
        let allow_registration = Some(false);
        let organizations_allow_creation = Some("all".parse().unwrap());
        let app = TestApp::start_with(backend, Options { allow_registration, organizations_allow_creation, ..Options::default() }).await;
        let access = app.register_without_password("ada").await;
        let made = app.post("/v1/orgs").bearer(&access).json(&serde_json::json!({ "name": "Acme" })).send().await.ok();
        let org = made["org_id"].as_str().unwrap().to_owned();
        let body = serde_json::json!({ "email": "grace@example.com", "role": "member" });
        app.post(&format!("/v1/orgs/{org}/invites")).bearer(&access).json(&body).send().await.ok();
        let token = app.mail().await.token();
        let browser = Browser::new(&app);
        let next = format!("next=%2Finvite%3Ftoken%3D{token}");
        browser.get(&format!("/sign-in?{next}")).await.shown(200).says("/sign-up?next=%2Finvite");
        browser.get(&format!("/sign-up?{next}")).await.shown(200).says("to join Acme as Member.");
        let here = format!("/invite?token={token}");
        let form = [
            ("email", "grace@example.com"), ("username", "grace"), ("password", PASSWORD), ("next", here.as_str()),
            ("invite_token", token.as_str()),
        ];
        browser.submit("/sign-up", &form).await.redirects_to(&format!("/account/organizations/{org}"));
    }

    async fn sign_up_page_redirects_invitations_of_existing_accounts(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        app.register_verified("grace").await;
        let org = app.shared_org(&ada).await;
        let token = app.invite(&ada, org, "grace@example.com").await;
        let path = format!("/sign-up?invite_token={token}");
        Browser::new(&app).get(&path).await.redirects_to(&format!("/invite?token={token}"));
        Browser::signed_in(&app, "grace").await.get(&path).await.redirects_to(&format!("/invite?token={token}"));
    }

    async fn malformed_invite_token_shows_an_expired_invitation(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        for path in ["/invite", "/invite?token=dwi_x", "/invite?token=%3Cscript%3E"] {
            let page = browser.get(path).await.shown(422).says("This invitation has expired or was already used");
            page.says("This invitation is no longer valid.").omits("<script>").omits("<form");
        }
    }

    async fn accepting_an_invite_after_the_session_ended_keeps_the_token(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        browser.submit("/invite", &[("token", "dwi_x")]).await.redirects_to("/sign-in?next=%2Finvite%3Ftoken%3Ddwi_x");
    }

    async fn refused_invitation_is_explained_on_the_page(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let ada = Browser::signed_in(&app, "ada").await;
        let made = ada.submit("/account/organizations", &[("name", "Acme")]).await;
        let org = made.header("location").to_owned();
        let invites = format!("{org}/invites");
        let form = [("email", "grace@example.com"), ("role", "member")];
        ada.submit(&invites, &form).await.shown(403).says("Please confirm your email address");
        let token = app.mail().await.token();
        ada.submit("/verify-email", &[("token", &token)]).await.redirects_to("/account");
        for _ in 0..5 {
            ada.submit(&invites, &form).await.redirects_to(&org);
        }
        let page = ada.submit(&invites, &form).await.shown(429);
        page.says("Please try again tomorrow.").omits("seconds");
    }
}
