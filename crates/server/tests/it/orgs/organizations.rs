use doorward_domain::org::role::Role;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Person, TestApp, on_both, org_id};

async fn create(app: &TestApp, person: &Person, name: &str) -> Value {
    let body = json!({ "name": name });
    app.post("/v1/orgs").bearer(&person.access).json(&body).send().await.ok()
}

async fn get(app: &TestApp, access: &str, path: &str) -> Answer {
    app.get(&format!("/v1/orgs{path}")).bearer(access).send().await
}

async fn switch(app: &TestApp, person: &Person, org: &str) -> String {
    let body = json!({ "org_id": org });
    let answer = app.post("/v1/auth/switch-org").bearer(&person.access).json(&body).send().await;
    answer.text("access_token").to_owned()
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|it| it["org_id"].as_str().unwrap()).collect()
}

on_both! {
    async fn creator_of_an_organization_owns_it(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let made = create(&app, &ann, "Acme & Söhne").await;
        let id = made["org_id"].as_str().unwrap();
        let expected = json!({
            "org_id": id, "name": "Acme & Söhne", "kind": "shared", "role": "owner",
            "created_at": "2026-01-01T12:00:00Z",
        });
        assert_eq!(made, expected);
        assert_eq!(get(&app, &ann.access, &format!("/{id}")).await.ok(), expected);
        assert_eq!(org_id(&switch(&app, &ann, id).await).as_deref(), Some(id));
    }

    async fn organization_list_contains_only_the_users_memberships(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register("bob").await);
        create(&app, &bob, "Other").await;
        let shared = app.shared_org(&bob).await;
        app.join(&ann, shared, Role::Member).await;
        let mut expected = vec![ann.workspace.clone(), shared.to_string()];
        for name in ["One", "Two", "Three"] {
            expected.push(create(&app, &ann, name).await["org_id"].as_str().unwrap().to_owned());
        }
        expected.reverse();
        let all = get(&app, &ann.access, "").await.ok();
        assert_eq!(ids(&all), expected);
        let place = |index: usize| (&all["items"][index]["kind"], &all["items"][index]["role"]);
        assert_eq!(place(3), (&json!("shared"), &json!("member")));
        assert_eq!(place(4), (&json!("personal"), &json!("owner")));

        let first = get(&app, &ann.access, "?limit=3").await.ok();
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = get(&app, &ann.access, &format!("?limit=3&cursor={cursor}")).await.ok();
        assert!(second["next_cursor"].is_null());
        assert_eq!([ids(&first), ids(&second)].concat(), expected);
    }

    async fn organization_is_renamed(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        for org in [create(&app, &ann, "Acme").await["org_id"].as_str().unwrap(), &ann.workspace] {
            let body = json!({ "name": "Globex", "kind": "personal", "org_id": "x", "role": "member" });
            let path = format!("/v1/orgs/{org}");
            let renamed = app.patch(&path).bearer(&ann.access).json(&body).send().await.ok();
            assert_eq!((&renamed["name"], &renamed["role"]), (&json!("Globex"), &json!("owner")));
            assert_eq!(get(&app, &ann.access, &format!("/{org}")).await.ok(), renamed);
        }
    }

    async fn organization_name_has_1_to_100_characters(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let path = format!("/v1/orgs/{}", ann.workspace);
        for (name, kind) in [
            (json!(""), "string_too_short"),
            (json!("x".repeat(101)), "string_too_long"),
            (json!(7), "string_type"),
        ] {
            for call in [app.post("/v1/orgs"), app.patch(&path)] {
                let answer = call.bearer(&ann.access).json(&json!({ "name": name })).send().await;
                assert_eq!(answer.issue("name"), kind);
            }
        }
        create(&app, &ann, &"ü".repeat(100)).await;
        // PostgreSQL can't store NUL.
        assert_eq!(create(&app, &ann, "a\u{0}b").await["name"], "a\u{fffd}b");
    }

    async fn deleting_an_organization_deletes_its_memberships_and_invites(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register("bob").await);
        let org = app.shared_org(&ann).await;
        app.join(&bob, org, Role::Admin).await;
        let invite = app.invite(&ann, org, "eve@example.com").await;
        let id = org.to_string();
        let body = json!({ "default_workspace_id": id });
        app.put("/v1/auth/me/profile").bearer(&bob.access).json(&body).send().await.ok();
        let there = switch(&app, &bob, &id).await;
        app.me(&there).await.ok();

        let path = format!("/v1/orgs/{id}");
        assert!(app.delete(&path).bearer(&ann.access).send().await.ok().is_null());
        // Tokens for the organization are rejected at once; the session continues in another organization.
        app.me(&there).await.error(401, "AUTHENTICATION_FAILED");
        let refreshed = app.refresh(&bob.refresh).await.ok();
        let access = refreshed["access_token"].as_str().unwrap();
        assert_eq!(org_id(access).as_deref(), Some(&*bob.workspace));
        let again: Person = app.login("bob", PASSWORD).await.ok().into();
        assert_eq!(again.org_id().as_deref(), Some(&*bob.workspace));
        for person in [&ann, &again] {
            get(&app, &person.access, &format!("/{id}")).await.error(404, "NOT_FOUND");
        }
        let info = app.get(&format!("/v1/auth/invite-info?token={invite}")).send().await.ok();
        assert_eq!(info, json!({ "email": "", "valid": false }));
    }

    async fn personal_organization_cannot_be_deleted_left_or_shared(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let path = format!("/v1/orgs/{}", ann.workspace);
        let answer = app.delete(&path).bearer(&ann.access).send().await;
        assert_eq!(answer.issue("org_id"), "personal_org");
        assert_eq!(answer.body["detail"][0]["loc"], json!(["path", "org_id"]));
        assert_eq!(answer.body["detail"][0]["input"], ann.workspace);
        let body = json!({ "email": "bob@example.com", "role": "member" });
        let invites = format!("{path}/invites");
        let answer = app.post(&invites).bearer(&ann.access).json(&body).send().await;
        assert_eq!(answer.issue("org_id"), "personal_org");
        let leave = format!("{path}/members/{}", ann.id);
        let answer = app.delete(&leave).bearer(&ann.access).send().await;
        assert_eq!(answer.issue("user_id"), "last_owner");
    }

    async fn unverified_user_cannot_create_an_organization_when_verification_is_required(backend) {
        let options = doorward_server::config::Options {
            require_verified_email: Some(true), ..Default::default()
        };
        let app = TestApp::start_with(backend, options).await;
        let ann = app.register("ann").await;
        let body = json!({ "name": "Acme" });
        let answer = app.post("/v1/orgs").bearer(&ann.access).json(&body).send().await;
        assert_eq!(answer.error(403, "FORBIDDEN")["required_permission"], "email:verified");
    }
}
