//! Accounts registered with another user's email address.

use serde_json::{Value, json};
use time::Duration;

use crate::support::{Mail, PASSWORD, Person, TestApp, on_both};

const NEW: &str = "seven lucky herons wade";

async fn put_profile(app: &TestApp, by: &Person, body: Value) {
    app.put("/v1/auth/me/profile").bearer(&by.access).json(&body).send().await.ok();
}

async fn create_org(app: &TestApp, by: &Person, name: &str) -> String {
    let body = json!({ "name": name });
    let made = app.post("/v1/orgs").bearer(&by.access).json(&body).send().await.ok();
    made["org_id"].as_str().unwrap().to_owned()
}

/// Requests a reset link, and sets the password with it and this device token.
async fn reset(app: &TestApp, email: &str, device: Option<&str>) {
    let body = json!({ "email": email });
    app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
    let token = app.messages().await.pop().unwrap().token();
    let body = json!({ "token": token, "new_password": NEW });
    let call = app.post("/v1/auth/reset-password").json(&body);
    let call = match device {
        Some(device) => call.header("device-token", device),
        None => call,
    };
    call.send().await.ok();
}

async fn org_ids(app: &TestApp, by: &Person) -> Vec<String> {
    let orgs = app.get("/v1/orgs").bearer(&by.access).send().await.ok();
    let items = orgs["items"].as_array().unwrap().iter();
    items.map(|org| org["org_id"].as_str().unwrap().to_owned()).collect()
}

/// Registers an account with this email address.
async fn squat(app: &TestApp, name: &str, email: &str) -> Person {
    let body = json!({ "email": email, "username": name, "password": PASSWORD });
    app.post("/v1/auth/register").json(&body).send().await.ok().into()
}

