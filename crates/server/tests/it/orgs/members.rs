use doorward_domain::{OrgId, org::role::Role};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, Person, TestApp, on_both, org_id};

fn path(org: OrgId, person: &Person) -> String {
    format!("/v1/orgs/{org}/members/{}", person.id)
}

async fn change(app: &TestApp, by: &Person, org: OrgId, of: &Person, role: &str) -> Answer {
    let body = json!({ "role": role });
    app.patch(&path(org, of)).bearer(&by.access).json(&body).send().await
}

async fn remove(app: &TestApp, by: &Person, org: OrgId, of: &Person) -> Answer {
    app.delete(&path(org, of)).bearer(&by.access).send().await
}

async fn list(app: &TestApp, by: &Person, org: OrgId, query: &str) -> Value {
    let path = format!("/v1/orgs/{org}/members{query}");
    app.get(&path).bearer(&by.access).send().await.ok()
}

/// Creates an organization with Ann as owner, Bob as admin, and Cleo as member.
async fn company(app: &TestApp) -> (OrgId, Person, Person, Person) {
    let ann = app.register("ann").await;
    let bob = app.register("bob").await;
    let cleo = app.register("cleo").await;
    let org = app.shared_org(&ann).await;
    app.join(&bob, org, Role::Admin).await;
    app.join(&cleo, org, Role::Member).await;
    (org, ann, bob, cleo)
}

