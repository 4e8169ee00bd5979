//! Coming into an organisation by an invite.

use doorward_server::config::Options;

use crate::support::{Browser, PASSWORD, TestApp, on_both};

on_both! {
    async fn an_invite_says_who_invites_whom_where(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        let org = app.shared_org(&ada).await;
        let token = app.invite(&ada, org, "grace@example.com").await;
        let browser = Browser::new(&app);
        let page = browser.get(&format!("/invite?token={token}")).await.shown(200);
        page.says("ada invites you to join Acme as Member.").says("The invitation is for grace@example.com.")
            .says(&format!("/sign-up?invite_token={token}&#38;email=grace%40example.com"));
    }

    async fn a_new_person_joins_by_an_account_of_their_own(backend) {
        let allow_registration = Some(false);
        let allow_org_creation = Some("everybody".parse().unwrap());
        let app = TestApp::start_with(backend, Options { allow_registration, allow_org_creation, ..Options::default() }).await;
        let inviter = app.register_without_password("ada").await;
        let made = app.post("/v1/orgs").bearer(&inviter).json(&serde_json::json!({ "name": "Acme" })).send().await.ok();
        let org = made["org_id"].as_str().unwrap().to_owned();
        let body = serde_json::json!({ "email": "grace@example.com", "role": "admin" });
        app.post(&format!("/v1/orgs/{org}/invites")).bearer(&inviter).json(&body).send().await.ok();
        let token = app.mail().await.token();
        let browser = Browser::new(&app);
        let page = browser.get(&format!("/sign-up?invite_token={token}&email=eve%40example.com")).await.shown(200);
        let page = page.says("to join Acme as Admin.").says("value=\"grace@example.com\"").keeps_silent_on("eve@");
        let (_, email) = page.html.split_once("<input id=\"email\"").unwrap();
        let email = email.split_once('>').unwrap().0;
        assert!(email.contains(" readonly") && !email.contains("autofocus"), "{email}");
        page.says(&format!("name=\"invite_token\" value=\"{token}\""));
        let form = |email: &'static str| {
            [("email", email), ("username", "grace"), ("password", PASSWORD), ("invite_token", token.as_str())]
        };
        let page = browser.submit("/sign-up", &form("eve@example.com")).await.shown(422);
        assert_eq!(page.error("email"), "The invitation is for another email address.");
        let joined = format!("/account/organisations/{org}");
        browser.submit("/sign-up", &form("grace@example.com")).await.leads_to(&joined);
        browser.get(&joined).await.shown(200).says("Welcome to Acme!").says("You work here");
        browser.get("/account/organisations").await.shown(200).says("Acme").says("Admin");
        // The address that the mail came to is theirs.
        browser.get("/account").await.shown(200).keeps_silent_on("not confirmed yet");
        // It was they who used it.
        let here = format!("/invite?token={token}");
        let page = browser.get(&here).await.shown(200).says("You are already a member of Acme");
        page.says(&format!("href=\"{joined}\"")).keeps_silent_on("<form");
        browser.submit("/invite", &[("token", &token)]).await.leads_to(&joined);
        // Others are told that it is used, and where to sign in.
        let stranger = Browser::new(&app);
        for path in [here.clone(), format!("/sign-up?invite_token={token}")] {
            let page = stranger.get(&path).await.shown(422).says("This invitation has expired or was already used");
            page.says("href=\"/sign-in?next=%2Finvite%3Ftoken%3D").keeps_silent_on("<form").keeps_silent_on("grace");
        }
    }

    async fn a_person_with_an_account_signs_in_and_accepts(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        app.register_verified("grace").await;
        let org = app.shared_org(&ada).await;
        let token = app.invite(&ada, org, "grace@example.com").await;
        let browser = Browser::new(&app);
        let here = format!("/invite?token={token}");
        let page = browser.get(&here).await.shown(200);
        page.says("/sign-in?next=%2Finvite%3Ftoken%3D").keeps_silent_on("/sign-up");
        let form = [("username", "grace"), ("password", PASSWORD), ("next", here.as_str())];
        browser.submit("/sign-in", &form).await.leads_to(&here);
        browser.get(&here).await.shown(200).says("Accept the invitation");
        let joined = format!("/account/organisations/{org}");
        browser.submit("/invite", &[("token", &token)]).await.leads_to(&joined);
        browser.get(&joined).await.shown(200).says("You are a member now.").says("Acme");
    }

    async fn an_invite_for_another_address_is_not_accepted(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        app.register_verified("eve").await;
        let org = app.shared_org(&ada).await;
        let token = app.invite(&ada, org, "grace@example.com").await;
        let browser = Browser::signed_in(&app, "eve").await;
        let page = browser.get(&format!("/invite?token={token}")).await.shown(200);
        page.says("you are signed in as eve@example.com").keeps_silent_on("Accept the invitation");
        let page = browser.submit("/invite", &[("token", &token)]).await.shown(422);
        page.says("The invitation is for another email address.");
        browser.get("/account/organisations").await.shown(200).keeps_silent_on("Acme");
    }

    async fn unverified_account_joins_and_its_address_is_verified(backend) {
        let require_verified_email = Some(true);
        let app = TestApp::start_with(backend, Options { require_verified_email, ..Options::default() }).await;
        let ada = app.register_verified("ada").await;
        let org = app.shared_org(&ada).await;
        let browser = Browser::new(&app);
        let form = [("email", "grace@example.com"), ("username", "grace"), ("password", PASSWORD)];
        browser.submit("/sign-up", &form).await.leads_to("/account");
        let token = app.invite(&ada, org, "grace@example.com").await;
        let page = browser.get(&format!("/invite?token={token}")).await.shown(200);
        page.says("Accept the invitation").keeps_silent_on("/verify-email");
        let joined = format!("/account/organisations/{org}");
        browser.submit("/invite", &[("token", &token)]).await.leads_to(&joined);
        browser.get(&joined).await.shown(200).says("Welcome to Acme!");
        browser.get("/account").await.shown(200).keeps_silent_on("not confirmed yet");
    }

    async fn another_account_signs_out_and_comes_back_to_the_invitation(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        app.register_verified("eve").await;
        let org = app.shared_org(&ada).await;
        let token = app.invite(&ada, org, "grace@example.com").await;
        let here = format!("/invite?token={token}");
        let browser = Browser::signed_in(&app, "eve").await;
        let page = browser.get(&here).await.shown(200);
        page.says("Sign out and continue").says(&format!("name=\"next\" value=\"{here}\""));
        browser.submit("/sign-out", &[("next", &here)]).await.leads_to(&here);
        let page = browser.get(&here).await.shown(200);
        page.says("Create an account and join").keeps_silent_on("class=\"notice\"");
        // Elsewhere is not gone to.
        browser.submit("/sign-out", &[("next", "https://evil.example")]).await.leads_to("/sign-in");
    }

    async fn page_to_sign_in_on_leads_to_the_account_that_the_invitation_asks_for(backend) {
        let allow_registration = Some(false);
        let allow_org_creation = Some("everybody".parse().unwrap());
        let app = TestApp::start_with(backend, Options { allow_registration, allow_org_creation, ..Options::default() }).await;
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
        browser.submit("/sign-up", &form).await.leads_to(&format!("/account/organisations/{org}"));
    }

    async fn invitation_of_an_account_leads_from_the_page_to_sign_up_on_to_its_own(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        app.register_verified("grace").await;
        let org = app.shared_org(&ada).await;
        let token = app.invite(&ada, org, "grace@example.com").await;
        let path = format!("/sign-up?invite_token={token}");
        Browser::new(&app).get(&path).await.leads_to(&format!("/invite?token={token}"));
        Browser::signed_in(&app, "grace").await.get(&path).await.leads_to(&format!("/invite?token={token}"));
    }

    async fn a_token_that_is_none_says_nothing(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        for path in ["/invite", "/invite?token=dwi_x", "/invite?token=%3Cscript%3E"] {
            let page = browser.get(path).await.shown(422).says("This invitation has expired or was already used");
            page.says("This invitation is not valid any more.").keeps_silent_on("<script>").keeps_silent_on("<form");
        }
    }

    async fn a_session_that_ends_before_the_button_is_pressed_loses_no_invite(backend) {
        let app = TestApp::start(backend).await;
        let browser = Browser::new(&app);
        browser.submit("/invite", &[("token", "dwi_x")]).await.leads_to("/sign-in?next=%2Finvite%3Ftoken%3Ddwi_x");
    }

    async fn invitation_that_is_not_sent_is_explained_on_the_page(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let ada = Browser::signed_in(&app, "ada").await;
        let made = ada.submit("/account/organisations", &[("name", "Acme")]).await;
        let org = made.header("location").to_owned();
        let invites = format!("{org}/invites");
        let form = [("email", "grace@example.com"), ("role", "member")];
        ada.submit(&invites, &form).await.shown(403).says("Please confirm your email address");
        let token = app.mail().await.token();
        ada.submit("/verify-email", &[("token", &token)]).await.leads_to("/account");
        for _ in 0..5 {
            ada.submit(&invites, &form).await.leads_to(&org);
        }
        let page = ada.submit(&invites, &form).await.shown(429);
        page.says("Please try again tomorrow.").keeps_silent_on("seconds");
    }
}
