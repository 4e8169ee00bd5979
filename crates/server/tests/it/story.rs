//! The lifecycle of an organization, with a mail server.

use doorward_server::config::Options;
use doorward_testing::TestSmtp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Person, TestApp, on_both, org_id};

/// Returns the token in the last email that the mail server received.
fn token(smtp: &TestSmtp, to: &str) -> String {
    let mail = smtp.taken().pop().unwrap();
    assert_eq!(mail.to, to);
    let text = mail.text.replace("=\r\n", "").replace("=3D", "=");
    let (_, rest) = text.split_once("?token=").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

on_both! {
    async fn organization_is_created_joined_by_email_and_left(backend) {
        let smtp = TestSmtp::start().await;
        let url = format!("smtp://127.0.0.1:{}", smtp.port());
        let options = Options { mail_url: Some(url.parse().unwrap()), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        let deliver = async || while app.state.application.mail.deliver.run().await.unwrap() > 0 {};
        let ann = app.register_verified("ann").await;
        let call = |method: Method, path: String, by: &Person, body: Value| {
            app.call(method, &path).bearer(&by.access).json(&body).send()
        };

        let acme = call(Method::POST, "/v1/orgs".into(), &ann, json!({ "name": "Acme" })).await.ok();
        let acme = acme["org_id"].as_str().unwrap();
        let invite = json!({ "email": "bob@example.com", "role": "admin" });
        call(Method::POST, format!("/v1/orgs/{acme}/invites"), &ann, invite).await.ok();
        deliver().await;
        let body = json!({
            "email": "bob@example.com", "username": "bob", "password": PASSWORD,
            "invite_token": token(&smtp, "<bob@example.com>"),
        });
        let bob = app.post("/v1/auth/register").json(&body).send().await.ok();
        assert_eq!(bob["user"]["is_verified"], true, "the invite token verifies the address");
        let bob: Person = bob.into();
        assert_eq!(org_id(&bob.access).as_deref(), Some(acme));

        // Bob switches to his personal organization and back.
        let orgs = app.get("/v1/orgs").bearer(&bob.access).send().await.ok();
        let orgs = orgs["items"].as_array().unwrap();
        let own = orgs.iter().find(|org| org["kind"] == "personal").unwrap()["org_id"].clone();
        for org in [own, acme.into()] {
            let body = json!({ "org_id": org });
            let switched = call(Method::POST, "/v1/auth/switch-org".into(), &bob, body).await.ok();
            let switched = org_id(switched["access_token"].as_str().unwrap());
            assert_eq!(switched.as_deref(), org.as_str());
        }

        // As an admin, Bob can invite; as a member, he can't; after his removal, he has no access.
        let invites = format!("/v1/orgs/{acme}/invites");
        let invite = |name: &str| json!({ "email": format!("{name}@example.com"), "role": "member" });
        call(Method::POST, invites.clone(), &bob, invite("cay")).await.ok();
        let member = format!("/v1/orgs/{acme}/members/{}", bob.id);
        call(Method::PATCH, member.clone(), &ann, json!({ "role": "member" })).await.ok();
        let refused = call(Method::POST, invites.clone(), &bob, invite("dan")).await;
        assert_eq!(refused.error(403, "FORBIDDEN")["required_permission"], "invite:create");
        app.delete(&member).bearer(&ann.access).send().await.ok();
        app.me(&bob.access).await.error(401, "AUTHENTICATION_FAILED");
        let home = app.refresh(&bob.refresh).await.ok();
        let home = home["access_token"].as_str().unwrap();
        assert_ne!(org_id(home).as_deref(), Some(acme));
        app.get(&format!("/v1/orgs/{acme}")).bearer(home).send().await.error(404, "NOT_FOUND");

        // The invite that he sent before is no longer valid.
        deliver().await;
        let token = token(&smtp, "<cay@example.com>");
        let info = app.get(&format!("/v1/auth/invite-info?token={token}")).send().await.ok();
        assert_eq!(info["valid"], false);
    }
}
