use doorward_domain::{OrgId, org::role::Role};
use futures::future::{join, join_all};
use serde_json::json;
use time::Duration;

use crate::support::{Answer, PASSWORD, Person, TestApp, on_both};

async fn accept(app: &TestApp, person: &Person, token: &str) -> Answer {
    let body = json!({ "token": token, "role": "owner", "org_id": person.workspace });
    app.post("/v1/auth/accept-invite").bearer(&person.access).json(&body).send().await
}

async fn role(app: &TestApp, org: OrgId, person: &Person) -> Option<Role> {
    let mut repositories = app.state.ports.storage.connect().await.unwrap();
    repositories.memberships().find(org, person.id).await.unwrap().map(|it| it.role)
}

async fn count_of(app: &TestApp, kind: &str) -> usize {
    let rows = app.database.rows().await;
    rows["audit_events"].iter().filter(|row| row.contains(kind)).count()
}

on_both! {
    async fn verified_user_of_the_invited_address_joins_once(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register_verified("bob").await);
        let org = app.shared_org(&ann).await;
        let token = app.invite(&ann, org, "BOB@example.com").await;
        let joined = accept(&app, &bob, &token).await.ok();
        assert_eq!(joined, json!({
            "org_id": org.to_string(), "name": "Acme", "kind": "shared", "role": "member",
            "created_at": "2026-01-01T12:00:00Z",
        }));
        let body = json!({ "org_id": org.to_string() });
        app.post("/v1/auth/switch-org").bearer(&bob.access).json(&body).send().await.ok();
        // A second click changes nothing, and does not bring back a member who has left.
        assert_eq!(accept(&app, &bob, &token).await.ok(), joined);
        assert_eq!(count_of(&app, "invite_accepted").await, 1);
        app.leave(&bob, org).await;
        assert_eq!(accept(&app, &bob, &token).await.issue("token"), "invite_invalid");
        assert_eq!(role(&app, org, &bob).await, None);
    }

    async fn accepting_an_invite_keeps_an_existing_role(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register_verified("bob").await);
        let org = app.shared_org(&ann).await;
        let token = app.invite(&ann, org, "bob@example.com").await;
        app.join(&bob, org, Role::Admin).await;
        assert_eq!(accept(&app, &bob, &token).await.ok()["role"], "admin");
        assert_eq!(role(&app, org, &bob).await, Some(Role::Admin));
    }

    async fn invite_is_accepted_only_by_its_email_address(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let (bob, eve) = (app.register("bob").await, app.register_verified("eve").await);
        let org = app.shared_org(&ann).await;
        let token = app.invite(&ann, org, "cleo@example.com").await;
        for person in [&bob, &eve] {
            assert_eq!(accept(&app, person, &token).await.issue("token"), "invite_email_mismatch");
        }
        assert_eq!(app.me(&bob.access).await.ok()["is_verified"], false);
        assert_eq!((role(&app, org, &bob).await, role(&app, org, &eve).await), (None, None));
        let info = app.get(&format!("/v1/auth/invite-info?token={token}")).send().await.ok();
        assert_eq!(info["valid"], true);
    }

    async fn invalid_invites_all_get_the_same_response(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register_verified("bob").await);
        let org = app.shared_org(&ann).await;
        let mut bodies = Vec::new();
        let renewed = app.invite(&ann, org, "bob@example.com").await;
        let expired = app.invite(&ann, org, "bob@example.com").await;
        let ports = &app.state.ports;
        let gone = doorward_domain::token::TokenRef { id: bob.id.as_uuid(), counter: 1 };
        let gone = ports.opaque_tokens.issue(doorward_domain::token::TokenPurpose::Invite, gone);
        for token in [&*renewed, "dwi_x", "x", &bob.refresh, gone.expose()] {
            bodies.push(accept(&app, &bob, token).await);
        }
        app.advance(Duration::days(7));
        let bob: Person = app.login("bob", PASSWORD).await.ok().into();
        bodies.push(accept(&app, &bob, &expired).await);
        for answer in &bodies {
            assert_eq!((answer.status, &answer.body), (422, &bodies[0].body));
            assert_eq!(answer.issue("token"), "invite_invalid");
            assert!(answer.body["detail"][0]["input"].is_null());
        }
    }

    async fn invite_is_valid_only_while_its_inviter_may_invite(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register("bob").await);
        let cleo = app.register_verified("cleo").await;
        let org = app.shared_org(&ann).await;
        app.join(&bob, org, Role::Admin).await;
        let token = app.invite(&bob, org, "cleo@example.com").await;
        let path = format!("/v1/orgs/{org}/members/{}", bob.id);
        let change = async |role: &str| {
            let body = json!({ "role": role });
            app.patch(&path).bearer(&ann.access).json(&body).send().await.ok();
        };
        change("member").await;
        assert_eq!(accept(&app, &cleo, &token).await.issue("token"), "invite_invalid");
        change("admin").await;
        app.disable(&bob).await;
        assert_eq!(accept(&app, &cleo, &token).await.issue("token"), "invite_invalid");
        app.delete(&path).bearer(&ann.access).send().await.ok();
        assert_eq!(accept(&app, &cleo, &token).await.issue("token"), "invite_invalid");
        let token = app.invite(&ann, org, "cleo@example.com").await;
        accept(&app, &cleo, &token).await.ok();
    }

    async fn invite_accepted_fifty_times_concurrently_is_used_once(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register_verified("bob").await);
        let org = app.shared_org(&ann).await;
        let token = app.invite(&ann, org, "bob@example.com").await;
        let answers = join_all((0..50).map(|_| accept(&app, &bob, &token))).await;
        assert!(answers.iter().all(|answer| answer.status == 200));
        assert_eq!(count_of(&app, "invite_accepted").await, 1);
        assert_eq!(role(&app, org, &bob).await, Some(Role::Member));
    }

    async fn invite_is_either_revoked_or_accepted_and_never_both(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register_verified("bob").await);
        for _ in 0..10 {
            let org = app.shared_org(&ann).await;
            let token = app.invite(&ann, org, "bob@example.com").await;
            let path = format!("/v1/orgs/{org}/invites");
            let page = app.get(&path).bearer(&ann.access).send().await.ok();
            let path = format!("{path}/{}", page["items"][0]["invite_id"].as_str().unwrap());
            let revoke = app.delete(&path).bearer(&ann.access);
            let (revoked, accepted) = join(revoke.send(), accept(&app, &bob, &token)).await;
            assert_ne!(revoked.status == 200, accepted.status == 200);
            assert_eq!(role(&app, org, &bob).await.is_some(), accepted.status == 200);
        }
    }

    async fn organization_is_deleted_during_concurrent_use(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register("bob").await);
        for round in 0..10 {
            let org = app.shared_org(&ann).await;
            app.join(&bob, org, Role::Member).await;
            let token = app.invite(&ann, org, &format!("guest-{round}@example.com")).await;
            let here: Person = app.login("bob", PASSWORD).await.ok().into();
            let delete = app.delete(&format!("/v1/orgs/{org}")).bearer(&ann.access);
            let switch = app.post("/v1/auth/switch-org").bearer(&here.access);
            let switch = switch.json(&json!({ "org_id": org.to_string() }));
            let choose = app.put("/v1/auth/me/profile").bearer(&bob.access);
            let choose = choose.json(&json!({ "default_workspace_id": org.to_string() }));
            let refresh = json!({ "refresh_token": here.refresh, "org_id": org.to_string() });
            let refresh = app.post("/v1/auth/refresh").json(&refresh);
            let register = app.post("/v1/auth/register").json(&json!({
                "email": format!("guest-{round}@example.com"), "username": format!("guest-{round}"),
                "password": PASSWORD, "invite_token": token,
            }));
            let calls = [register, switch, choose, refresh, delete];
            for answer in join_all(calls.map(|call| call.send())).await {
                // 503 is a conflict: the next attempt reports that the organization was deleted.
                assert!(matches!(answer.status, 200 | 403 | 422 | 503), "{}", answer.body);
            }
            assert_eq!(role(&app, org, &bob).await, None);
        }
    }

    async fn organization_is_deleted_during_a_concurrent_join(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register_verified("bob").await);
        for _ in 0..10 {
            let org = app.shared_org(&ann).await;
            let token = app.invite(&ann, org, "bob@example.com").await;
            let delete = app.delete(&format!("/v1/orgs/{org}")).bearer(&ann.access);
            let (deleted, accepted) = join(delete.send(), accept(&app, &bob, &token)).await;
            deleted.ok();
            assert!(matches!(accepted.status, 200 | 422), "{}", accepted.body);
            assert_eq!(role(&app, org, &bob).await, None);
        }
    }
}
