use doorward_domain::org::role::Role;
use serde_json::json;
use time::Duration;

use crate::support::{TestApp, on_both};

on_both! {
    async fn two_access_tokens_work_in_two_organizations(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register("bob").await);
        let org = app.shared_org(&ann).await;
        app.join(&bob, org, Role::Admin).await;
        let body = json!({ "org_id": org.to_string() });
        let answer = app.post("/v1/auth/switch-org").bearer(&bob.access).json(&body).send().await;
        let access = answer.text("access_token").to_owned();
        assert_eq!(
            answer.ok(),
            json!({
                "access_token": access, "token_type": "bearer", "expires_in": 900,
                "org_id": org.to_string(),
            })
        );
        assert_eq!(app.me(&access).await.ok()["roles"], json!(["admin"]));
        assert_eq!(app.me(&bob.access).await.ok()["roles"], json!(["owner"]));
    }

    async fn switching_organizations_does_not_extend_the_access_token(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let switch = async |access: &str| {
            let body = json!({ "org_id": ann.workspace });
            app.post("/v1/auth/switch-org").bearer(access).json(&body).send().await
        };
        let mut access = ann.access.clone();
        for left in [600, 300] {
            app.advance(Duration::minutes(5));
            let answer = switch(&access).await;
            access = answer.text("access_token").to_owned();
            assert_eq!(answer.ok()["expires_in"], left);
        }
        // The token is still accepted within the allowed clock skew.
        app.advance(Duration::minutes(5) + Duration::seconds(29));
        let answer = switch(&access).await;
        let last = answer.text("access_token").to_owned();
        assert_eq!(answer.ok()["expires_in"], 0);
        app.advance(Duration::seconds(1));
        for token in [&access, &last] {
            app.me(token).await.error(401, "AUTHENTICATION_FAILED");
        }
        // A refresh token is stronger proof, and the session continues.
        assert_eq!(app.refresh(&ann.refresh).await.ok()["expires_in"], 900);
    }

    async fn organization_switch_is_recorded_as_an_event(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let body = json!({ "org_id": ann.workspace });
        app.post("/v1/auth/switch-org").bearer(&ann.access).json(&body).send().await.ok();
        let events = app.get("/v1/auth/events").bearer(&ann.access).send().await.ok();
        assert_eq!(events["items"][0]["kind"], "org_switched");
    }

    async fn foreign_unknown_and_malformed_organizations_get_the_same_error(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register("bob").await);
        let unknown = "01890000-0000-7000-8000-000000000000";
        for org in [bob.workspace.as_str(), unknown, "nonsense", " "] {
            let body = json!({ "org_id": org });
            let answer = app.post("/v1/auth/switch-org").bearer(&ann.access).json(&body).send().await;
            assert_eq!(*answer.error(403, "FORBIDDEN"), json!({ "required_permission": "org:access" }));
        }
    }

    async fn role_change_applies_to_the_next_request(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let mut repositories = app.state.ports.storage.connect().await.unwrap();
        let org = ann.workspace.parse().unwrap();
        assert!(repositories.memberships().set_role(org, ann.id, Role::Member).await.unwrap());
        assert_eq!(app.me(&ann.access).await.ok()["roles"], json!(["member"]));
    }
}