on_both! {
    async fn members_list_one_another_without_email_addresses(backend) {
        let app = TestApp::start(backend).await;
        let (org, ann, _, cleo) = company(&app).await;
        app.register("outsider").await;
        let all = list(&app, &ann, org, "").await;
        let names = |page: &Value| -> Vec<String> {
            let items = page["items"].as_array().unwrap().iter();
            items.map(|item| item["username"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&all), ["cleo", "bob", "ann"]);
        assert_eq!(all["items"][0], json!({
            "user_id": cleo.id.to_string(), "username": "cleo", "full_name": null,
            "email": "cleo@example.com", "role": "member", "joined_at": "2026-01-01T12:00:00Z",
        }));
        let first = list(&app, &cleo, org, "?limit=2").await;
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = list(&app, &cleo, org, &format!("?limit=2&cursor={cursor}")).await;
        assert_eq!([names(&first), names(&second)].concat(), names(&all));
        // Plain members don't see email addresses.
        assert!(first["items"].as_array().unwrap().iter().all(|item| item["email"].is_null()));
    }

    async fn new_role_applies_from_the_next_request(backend) {
        let app = TestApp::start(backend).await;
        let (org, ann, bob, cleo) = company(&app).await;
        let body = json!({ "org_id": org.to_string() });
        let there = app.post("/v1/auth/switch-org").bearer(&bob.access).json(&body).send().await;
        let bob = Person { access: there.text("access_token").to_owned(), ..bob };
        assert!(change(&app, &bob, org, &cleo, "admin").await.ok().is_null());
        assert!(change(&app, &ann, org, &bob, "member").await.ok().is_null());
        // Bob's token still has the admin role.
        let refused = change(&app, &bob, org, &cleo, "member").await;
        assert_eq!(refused.error(403, "FORBIDDEN")["required_permission"], "member:update");
        assert_eq!(app.me(&bob.access).await.ok()["roles"], json!(["member"]));
        change(&app, &cleo, org, &bob, "admin").await.ok();
        // Repeating the change is allowed.
        change(&app, &cleo, org, &bob, "admin").await.ok();
    }

    async fn removed_member_loses_access_at_once(backend) {
        let app = TestApp::start(backend).await;
        let (org, ann, bob, cleo) = company(&app).await;
        let body = json!({ "org_id": org.to_string() });
        let there = app.post("/v1/auth/switch-org").bearer(&cleo.access).json(&body).send().await;
        let there = there.text("access_token").to_owned();
        assert!(remove(&app, &bob, org, &cleo).await.ok().is_null());
        remove(&app, &bob, org, &cleo).await.error(404, "NOT_FOUND");
        app.me(&there).await.error(401, "AUTHENTICATION_FAILED");
        let refreshed = app.refresh(&cleo.refresh).await.ok();
        let access = refreshed["access_token"].as_str().unwrap();
        assert_eq!(org_id(access).as_deref(), Some(&*cleo.workspace));
        let again = app.post("/v1/auth/switch-org").bearer(access).json(&body).send().await;
        again.error(403, "FORBIDDEN");
        let members = app.get(&format!("/v1/orgs/{org}/members")).bearer(access).send().await;
        members.error(404, "NOT_FOUND");
        assert_eq!(list(&app, &ann, org, "").await["items"].as_array().unwrap().len(), 2);
    }

    async fn every_member_may_leave_except_the_last_owner(backend) {
        let app = TestApp::start(backend).await;
        let (org, ann, bob, cleo) = company(&app).await;
        for person in [&cleo, &bob] {
            remove(&app, person, org, person).await.ok();
            remove(&app, person, org, person).await.error(404, "NOT_FOUND");
        }
        let answer = remove(&app, &ann, org, &ann).await;
        assert_eq!(answer.issue("user_id"), "last_owner");
        assert_eq!(answer.body["detail"][0]["loc"], json!(["path", "user_id"]));
        assert_eq!(answer.body["detail"][0]["input"], ann.id.to_string());
    }

    async fn last_owner_cannot_change_their_role(backend) {
        let app = TestApp::start(backend).await;
        let (org, ann, bob, _) = company(&app).await;
        assert_eq!(change(&app, &ann, org, &ann, "admin").await.issue("role"), "last_owner");
        change(&app, &ann, org, &ann, "owner").await.ok();
        change(&app, &ann, org, &bob, "owner").await.ok();
        // A disabled owner doesn't count as an owner.
        app.disable(&bob).await;
        assert_eq!(change(&app, &ann, org, &ann, "admin").await.issue("role"), "last_owner");
        change(&app, &ann, org, &bob, "member").await.ok();
    }

    async fn one_owner_remains_when_all_leave_concurrently(backend) {
        let app = TestApp::start(backend).await;
        let first = app.register("owner").await;
        let org = app.shared_org(&first).await;
        let mut owners = vec![first];
        for number in 1..6 {
            let owner = app.register(&format!("owner-{number}")).await;
            app.join(&owner, org, Role::Owner).await;
            owners.push(owner);
        }
        // Some leave, some step down, and some remove the next owner.
        let tries = owners.iter().enumerate().map(|(number, owner)| {
            let next = &owners[(number + 1) % owners.len()];
            let app = &app;
            async move {
                match number % 3 {
                    0 => remove(app, owner, org, owner).await,
                    1 => change(app, owner, org, owner, "member").await,
                    _ => remove(app, owner, org, next).await,
                }
            }
        });
        for answer in join_all(tries).await {
            assert!(matches!(answer.status, 200 | 403 | 404 | 422), "{}", answer.body);
        }
        let mut repositories = app.state.ports.storage.connect().await.unwrap();
        let mut left = 0;
        for owner in &owners {
            let membership = repositories.memberships().find(org, owner.id).await.unwrap();
            left += usize::from(membership.is_some_and(|it| it.role == Role::Owner));
        }
        assert!(left >= 1);
    }

    async fn admin_cannot_change_or_remove_an_owner(backend) {
        let app = TestApp::start(backend).await;
        let (org, ann, bob, cleo) = company(&app).await;
        for (answer, permission) in [
            (change(&app, &bob, org, &ann, "member").await, "member:update"),
            (change(&app, &bob, org, &cleo, "owner").await, "member:update"),
            (change(&app, &bob, org, &bob, "owner").await, "member:update"),
            (remove(&app, &bob, org, &ann).await, "member:remove"),
        ] {
            assert_eq!(answer.error(403, "FORBIDDEN")["required_permission"], permission);
        }
    }

    async fn unknown_role_is_refused(backend) {
        let app = TestApp::start(backend).await;
        let (org, ann, _, cleo) = company(&app).await;
        let path = path(org, &cleo);
        for role in [json!("king"), json!("Owner"), json!(""), json!(1), json!(null), json!(["owner"])] {
            let body = json!({ "role": role });
            let answer = app.patch(&path).bearer(&ann.access).json(&body).send().await;
            assert_eq!(answer.body, json!({ "detail": [{
                "type": "enum", "loc": ["body", "role"],
                "msg": "Input should be 'owner', 'admin' or 'member'",
                "input": role, "ctx": { "expected": "'owner', 'admin' or 'member'" },
            }]}));
        }
        let answer = app.patch(&path).bearer(&ann.access).json(&json!({})).send().await;
        assert_eq!(answer.issue("role"), "missing");
    }
}
