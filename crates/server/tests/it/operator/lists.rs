//! Listing and showing accounts on the command line.

use serde_json::{Value, json};

use crate::support::{TestApp, on_both};

fn names(listed: &Value) -> Vec<&str> {
    let items = listed["items"].as_array().unwrap().iter();
    items.map(|user| user["username"].as_str().unwrap()).collect()
}

on_both! {
    async fn accounts_are_listed_and_filtered(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        for name in ["ann", "anna", "bob"] {
            app.register(name).await;
        }
        app.operate(&["user", "disable", "bob"]).done();
        app.operate(&["user", "verify", "ann"]).done();
        app.operate(&["user", "grant-admin", "ann"]).done();
        for (arguments, expected) in [
            (&[][..], &["bob", "anna", "ann"][..]),
            (&["--search", "ANN"], &["anna", "ann"]),
            (&["--search", "bob@"], &["bob"]),
            (&["--search", "%"], &[]),
            (&["--disabled"], &["bob"]),
            (&["--unverified"], &["bob", "anna"]),
            (&["--unverified", "--search", "a"], &["anna"]),
            (&["--admin"], &["ann"]),
        ] {
            let arguments = [&["user", "list", "--json"][..], arguments].concat();
            let listed = app.operate(&arguments).json();
            assert_eq!(names(&listed), expected, "{arguments:?}");
            assert_eq!(listed["next"], Value::Null);
        }
        let first = app.operate(&["user", "list", "--json", "--limit", "2"]).json();
        assert_eq!(names(&first), ["bob", "anna"]);
        let next = first["next"].as_str().unwrap();
        let second = app.operate(&["user", "list", "--after", next]).done();
        assert!(second.contains("ann@example.com") && !second.contains("anna@"), "{second}");
        assert!(!second.contains('\u{1b}'), "output that is not a terminal has colors: {second}");
    }

    async fn account_is_shown_with_its_organizations(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let ann = app.register("ann").await;
        let org = app.shared_org(&ann).await.to_string();
        let shown = app.operate(&["user", "show", "ann", "--json"]).json();
        assert_eq!(shown["user_id"], ann.id.to_string());
        let mut orgs: Vec<_> = shown["orgs"].as_array().unwrap().iter().map(|org| &org["org_id"]).collect();
        orgs.sort_by_key(|org| org.to_string());
        let mut expected = [json!(ann.workspace), json!(org)];
        expected.sort_by_key(ToString::to_string);
        assert_eq!(orgs, expected.each_ref());
        let card = app.operate(&["user", "show", "ann@example.com"]).done();
        for part in ["Email", "ann@example.com", "unverified", "ann's workspace", "Acme", "owner"] {
            assert!(card.contains(part), "{part} in {card}");
        }
        let said = app.operate(&["user", "show", "unknown"]).refused();
        assert!(said.contains("no account unknown: identify it by ID"), "{said}");
    }
}
