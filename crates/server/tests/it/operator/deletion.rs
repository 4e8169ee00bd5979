//! Deleting accounts on the command line.

use doorward_domain::org::role::Role;
use serde_json::json;

use crate::support::{PASSWORD, TestApp, on_both};

on_both! {
    async fn account_is_deleted_at_once_and_its_audit_trail_kept(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let ann = app.register("ann").await;
        let bob = app.register("bob").await;
        let said = app.operate(&["user", "delete", "ann"]).refused();
        assert!(said.contains("without confirmation") && said.contains("--yes"), "{said}");
        app.me(&ann.access).await.ok();

        let gone = app.operate(&["user", "delete", "ann", "--yes", "--json"]).json();
        assert_eq!(gone["deleted_orgs"], json!([ann.workspace]));
        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        app.refresh(&ann.refresh).await.error(401, "AUTHENTICATION_FAILED");
        app.login("ann", PASSWORD).await.error(401, "AUTHENTICATION_FAILED");
        assert!(app.operate(&["user", "show", "ann"]).refused().contains("no account ann"));
        app.me(&bob.access).await.ok();
        let rows = app.database.rows().await;
        for table in ["users", "orgs", "memberships", "sessions", "one_time_tokens"] {
            let left = &rows[table];
            assert_eq!(left.len(), 1, "{table}: {left:?}");
        }
        let id = ann.id.to_string();
        let trail = app.operate(&["audit", "list", "--user", &id, "--json"]).json();
        let kinds: Vec<_> = trail["items"].as_array().unwrap().iter().map(|it| &it["kind"]).collect();
        assert_eq!(kinds, ["account_deleted", "registered"]);
    }

    async fn new_account_with_the_name_of_a_deleted_one_inherits_nothing(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let ann = app.register("ann").await;
        let link = app.mail().await.token();
        app.operate(&["user", "delete", "ann", "--yes"]).done();
        let next = app.register("ann").await;
        assert!(next.id != ann.id && next.workspace != ann.workspace);
        app.me(&ann.access).await.error(401, "AUTHENTICATION_FAILED");
        app.refresh(&ann.refresh).await.error(401, "AUTHENTICATION_FAILED");
        let body = json!({ "token": link });
        assert_ne!(app.post("/v1/auth/verify-email").json(&body).send().await.status, 200);
        assert_eq!(app.me(&next.access).await.ok()["is_verified"], false);
        let events = app.get("/v1/auth/events").bearer(&next.access).send().await.ok();
        assert_eq!(events["items"].as_array().unwrap().len(), 1);
    }

    async fn last_owner_of_a_shared_organization_is_not_deleted(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let ann = app.register("ann").await;
        let bob = app.register("bob").await;
        let org = app.shared_org(&ann).await;
        app.join(&bob, org, Role::Admin).await;
        let said = app.operate(&["user", "delete", "ann", "--yes"]).refused();
        assert!(said.contains("last owner of “Acme”"), "{said}");
        app.me(&ann.access).await.ok();

        app.operate(&["user", "delete", "bob", "--yes"]).done();
        let said = app.operate(&["user", "delete", "ann", "--yes"]).done();
        assert!(said.contains(" and 2 organizations\n"), "{said}");
        assert!(app.database.rows().await["orgs"].is_empty());
    }
}
