//! Organizations and invites on the command line.

use serde_json::json;

use crate::support::{PASSWORD, Person, TestApp, on_both, org_id};

on_both! {
    async fn operator_creates_an_organization_and_invites_into_it(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let ann = app.register_verified("ann").await;
        app.messages().await;
        let made = app.operate(&["org", "create", "Acme", "--owner", "ann", "--json"]).json();
        let org = made["org_id"].as_str().unwrap();
        assert_eq!((&made["name"], &made["kind"]), (&"Acme".into(), &"shared".into()));
        assert!(app.operate(&["org", "list"]).done().contains(" Acme "));
        assert!(app.operate(&["org", "show", org]).done().contains("Acme"));

        let invited = ["invite", "create", org, "bob@example.com", "--by", "ann", "--role", "admin"];
        assert!(app.operate(&invited).done().contains(" for bob@example.com, valid until "));
        let token = app.mail().await.token();
        let listed = app.operate(&["invite", "list", org, "--json"]).json();
        assert_eq!(listed["items"][0]["email"], "bob@example.com");
        assert_eq!(listed["items"][0]["role"], "admin");
        let body = json!({
            "email": "bob@example.com", "username": "bob", "password": PASSWORD, "invite_token": token,
        });
        let bob: Person = app.post("/v1/auth/register").json(&body).send().await.ok().into();
        assert_eq!(org_id(&bob.access).as_deref(), Some(org));
        let members = app.operate(&["org", "members", org]).done();
        assert!(members.contains(" admin ") && members.contains(" owner "), "{members}");

        let once_more = ["invite", "create", org, "cay@example.com", "--by", "bob", "--json"];
        let cay = app.operate(&once_more).json()["invite_id"].as_str().unwrap().to_owned();
        let said = app.operate(&["invite", "revoke", org, &cay]).done();
        assert_eq!(said, "Invite revoked\n");
        assert!(app.operate(&["invite", "revoke", org, &cay]).code == Some(1));
        app.me(&ann.access).await.ok();
    }

    async fn commands_for_an_unverified_account_require_force(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        app.register("ceo").await;
        let refused = |arguments: &[&str]| {
            let said = app.operate_with(arguments, "another horse battery").refused();
            assert!(said.contains("not verified") && said.contains("--force"), "{arguments:?}: {said}");
            let forced = [arguments, &["--force"]].concat();
            app.operate_with(&forced, "another horse battery").done()
        };
        refused(&["org", "create", "Acme", "--owner", "ceo@example.com"]);
        let listed = app.operate(&["org", "list", "--json"]).json();
        let items = listed["items"].as_array().unwrap();
        let org = items.iter().find(|org| org["name"] == "Acme").unwrap()["org_id"].as_str().unwrap().to_owned();
        refused(&["invite", "create", &org, "bob@example.com", "--by", "ceo"]);
        refused(&["user", "set-password", "ceo", "--password-stdin"]);
        app.login("ceo", "another horse battery").await.ok();
        assert_eq!(items.iter().filter(|org| org["name"] == "Acme").count(), 1);
    }

    async fn pending_invites_of_all_organizations_are_listed_in_pages(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        app.register_verified("ann").await;
        for (name, email) in [("Acme", "bob@example.com"), ("Emca", "cay@example.com")] {
            let org = app.operate(&["org", "create", name, "--owner", "ann", "--json"]).json();
            let org = org["org_id"].as_str().unwrap().to_owned();
            app.operate(&["invite", "create", &org, email, "--by", "ann"]).done();
        }
        let table = app.operate(&["invite", "list"]).done();
        for text in ["ORGANIZATION", " Acme ", " Emca ", " bob@example.com ", " cay@example.com "] {
            assert!(table.contains(text), "{table}");
        }
        let first = app.operate(&["invite", "list", "--limit", "1", "--json"]).json();
        let invite = &first["items"][0];
        assert_eq!((&invite["email"], &invite["org_name"]), (&"cay@example.com".into(), &"Emca".into()));
        let next = first["next"].as_str().unwrap();
        let second = app.operate(&["invite", "list", "--after", next, "--json"]).json();
        assert_eq!(second["items"][0]["org_name"], "Acme");
        assert!(second["next"].is_null());
        // The list has everything that revoking an invite needs.
        let ids = ["org_id", "invite_id"].map(|key| invite[key].as_str().unwrap());
        app.operate(&["invite", "revoke", ids[0], ids[1]]).done();
        assert!(!app.operate(&["invite", "list"]).done().contains("Emca"));
    }

    async fn lists_of_an_organization_that_does_not_exist_are_refused(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        for command in [["org", "members"], ["invite", "list"]] {
            let unknown = "01a203b4-d976-7da5-a5da-21aa3d8d36ba";
            let said = app.operate(&[command[0], command[1], unknown]).refused();
            assert!(said.contains("no such organization"), "{said}");
        }
    }

    async fn invalid_organization_commands_are_refused_with_a_reason(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        let ann = app.register_verified("ann").await;
        app.register_verified("bob").await;
        let org = app.operate(&["org", "create", "Acme", "--owner", "ann", "--json"]).json();
        let org = org["org_id"].as_str().unwrap();
        for (arguments, part) in [
            (vec!["org", "create", "Acme", "--owner", "unknown"], "no account unknown"),
            (vec!["org", "create", "", "--owner", "ann"], "the name must have"),
            (vec!["org", "show", "x"], "the ID of an organization"),
            (vec!["org", "show", "0190a6f0-0000-7000-8000-000000000001"], "organization"),
            (vec!["invite", "create", org, "x@example.com", "--by", "bob"], "organization"),
            (vec!["invite", "create", org, "bob", "--by", "ann"], "@-sign"),
            (vec!["invite", "create", &ann.workspace, "x@example.com", "--by", "ann"], "personal"),
            (vec!["invite", "create", org, "ann@example.com", "--by", "ann"], "already a member"),
        ] {
            let said = app.operate(&arguments).refused();
            assert!(said.contains(part), "{arguments:?}: {said}");
        }
        let unknown_role = ["invite", "create", org, "x@example.com", "--by", "ann", "--role", "king"];
        assert_eq!(app.operate(&unknown_role).code, Some(2));
    }
}
