use doorward_domain::role::Role;

use crate::support::{Browser, TestApp, on_both, org_id};

on_both! {
    async fn an_organisation_is_made_renamed_and_switched_to(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let page = browser.submit("/account/organisations", &[("name", "")]).await.shown(422);
        assert_eq!(page.error("name"), "Please fill this in.");
        browser.submit("/account/organisations", &[("name", "  ")]).await.shown(422);
        let made = browser.submit("/account/organisations", &[("name", "Engines & Co")]).await;
        let here = made.header("location").split('?').next().unwrap().to_owned();
        made.leads_to(&here);
        browser.get(&here).await.shown(200).says("Engines &#38; Co").says("Owner");
        let renamed = browser.submit(&here, &[("name", "Difference Engines")]).await;
        renamed.leads_to(&here);
        browser.get("/account/organisations").await.shown(200).says("Difference Engines").says("personal");
        let switch = browser.submit(&format!("{here}/switch"), &[]).await;
        switch.leads_to("/account/organisations");
        let id = here.rsplit('/').next().unwrap();
        assert_eq!(org_id(&browser.cookies()["doorward-access"]).as_deref(), Some(id));
        browser.get(&here).await.shown(200).says("You work here");
        // From the organization's own page, one stays there.
        let switch = browser.submit(&format!("{here}/switch"), &[("from", "organisation")]).await;
        switch.leads_to(&here.to_string());
        // It goes on there when the access token has ended.
        browser.lose("doorward-access");
        browser.get(&here).await.shown(200).says("You work here");
    }

    async fn members_are_invited_changed_and_removed(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        let grace = app.register_verified("grace").await;
        let org = app.shared_org(&ada).await;
        app.join(&grace, org, Role::Member).await;
        app.mails().await;
        let browser = Browser::signed_in(&app, "ada").await;
        let here = format!("/account/organisations/{org}");

        let invites = format!("{here}/invites");
        browser.submit(&invites, &[("email", "joan@example.com"), ("role", "admin")]).await.leads_to(&here);
        assert_eq!(app.mail().await.to, "joan@example.com");
        let page = browser.get(&here).await.shown(200).says("joan@example.com");
        let invite = page.html.split("/invites/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let page = browser.submit(&invites, &[("email", "grace@example.com"), ("role", "member")]).await.shown(422);
        page.says("Somebody with this address is a member already.");
        let page = browser.submit(&invites, &[("email", "nowhere"), ("role", "king")]).await.shown(422);
        assert!(page.error("email").starts_with("That is not an email address."));
        browser.submit(&format!("{invites}/{invite}/resend"), &[]).await.leads_to(&here);
        assert_eq!(app.mail().await.to, "joan@example.com");
        browser.submit(&format!("{invites}/{invite}/revoke"), &[]).await.leads_to(&here);
        browser.get(&here).await.shown(200).says("Nobody is invited");

        let member = format!("{here}/members/{}", grace.id);
        browser.submit(&format!("{member}/role"), &[("role", "admin")]).await.leads_to(&here);
        let other = Browser::signed_in(&app, "grace").await;
        other.get(&here).await.shown(200).says("Invite somebody");
        browser.submit(&format!("{member}/remove"), &[]).await.leads_to(&here);
        other.get(&here).await.shown(404).says("Nothing here");
    }

    async fn members_see_what_they_may(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        let grace = app.register_verified("grace").await;
        let org = app.shared_org(&ada).await;
        app.join(&grace, org, Role::Member).await;
        app.invite(&ada, org, "joan@example.com").await;
        let browser = Browser::signed_in(&app, "grace").await;
        let here = format!("/account/organisations/{org}");
        let page = browser.get(&here).await.shown(200).says("ada");
        page.keeps_silent_on("joan@example.com").keeps_silent_on("Invite somebody").keeps_silent_on("ada@example.com")
            .keeps_silent_on("name=\"role\"").keeps_silent_on("name=\"name\"");
        // Who sends the forms all the same is told so.
        let refused = "You may not do that.";
        browser.submit(&here, &[("name", "Mine")]).await.shown(403).says(refused);
        let form = [("email", "eve@example.com"), ("role", "owner")];
        browser.submit(&format!("{here}/invites"), &form).await.shown(403).says(refused);
        let member = format!("{here}/members/{}", ada.id);
        browser.submit(&format!("{member}/remove"), &[]).await.shown(403).says(refused);
        browser.submit(&format!("{member}/role"), &[("role", "member")]).await.shown(403).says(refused);
    }

    async fn a_person_leaves_unless_nobody_else_owns_it(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        let grace = app.register_verified("grace").await;
        let org = app.shared_org(&ada).await;
        app.join(&grace, org, Role::Member).await;
        let leave = format!("/account/organisations/{org}/leave");
        let owner = Browser::signed_in(&app, "ada").await;
        owner.submit(&leave, &[]).await.shown(422).says("An organization needs an owner.");
        let role = format!("/account/organisations/{org}/members/{}/role", ada.id);
        owner.submit(&role, &[("role", "member")]).await.shown(422).says("An organization needs an owner.");
        owner.submit(&role, &[("role", "king")]).await.shown(422).says("Choose one of these.");
        let member = Browser::signed_in(&app, "grace").await;
        member.submit(&leave, &[]).await.leads_to("/account/organisations");
        member.get("/account/organisations").await.shown(200).keeps_silent_on("Acme");
    }

    async fn the_organisations_of_others_are_not_there(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        app.register_verified("eve").await;
        let org = app.shared_org(&ada).await;
        let browser = Browser::signed_in(&app, "eve").await;
        for id in [org.to_string(), "x".to_owned(), "%00".to_owned(), "%0d%0ax:y".to_owned()] {
            let here = format!("/account/organisations/{id}");
            browser.get(&here).await.shown(404).keeps_silent_on("Acme");
            browser.submit(&here, &[("name", "Mine")]).await.shown(404);
            browser.submit(&format!("{here}/switch"), &[]).await.shown(403).says("You may not do that");
            browser.submit(&format!("{here}/leave"), &[]).await.shown(404);
        }
        for id in ["x", "%0d%0ax:y", "%C3%BC"] {
            browser.get(&format!("/account/organisations/{id}/switch")).await.shown(404);
        }
    }

    async fn what_people_write_is_no_markup(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let evil = "\"><script>alert(1)</script>";
        let made = browser.submit("/account/organisations", &[("name", evil)]).await;
        let here = made.header("location").split('?').next().unwrap().to_owned();
        for path in [here.as_str(), "/account/organisations"] {
            browser.get(path).await.shown(200).keeps_silent_on("<script>alert").says("&#60;script&#62;alert");
        }
        browser.get("/account?done=%3Cscript%3E").await.shown(200).keeps_silent_on("<script>");
    }
}