on_both! {
    // Each account leaves the address for the next one.
    async fn address_that_accounts_pass_on_can_be_reclaimed(backend) {
        let app = TestApp::start(backend).await;
        let mut squatter = squat(&app, "squatter0", "ann@example.com").await;
        for next in 1..=4 {
            let body = json!({ "email": "ann@example.com" });
            app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
            let to_ann = |mail: &Mail| mail.to == "ann@example.com" && mail.text.contains("/reset-password");
            let token = app.messages().await.into_iter().rfind(to_ann).unwrap().token();
            let body = json!({ "email": format!("other{next}@example.com"), "current_password": PASSWORD });
            let left = app.put("/v1/auth/me/email").bearer(&squatter.access).json(&body).send().await;
            if next < 4 {
                left.ok();
                squatter = squat(&app, &format!("squatter{next}"), "ann@example.com").await;
                continue;
            }
            left.error(429, "RATE_LIMIT_EXCEEDED");
            let body = json!({ "token": token, "new_password": NEW });
            app.post("/v1/auth/reset-password").json(&body).send().await.ok();
            app.login("ann@example.com", NEW).await.ok();
        }
    }

    async fn device_whose_session_was_one_too_many_keeps_the_account(backend) {
        let app = TestApp::start(backend).await;
        let body = json!({ "email": "ann@example.com", "username": "ann", "password": PASSWORD });
        let answer = app.post("/v1/auth/register").json(&body).send().await;
        let device = answer.header("device-token").to_owned();
        let ann: Person = answer.ok().into();
        app.advance(Duration::SECOND);
        for _ in 0..100 {
            app.login("ann", PASSWORD).await.ok();
        }
        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        app.messages().await;
        reset(&app, "ann@example.com", Some(&device)).await;
        let again: Person = app.login("ann", NEW).await.ok().into();
        assert_eq!(again.workspace, ann.workspace);
    }

    async fn owner_who_reclaims_an_account_gets_nothing_of_the_squatter(backend) {
        let app = TestApp::start(backend).await;
        let body = json!({
            "email": "cfo@corp.example.com", "username": "cfo", "password": PASSWORD, "full_name": "The CFO",
        });
        let squatter: Person = app.post("/v1/auth/register").json(&body).send().await.ok().into();
        let org = create_org(&app, &squatter, "Corp Finance").await;
        put_profile(&app, &squatter, json!({
            "default_workspace_id": org, "bio": "Send payments to DE00", "locale": "en-GB",
            "settings": { "webhook": "https://evil.example" }, "avatar_url": "https://evil.example/a.png",
        })).await;
        app.messages().await;

        reset(&app, "cfo@corp.example.com", None).await;
        let owner = app.login("cfo", NEW).await.ok();
        let user = owner["user"].clone();
        assert_eq!(user["is_verified"], true);
        for field in ["full_name", "bio", "locale", "avatar_url", "timezone"] {
            assert_eq!(user[field], Value::Null, "{field}");
        }
        assert_eq!((&user["settings"], &user["preferences"]), (&json!({}), &json!({})));
        assert_eq!(user["roles"], json!(["owner"]));
        let owner: Person = owner.into();
        assert_eq!(owner.id, squatter.id);
        // The owner gets a new personal organization, for which no token was ever issued.
        assert_eq!(org_ids(&app, &owner).await, std::slice::from_ref(&owner.workspace));
        assert!(![&org, &squatter.workspace].contains(&&owner.workspace));
        assert_eq!(owner.org_id().as_ref(), Some(&owner.workspace));
        for gone in [&org, &squatter.workspace] {
            app.get(&format!("/v1/orgs/{gone}")).bearer(&owner.access).send().await.error(404, "NOT_FOUND");
        }
    }

    // Organizations of other users are kept.
    async fn reclaimed_account_leaves_the_organizations_of_others(backend) {
        use doorward_domain::org::role::Role;
        let app = TestApp::start(backend).await;
        let (squatter, bob) = (app.register("cfo").await, app.register_verified("bob").await);
        let theirs = app.shared_org(&bob).await;
        app.join(&squatter, theirs, Role::Owner).await;
        let orphaned = app.shared_org(&squatter).await;
        app.join(&bob, orphaned, Role::Member).await;
        app.messages().await;
        reset(&app, "cfo@example.com", None).await;
        let members = async |org| {
            let path = format!("/v1/orgs/{org}/members");
            let members = app.get(&path).bearer(&bob.access).send().await.ok();
            let items = members["items"].as_array().unwrap().clone();
            items.iter().map(|it| (it["username"].clone(), it["role"].clone())).collect::<Vec<_>>()
        };
        for org in [theirs, orphaned] {
            assert_eq!(members(org).await, [(json!("bob"), json!("owner"))]);
        }
    }

    // A legitimate user who never verified the address and forgot the password.
    async fn registrant_who_resets_with_a_known_device_keeps_everything(backend) {
        let app = TestApp::start(backend).await;
        let body = json!({
            "email": "ann@example.com", "username": "ann", "password": PASSWORD, "full_name": "Ann",
        });
        let registered = app.post("/v1/auth/register").json(&body).send().await;
        let device = registered.headers["device-token"].to_str().unwrap().to_owned();
        let ann: Person = registered.ok().into();
        let org = create_org(&app, &ann, "Acme").await;
        app.messages().await;
        reset(&app, "ann@example.com", Some(&device)).await;
        let again = app.login("ann", NEW).await.ok();
        assert_eq!(again["user"]["full_name"], "Ann");
        let again: Person = again.into();
        assert_eq!(again.workspace, ann.workspace);
        assert!(org_ids(&app, &again).await.contains(&org));
    }

    // Users who forgot their password often try several.
    async fn registrant_with_many_failures_keeps_everything_with_a_known_device(backend) {
        let app = TestApp::start(backend).await;
        let body = json!({ "email": "ann@example.com", "username": "ann", "password": PASSWORD });
        let registered = app.post("/v1/auth/register").json(&body).send().await;
        let device = registered.headers["device-token"].to_str().unwrap().to_owned();
        let ann: Person = registered.ok().into();
        let org = create_org(&app, &ann, "Acme").await;
        for _ in 0..20 {
            let body = json!({ "username": "ann", "password": "wrong horse battery" });
            let answer = app.post("/v1/auth/login").header("Device-Token", &device).json(&body).send().await;
            answer.error(401, "AUTHENTICATION_FAILED");
        }
        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        app.messages().await;
        reset(&app, "ann@example.com", Some(&device)).await;
        let again: Person = app.login("ann", NEW).await.ok().into();
        assert!(org_ids(&app, &again).await.contains(&org));
    }

    // The device token of another account proves nothing.
    async fn device_token_of_another_account_keeps_nothing(backend) {
        let app = TestApp::start(backend).await;
        let squatter = app.register("cfo").await;
        create_org(&app, &squatter, "Corp Finance").await;
        let body = json!({ "email": "eve@example.com", "username": "eve", "password": PASSWORD });
        let eve = app.post("/v1/auth/register").json(&body).send().await;
        let device = eve.headers["device-token"].to_str().unwrap().to_owned();
        app.messages().await;
        reset(&app, "cfo@example.com", Some(&device)).await;
        let owner: Person = app.login("cfo", NEW).await.ok().into();
        assert_eq!(org_ids(&app, &owner).await, std::slice::from_ref(&owner.workspace));
    }

    // Once the address is verified, the user who resets the password is the same user.
    async fn verified_account_keeps_everything_at_a_password_reset(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register_verified("ann").await;
        let org = create_org(&app, &ann, "Acme").await;
        app.messages().await;
        reset(&app, "ann@example.com", None).await;
        let again: Person = app.login("ann", NEW).await.ok().into();
        assert!(org_ids(&app, &again).await.contains(&org));
    }
}
