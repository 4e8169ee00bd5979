//! Confirmation pages before actions that can't be undone.

use doorward_domain::org::role::Role;

use crate::support::{Browser, PASSWORD, Page, TestApp, on_both};

/// Asserts that a confirmation page has this heading, and the cancel link before the button that confirms.
#[track_caller]
fn asks(page: Page, question: &str, action: &str, back: &str) -> Page {
    let page = page.shown(200).says(&format!("<h1>{question}</h1>"));
    let place = |html: &str| page.html.find(html);
    let form = place(&format!("<form method=\"post\" action=\"{action}\">"));
    let cancel = place(&format!("<a class=\"button\" href=\"{back}\""));
    let yes = place("<button class=\"danger\"");
    assert!(form.is_some() && form < cancel && cancel < yes, "{}", page.html);
    page
}

on_both! {
    async fn destructive_links_open_a_confirmation_that_changes_nothing(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        let grace = app.register_verified("grace").await;
        let org = app.shared_org(&ada).await;
        app.join(&grace, org, Role::Member).await;
        app.invite(&ada, org, "joan@example.com").await;
        let owner = Browser::signed_in(&app, "ada").await;
        let member = Browser::signed_in(&app, "grace").await;
        let here = format!("/account/organizations/{org}");
        let page = owner.get(&here).await.shown(200);
        let invite = page.html.split("/invites/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let (remove, withdraw) = (format!("{here}/members/{}/remove", grace.id), format!("{here}/invites/{invite}/revoke"));
        for (browser, path, question) in [
            (&owner, &remove, "Remove grace from Acme?"),
            (&owner, &withdraw, "Withdraw the invitation for joan@example.com?"),
            (&owner, &format!("{here}/delete"), "Delete Acme?"),
            (&member, &format!("{here}/leave"), "Leave Acme?"),
        ] {
            let page = browser.get(&here).await.shown(200);
            page.says(&format!("href=\"{path}\"")).omits(&format!("action=\"{path}\""));
            asks(browser.get(path).await, question, path, &here);
        }
        // Viewing the confirmation pages changed nothing.
        let page = owner.get(&here).await.shown(200);
        page.says("grace").says("joan@example.com");
        asks(owner.get(&remove).await, "Remove grace from Acme?", &remove, &here).says("grace (grace@example.com)");
        owner.submit(&remove, &[]).await.redirects_to(&here.to_string());
        owner.get(&remove).await.shown(404);
        owner.submit(&withdraw, &[]).await.redirects_to(&here.to_string());
        owner.get(&withdraw).await.shown(404);
    }

    async fn confirmation_is_shown_only_to_users_with_permission(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        let grace = app.register_verified("grace").await;
        app.register_verified("eve").await;
        let org = app.shared_org(&ada).await;
        let other = app.shared_org(&ada).await;
        app.join(&grace, org, Role::Member).await;
        app.invite(&ada, org, "joan@example.com").await;
        let here = format!("/account/organizations/{org}");
        let owner = Browser::signed_in(&app, "ada").await;
        let page = owner.get(&here).await.shown(200);
        let invite = page.html.split("/invites/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let stranger = Browser::signed_in(&app, "eve").await;
        let member = Browser::signed_in(&app, "grace").await;
        let remove = format!("/members/{}/remove", ada.id);
        for path in ["/leave", "/delete", &remove, &format!("/invites/{invite}/revoke")] {
            stranger.get(&format!("{here}{path}")).await.shown(404).omits("Acme").omits("joan");
        }
        member.get(&format!("{here}{remove}")).await.redirects_to(&here);
        member.get(&format!("{here}/delete")).await.redirects_to(&here);
        member.get(&format!("{here}/invites/{invite}/revoke")).await.shown(403).omits("joan");
        member.submit(&format!("{here}/delete"), &[("name", "Acme")]).await.shown(403).says("You don&#39;t have permission to do this.");
        // Members and invites of another organization of the same owner are not found.
        let foreign = format!("/account/organizations/{other}/invites/{invite}/revoke");
        owner.get(&foreign).await.shown(404).omits("joan");
        owner.get(&format!("/account/organizations/{other}/members/{}/remove", grace.id)).await.shown(404)
            .omits("grace");
    }

    async fn confirmation_lists_all_other_sessions_before_revoking_them(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::new(&app);
        let phone = [("sec-fetch-site", "same-origin"), ("user-agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Safari/604.1")];
        let form = [("username", "ada"), ("password", PASSWORD)];
        Browser::new(&app).submit_from(&phone, "/sign-in", &form).await.redirects_to("/account");
        browser.sign_in("ada", PASSWORD).await.redirects_to("/account");
        let others = "/account/sessions/others";
        browser.get("/account/sessions").await.shown(200).says(&format!("href=\"{others}\""));
        let page = asks(browser.get(others).await, "Sign out everywhere else?", others, "/account/sessions");
        page.says("<li>Safari · iPhone · ");
        browser.submit(others, &[]).await.redirects_to("/account/sessions");
        // Without other sessions there is nothing to confirm.
        browser.get(others).await.redirects_to("/account/sessions");
        browser.get("/account/sessions").await.shown(200).omits(others);
    }

    async fn current_session_is_listed_first_and_only_once(backend) {
        let app = TestApp::start(backend).await;
        app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        // More than fit on a page, all of them newer.
        for _ in 0..51 {
            app.login("ada", PASSWORD).await.ok();
        }
        let page = browser.get("/account/sessions").await.shown(200);
        let first = page.html.split("<li>").nth(1).unwrap();
        assert!(first.contains("this browser"), "{first}");
        assert_eq!(page.html.matches("this browser").count(), 1);
        let next = page.html.split("href=\"?after=").nth(1).unwrap().split('"').next().unwrap().to_owned();
        browser.get(&format!("/account/sessions?after={next}")).await.shown(200).omits("this browser");
    }

    async fn last_owner_is_offered_alternatives_to_leaving(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        let grace = app.register_verified("grace").await;
        let org = app.shared_org(&ada).await;
        let here = format!("/account/organizations/{org}");
        let (leave, delete) = (format!("{here}/leave"), format!("{here}/delete"));
        let owner = Browser::signed_in(&app, "ada").await;
        let link = format!("href=\"{leave}\"");
        let page = owner.get(&here).await.shown(200).omits(&link).says(&format!("href=\"{delete}\""));
        page.says("because you are the only owner.").says("<a href=\"#invite\">Invite a member");
        owner.get(&leave).await.redirects_to(&here);
        app.join(&grace, org, Role::Member).await;
        let page = owner.get(&here).await.shown(200).omits(&link);
        page.says("because you are the only owner.").says("<a href=\"#members\">Make another member an owner");
        // Submitting the form anyway shows the error in its section.
        let page = owner.submit(&leave, &[]).await.shown(422).says("<title>Error: Acme");
        let (_, section) = page.html.split_once("id=\"leave\"").unwrap();
        assert!(section.contains("An organization needs an owner."), "{section}");
        let role = format!("{here}/members/{}/role", grace.id);
        owner.submit(&role, &[("role", "owner")]).await.redirects_to(&here.to_string());
        owner.get(&here).await.shown(200).says(&link).omits("the only owner");
        owner.submit(&leave, &[]).await.redirects_to("/account/organizations");
    }

    async fn owner_deletes_an_organization_by_typing_its_name(backend) {
        let app = TestApp::start(backend).await;
        app.register_verified("ada").await;
        let owner = Browser::signed_in(&app, "ada").await;
        let made = owner.submit("/account/organizations", &[("name", "Engines  & Co")]).await;
        let here = made.header("location").split('?').next().unwrap().to_owned();
        let delete = format!("{here}/delete");
        owner.submit(&format!("{here}/switch"), &[]).await;
        for wrong in ["", "Engines", "Engines & Company"] {
            let page = owner.submit(&delete, &[("name", wrong)]).await.shown(422);
            assert_eq!(page.error("name"), "This is not the name of the organization.");
            page.says("<title>Error: Delete Engines");
        }
        owner.get(&here).await.shown(200).says(">current</span>");
        // The name is compared as displayed: browsers show several spaces as one.
        let deleted = owner.submit(&delete, &[("name", " engines & co ")]).await;
        deleted.redirects_to("/account/organizations");
        owner.get("/account/organizations").await.shown(200).says("The organization was deleted.")
            .omits("Engines").says(">current</span>");
        owner.get(&here).await.shown(404);
        owner.submit(&delete, &[("name", "Engines & Co")]).await.shown(404);
    }

    async fn personal_organization_can_be_neither_left_nor_deleted(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let here = format!("/account/organizations/{}", ada.workspace);
        browser.get(&here).await.shown(200).omits("/delete\"").omits("/leave\"");
        browser.get(&format!("{here}/delete")).await.redirects_to(&here);
        browser.get(&format!("{here}/leave")).await.redirects_to(&here);
        browser.submit(&format!("{here}/delete"), &[("name", "ada's workspace")]).await.shown(403);
        browser.submit(&format!("{here}/leave"), &[]).await.shown(422);
        browser.get(&here).await.shown(200);
    }

    async fn changing_the_own_role_requires_confirmation(backend) {
        let app = TestApp::start(backend).await;
        let ada = app.register_verified("ada").await;
        let grace = app.register_verified("grace").await;
        let org = app.shared_org(&ada).await;
        app.join(&grace, org, Role::Owner).await;
        let owner = Browser::signed_in(&app, "ada").await;
        let here = format!("/account/organizations/{org}");
        let own = format!("{here}/members/{}/role", ada.id);
        owner.submit(&own, &[("role", "owner")]).await.redirects_to(&here.to_string());
        let page = owner.submit(&own, &[("role", "member")]).await;
        asks(page, "Change your own role from Owner to Member?", &own, &here).says("name=\"confirmed\" value=\"yes\"");
        owner.get(&here).await.shown(200).says("Invite a member");
        owner.submit(&own, &[("role", "member"), ("confirmed", "yes")]).await.redirects_to(&here.to_string());
        owner.get(&here).await.shown(200).omits("Invite a member");
    }

    async fn user_input_is_escaped_in_confirmations(backend) {
        let app = TestApp::start(backend).await;
        app.register_verified("ada").await;
        let browser = Browser::signed_in(&app, "ada").await;
        let made = browser.submit("/account/organizations", &[("name", "\"><script>alert(1)</script>")]).await;
        let here = made.header("location").split('?').next().unwrap().to_owned();
        browser.get(&format!("{here}/delete")).await.shown(200).omits("<script>alert").says("&#60;script&#62;");
    }
}
