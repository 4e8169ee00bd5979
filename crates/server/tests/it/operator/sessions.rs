//! Listing and revoking sessions on the command line.

use crate::support::{PASSWORD, Person, TestApp, on_both};

on_both! {
    async fn operator_revokes_one_session_or_all(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let first = app.register("ann").await;
        let second: Person = app.login("ann", PASSWORD).await.ok().into();
        let bob = app.register("bob").await;
        let listed = app.operate(&["session", "list", "ann", "--json"]).json();
        let items = listed["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[0]["network"]), (2, &"127.0.0.1".into()));
        let id = items[0]["session_id"].as_str().unwrap();
        let table = app.operate(&["session", "list", "ann", "--limit", "1"]).done();
        assert!(table.starts_with("SESSION ") && table.contains(&format!("Next page: --after {id}")));

        let said = app.operate(&["session", "revoke", "bob", id]).refused();
        assert!(said.contains("no such session"), "{said}");
        app.me(&second.access).await.ok();
        assert_eq!(app.operate(&["session", "revoke", "ann", id]).done(), "1 session revoked\n");
        app.me(&second.access).await.error(401, "AUTHENTICATION_FAILED");
        app.me(&first.access).await.ok();

        let said = app.operate(&["session", "revoke", "ann", "--all", "--json"]).json();
        assert_eq!(said["sessions_ended"], 1);
        app.me(&first.access).await.error(401, "AUTHENTICATION_FAILED");
        app.refresh(&first.refresh).await.error(401, "AUTHENTICATION_FAILED");
        app.me(&bob.access).await.ok();
        assert_eq!(app.operate(&["session", "revoke", "ann", "--all"]).done(), "0 sessions revoked\n");
        let trail = app.operate(&["audit", "list", "--user", "ann"]).done();
        for kind in [" session_revoked ", " all_sessions_revoked "] {
            assert_eq!(trail.matches(kind).count(), 1, "{trail}");
        }
        assert_eq!(app.operate(&["session", "revoke", "ann"]).code, Some(2));
        assert!(app.operate(&["session", "revoke", "ann", "x"]).refused().contains("the ID of a session"));
    }
}
