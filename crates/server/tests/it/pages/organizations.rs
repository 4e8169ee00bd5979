use doorward_domain::org::role::Role;

use crate::support::{Browser, TestApp, on_both, org_id};

on_both! {
    async fn organization_is_created_renamed_and_switched_to(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let page = browser.submit("/account/organizations", &[("name", "")]).await.shown(422);
        assert_eq!(page.error("name"), "Please fill in this field.");
        browser.submit("/account/organizations", &[("name", "  ")]).await.shown(422);
        let made = browser.submit("/account/organizations", &[("name", "Engines & Co")]).await;
        let here = made.header("location").split('?').next().unwrap().to_owned();
        made.redirects_to(&here);
        browser.get(&here).await.shown(200).says("Engines &#38; Co").says("Owner");
        let renamed = browser.submit(&here, &[("name", "Difference Engines")]).await;
        renamed.redirects_to(&here);
        browser.get("/account/organizations").await.shown(200).says("Difference Engines").says("personal");
        let switch = browser.submit(&format!("{here}/switch"), &[]).await;
        switch.redirects_to("/account/organizations");
        let id = here.rsplit('/').next().unwrap();
        assert_eq!(org_id(&browser.cookies()["doorward-access"]).as_deref(), Some(id));
        browser.get(&here).await.shown(200).says(">current</span>");
        // Switching on the organization's own page returns to it.
        let switch = browser.submit(&format!("{here}/switch"), &[("from", "organization")]).await;
        switch.redirects_to(&here.to_string());
        // The session stays in the organization after the access token expired.
        browser.lose("doorward-access");
        browser.get(&here).await.shown(200).says(">current</span>");
    }

    async fn members_are_invited_changed_and_removed(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        let grace = app.register_verified("grace").await;
        let org = app.shared_org(&ada).await;
        app.join(&grace, org, Role::Member).await;
        app.messages().await;
        let browser = Browser::signed_in(&app, "ada").await;
        let here = format!("/account/organizations/{org}");

        let invites = format!("{here}/invites");
        browser.submit(&invites, &[("email", "joan@example.com"), ("role", "admin")]).await.redirects_to(&here);
        assert_eq!(app.mail().await.to, "joan@example.com");
        let page = browser.get(&here).await.shown(200).says("joan@example.com");
        let invite = page.html.split("/invites/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let page = browser.submit(&invites, &[("email", "grace@example.com"), ("role", "member")]).await.shown(422);
        page.says("This email address already belongs to a member.");
        let page = browser.submit(&invites, &[("email", "nowhere"), ("role", "king")]).await.shown(422);
        assert!(page.error("email").starts_with("Please enter an email address"));
        browser.submit(&format!("{invites}/{invite}/resend"), &[]).await.redirects_to(&here);
        assert_eq!(app.mail().await.to, "joan@example.com");
        browser.submit(&format!("{invites}/{invite}/revoke"), &[]).await.redirects_to(&here);
        browser.get(&here).await.shown(200).says("There are no pending invitations.");

        let member = format!("{here}/members/{}", grace.id);
        browser.submit(&format!("{member}/role"), &[("role", "admin")]).await.redirects_to(&here);
        let other = Browser::signed_in(&app, "grace").await;
        other.get(&here).await.shown(200).says("Invite a member");
        browser.submit(&format!("{member}/remove"), &[]).await.redirects_to(&here);
        other.get(&here).await.shown(404).says("Page not found");
    }

    async fn members_see_only_what_their_role_allows(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        let grace = app.register_verified("grace").await;
        let org = app.shared_org(&ada).await;
        app.join(&grace, org, Role::Member).await;
        app.invite(&ada, org, "joan@example.com").await;
        let browser = Browser::signed_in(&app, "grace").await;
        let here = format!("/account/organizations/{org}");
        let page = browser.get(&here).await.shown(200).says("ada");
        page.omits("joan@example.com").omits("Invite a member").omits("ada@example.com")
            .omits("name=\"role\"").omits("name=\"name\"");
        // Submitting the hidden forms is refused.
        let refused = "You don&#39;t have permission to do this.";
        browser.submit(&here, &[("name", "Mine")]).await.shown(403).says(refused);
        let form = [("email", "eve@example.com"), ("role", "owner")];
        browser.submit(&format!("{here}/invites"), &form).await.shown(403).says(refused);
        let member = format!("{here}/members/{}", ada.id);
        browser.submit(&format!("{member}/remove"), &[]).await.shown(403).says(refused);
        browser.submit(&format!("{member}/role"), &[("role", "member")]).await.shown(403).says(refused);
    }

    async fn member_leaves_unless_they_are_the_last_owner(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        let grace = app.register_verified("grace").await;
        let org = app.shared_org(&ada).await;
        app.join(&grace, org, Role::Member).await;
        let leave = format!("/account/organizations/{org}/leave");
        let owner = Browser::signed_in(&app, "ada").await;
        owner.submit(&leave, &[]).await.shown(422).says("An organization needs an owner.");
        let role = format!("/account/organizations/{org}/members/{}/role", ada.id);
        owner.submit(&role, &[("role", "member")]).await.shown(422).says("An organization needs an owner.");
        owner.submit(&role, &[("role", "king")]).await.shown(422).says("Please choose one of the options.");
        let member = Browser::signed_in(&app, "grace").await;
        member.submit(&leave, &[]).await.redirects_to("/account/organizations");
        member.get("/account/organizations").await.shown(200).omits("Acme");
    }

    async fn organizations_of_others_are_not_found(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        app.register_verified("eve").await;
        let org = app.shared_org(&ada).await;
        let browser = Browser::signed_in(&app, "eve").await;
        for id in [org.to_string(), "x".to_owned(), "%00".to_owned(), "%0d%0ax:y".to_owned()] {
            let here = format!("/account/organizations/{id}");
            browser.get(&here).await.shown(404).omits("Acme");
            browser.submit(&here, &[("name", "Mine")]).await.shown(404);
            browser.submit(&format!("{here}/switch"), &[]).await.shown(403).says("No permission");
            browser.submit(&format!("{here}/leave"), &[]).await.shown(404);
        }
        for id in ["x", "%0d%0ax:y", "%C3%BC"] {
            browser.get(&format!("/account/organizations/{id}/switch")).await.shown(404);
        }
    }

    async fn user_input_is_escaped_in_pages(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let evil = "\"><script>alert(1)</script>";
        let made = browser.submit("/account/organizations", &[("name", evil)]).await;
        let here = made.header("location").split('?').next().unwrap().to_owned();
        for path in [here.as_str(), "/account/organizations"] {
            browser.get(path).await.shown(200).omits("<script>alert").says("&#60;script&#62;alert");
        }
        browser.get("/account?done=%3Cscript%3E").await.shown(200).omits("<script>");
    }
}
