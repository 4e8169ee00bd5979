use doorward_domain::{OrgId, org::role::Role};
use serde_json::{Value, json};
use time::Duration;

use crate::support::{Answer, PASSWORD, Person, TestApp, on_both};

async fn invite(app: &TestApp, by: &Person, org: OrgId, email: &str, role: &str) -> Answer {
    let body = json!({ "email": email, "role": role });
    app.post(&format!("/v1/orgs/{org}/invites")).bearer(&by.access).json(&body).send().await
}

async fn open(app: &TestApp, by: &Person, org: OrgId) -> Vec<Value> {
    let path = format!("/v1/orgs/{org}/invites");
    let page = app.get(&path).bearer(&by.access).send().await.ok();
    page["items"].as_array().unwrap().clone()
}

fn path(org: OrgId, invite: &Value) -> String {
    format!("/v1/orgs/{org}/invites/{}", invite["invite_id"].as_str().unwrap())
}

async fn is_valid(app: &TestApp, token: &str) -> bool {
    let info = app.get(&format!("/v1/auth/invite-info?token={token}")).send().await.ok();
    info["valid"] == true
}

on_both! {
    async fn invite_is_emailed_and_used_at_registration(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register_verified("ann").await;
        app.messages().await;
        let org = app.shared_org(&ann).await;
        let made = invite(&app, &ann, org, "Bob@EXAMPLE.com", "admin").await.ok();
        assert_eq!(made, json!({
            "invite_id": made["invite_id"], "email": "Bob@example.com", "role": "admin",
            "invited_by": ann.id.to_string(), "created_at": "2026-01-01T12:00:00Z",
            "expires_at": "2026-01-08T12:00:00Z",
        }));
        assert_eq!(open(&app, &ann, org).await, [made]);
        let mail = app.mail().await;
        assert_eq!(mail.to, "Bob@example.com");
        assert!(mail.text.contains("Acme"), "{}", mail.text);

        let body = json!({
            "email": "bob@example.com", "username": "bob", "password": PASSWORD,
            "invite_token": mail.token(), "role": "owner",
        });
        let bob = app.post("/v1/auth/register").json(&body).send().await.ok();
        assert_eq!(bob["user"]["roles"], json!(["admin"]));
        assert!(open(&app, &ann, org).await.is_empty());
    }

    async fn inviting_again_renews_the_invite_and_invalidates_the_previous_link(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register_verified("ann").await;
        app.messages().await;
        let org = app.shared_org(&ann).await;
        let first = invite(&app, &ann, org, "bob@example.com", "admin").await.ok();
        let old = app.mail().await.token();
        app.advance(Duration::days(6));
        let ann: Person = app.login("ann", PASSWORD).await.ok().into();
        let second = invite(&app, &ann, org, "BOB@example.com", "member").await.ok();
        assert_eq!(second["invite_id"], first["invite_id"]);
        assert_eq!((&second["role"], &second["expires_at"]),
            (&json!("member"), &json!("2026-01-14T12:00:00Z")));
        let new = app.mail().await.token();
        assert_eq!((is_valid(&app, &old).await, is_valid(&app, &new).await), (false, true));
        assert_eq!(open(&app, &ann, org).await, [second]);
    }

    async fn expired_invite_can_be_resent(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register_verified("ann").await, app.register_verified("bob").await);
        app.messages().await;
        let org = app.shared_org(&ann).await;
        app.join(&bob, org, Role::Admin).await;
        let made = invite(&app, &ann, org, "cleo@example.com", "member").await.ok();
        let old = app.mail().await.token();
        app.advance(Duration::days(8));
        let bob: Person = app.login("bob", PASSWORD).await.ok().into();
        assert!(!is_valid(&app, &old).await);
        assert_eq!(open(&app, &bob, org).await, std::slice::from_ref(&made));
        let again = app.post(&format!("{}/resend", path(org, &made))).bearer(&bob.access).send().await;
        let again = again.ok();
        assert_eq!((&again["invite_id"], &again["invited_by"], &again["expires_at"]),
            (&made["invite_id"], &json!(bob.id.to_string()), &json!("2026-01-16T12:00:00Z")));
        let new = app.mail().await.token();
        assert_eq!((is_valid(&app, &old).await, is_valid(&app, &new).await), (false, true));
    }

    async fn revoked_invite_is_invalid_and_not_found(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register_verified("ann").await;
        app.messages().await;
        let org = app.shared_org(&ann).await;
        let made = invite(&app, &ann, org, "bob@example.com", "member").await.ok();
        let token = app.mail().await.token();
        let path = path(org, &made);
        assert!(app.delete(&path).bearer(&ann.access).send().await.ok().is_null());
        assert!(!is_valid(&app, &token).await);
        assert!(open(&app, &ann, org).await.is_empty());
        app.delete(&path).bearer(&ann.access).send().await.error(404, "NOT_FOUND");
        let resend = format!("{path}/resend");
        app.post(&resend).bearer(&ann.access).send().await.error(404, "NOT_FOUND");
        let another = invite(&app, &ann, org, "bob@example.com", "member").await.ok();
        assert_ne!(another["invite_id"], made["invite_id"]);
    }

    async fn invites_of_another_organization_are_not_found(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register_verified("ann").await, app.register_verified("bob").await);
        let (ours, theirs) = (app.shared_org(&ann).await, app.shared_org(&bob).await);
        let made = invite(&app, &bob, theirs, "cleo@example.com", "member").await.ok();
        for org in [ours, theirs] {
            let path = path(org, &made);
            app.delete(&path).bearer(&ann.access).send().await.error(404, "NOT_FOUND");
            let resend = format!("{path}/resend");
            app.post(&resend).bearer(&ann.access).send().await.error(404, "NOT_FOUND");
        }
        assert_eq!(open(&app, &bob, theirs).await, [made]);
    }

    async fn inviting_an_existing_member_is_refused(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register_verified("ann").await, app.register_verified("bob").await);
        app.messages().await;
        let org = app.shared_org(&ann).await;
        app.join(&bob, org, Role::Member).await;
        let answer = invite(&app, &ann, org, "BOB@example.com", "admin").await;
        assert_eq!(answer.issue("email"), "already_member");
        assert!(app.messages().await.is_empty());
    }

    async fn admin_cannot_invite_an_owner(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register_verified("ann").await, app.register_verified("bob").await);
        app.messages().await;
        let org = app.shared_org(&ann).await;
        app.join(&bob, org, Role::Admin).await;
        let refused = invite(&app, &bob, org, "cleo@example.com", "owner").await;
        assert_eq!(refused.error(403, "FORBIDDEN")["required_permission"], "invite:create");
        let made = invite(&app, &ann, org, "cleo@example.com", "owner").await.ok();
        let token = app.mail().await.token();
        let resend = format!("{}/resend", path(org, &made));
        let refused = app.post(&resend).bearer(&bob.access).send().await;
        assert_eq!(refused.error(403, "FORBIDDEN")["required_permission"], "invite:create");
        // Refused requests changed nothing.
        assert!(is_valid(&app, &token).await);
        assert_eq!(open(&app, &ann, org).await, [made]);
        assert!(app.messages().await.is_empty());
    }

    async fn invite_list_is_paginated(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register_verified("ann").await;
        let org = app.shared_org(&ann).await;
        let mut expected = Vec::new();
        for number in 0..5 {
            let email = format!("guest-{number}@example.com");
            expected.insert(0, invite(&app, &ann, org, &email, "member").await.ok());
        }
        let path = format!("/v1/orgs/{org}/invites?limit=3");
        let first = app.get(&path).bearer(&ann.access).send().await.ok();
        let cursor = first["next_cursor"].as_str().unwrap();
        let path = format!("{path}&cursor={cursor}");
        let second = app.get(&path).bearer(&ann.access).send().await.ok();
        let items = |page: &Value| page["items"].as_array().unwrap().clone();
        assert_eq!([items(&first), items(&second)].concat(), expected);
        assert!(second["next_cursor"].is_null());
    }
}
