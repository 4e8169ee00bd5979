//! Limits on the messages that one account may send and the organizations that it may create.

use doorward_domain::{OrgId, org::role::Role};
use doorward_server::config::Options;
use serde_json::{Value, json};
use time::Duration;

use crate::support::{Answer, PASSWORD, Person, TestApp, on_both};

async fn invite(app: &TestApp, by: &Person, org: &str, email: &str) -> Answer {
    let body = json!({ "email": email, "role": "member" });
    app.post(&format!("/v1/orgs/{org}/invites")).bearer(&by.access).json(&body).send().await
}

async fn resend(app: &TestApp, by: &Person, org: &str, made: &Value) -> Answer {
    let id = made["invite_id"].as_str().unwrap();
    app.post(&format!("/v1/orgs/{org}/invites/{id}/resend")).bearer(&by.access).send().await
}

async fn create(app: &TestApp, by: &Person, name: &str) -> Answer {
    app.post("/v1/orgs").bearer(&by.access).json(&json!({ "name": name })).send().await
}

async fn created(app: &TestApp, by: &Person, name: &str) -> String {
    create(app, by, name).await.ok()["org_id"].as_str().unwrap().to_owned()
}

#[track_caller]
fn is_limited(answer: &Answer, seconds: u64) {
    assert_eq!(answer.error(429, "RATE_LIMIT_EXCEEDED")["retry_after"], seconds);
    assert_eq!(answer.headers["retry-after"], seconds.to_string());
}

on_both! {
    async fn only_a_verified_account_sends_invitations(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let verify = app.mail().await.token();
        let org = created(&app, &ann, "Acme").await;
        let refused = invite(&app, &ann, &org, "bob@example.com").await;
        assert_eq!(refused.error(403, "FORBIDDEN")["required_permission"], "email:verified");
        assert!(app.messages().await.is_empty());
        app.post("/v1/auth/verify-email").json(&json!({ "token": verify })).send().await.ok();
        invite(&app, &ann, &org, "bob@example.com").await.ok();
        assert_eq!(app.mail().await.to, "bob@example.com");
    }

    // The limit counts invitations by all accounts into all organizations.
    async fn address_receives_at_most_five_invitations_a_day(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register_verified("ann").await;
        let bob = app.register_verified("bob").await;
        let (acme, globex) = (created(&app, &ann, "Acme").await, created(&app, &bob, "Globex").await);
        app.messages().await;
        let first = invite(&app, &ann, &acme, "Cleo@example.com").await.ok();
        for _ in 0..2 {
            resend(&app, &ann, &acme, &first).await.ok();
        }
        invite(&app, &bob, &globex, "cleo@example.com").await.ok();
        invite(&app, &bob, &globex, "CLEO@EXAMPLE.COM").await.ok();
        let half_a_day = 12 * 3600;
        is_limited(&invite(&app, &bob, &globex, "cleo@example.com").await, half_a_day);
        is_limited(&resend(&app, &ann, &acme, &first).await, half_a_day);
        assert!(app.messages().await.len() <= 5);
        invite(&app, &ann, &acme, "dora@example.com").await.ok();
        app.advance(Duration::seconds(12 * 3600));
        let ann: Person = app.login("ann", PASSWORD).await.ok().into();
        resend(&app, &ann, &acme, &first).await.ok();
    }

    // The limit counts all of the account's organizations together; invitations refused for another reason don't count.
    async fn invitations_per_account_and_day_are_limited_as_configured(backend) {
        let options = Options { invites_per_account_per_day: Some(3), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        let ann = app.register_verified("ann").await;
        let (acme, globex) = (created(&app, &ann, "Acme").await, created(&app, &ann, "Globex").await);
        app.messages().await;
        assert_eq!(invite(&app, &ann, &acme, "ann@example.com").await.issue("email"), "already_member");
        for (org, email) in [(&acme, "a@example.com"), (&globex, "b@example.com"), (&acme, "c@example.com")] {
            invite(&app, &ann, org, email).await.ok();
        }
        is_limited(&invite(&app, &ann, &globex, "d@example.com").await, 12 * 3600);
        assert_eq!(app.messages().await.len(), 3);
        let bob = app.register_verified("bob").await;
        app.join(&bob, acme.parse::<OrgId>().unwrap(), Role::Admin).await;
        invite(&app, &bob, &acme, "d@example.com").await.ok();
    }

    async fn organizations_per_account_are_limited_as_configured(backend) {
        let options = Options { organizations_max_per_account: Some(2), ..Options::default() };
        let app = TestApp::start_with(backend, options).await;
        let (ann, bob) = (app.register("ann").await, app.register("bob").await);
        let first = created(&app, &ann, "One").await;
        created(&app, &ann, "Two").await;
        let refused = create(&app, &ann, "Three").await;
        assert_eq!(refused.error(403, "FORBIDDEN")["required_permission"], "org:create");
        created(&app, &bob, "Three").await;
        app.delete(&format!("/v1/orgs/{first}")).bearer(&ann.access).send().await.ok();
        created(&app, &ann, "Three").await;
    }

    // A member can neither create an organization nor invite; owners and admins of existing organizations can invite.
    async fn member_cannot_bypass_closed_registration(backend) {
        let secret = || Some("a secret of thirty-two characters".parse().unwrap());
        let app = TestApp::start_with(backend, Options { master_key: secret(), ..Options::default() }).await;
        let (ann, bob) = (app.register_verified("ann").await, app.register_verified("bob").await);
        let org = app.shared_org(&ann).await;
        app.join(&bob, org, Role::Member).await;
        let org = org.to_string();
        let options = Options { allow_registration: Some(false), master_key: secret(), ..Options::default() };
        let app = app.beside(options).await;
        app.messages().await;
        for (refused, required) in [
            (create(&app, &bob, "Mine").await, "org:create"),
            (create(&app, &ann, "Mine").await, "org:create"),
            (invite(&app, &bob, &org, "cleo@example.com").await, "invite:create"),
        ] {
            assert_eq!(refused.error(403, "FORBIDDEN")["required_permission"], required);
        }
        invite(&app, &ann, &org, "cleo@example.com").await.ok();
        let body = json!({
            "email": "cleo@example.com", "username": "cleo", "password": PASSWORD,
            "invite_token": app.mail().await.token(),
        });
        let cleo: Person = app.post("/v1/auth/register").json(&body).send().await.ok().into();
        // A new account still gets its personal organization.
        let orgs = app.get("/v1/orgs").bearer(&cleo.access).send().await.ok();
        assert_eq!(orgs["items"].as_array().unwrap().len(), 2);
    }

    async fn only_configured_domains_can_be_invited(backend) {
        let options = Options {
            invites_domains: Some("example.com, *.example.org".parse().unwrap()),
            ..Options::default()
        };
        let app = TestApp::start_with(backend, options).await;
        let ann = app.register_verified("ann").await;
        let org = created(&app, &ann, "Acme").await;
        for email in ["bob@EXAMPLE.com", "bob@mail.example.org"] {
            invite(&app, &ann, &org, email).await.ok();
        }
        for email in ["bob@example.net", "bob@example.org", "bob@sub.example.com"] {
            let refused = invite(&app, &ann, &org, email).await;
            assert_eq!(refused.issue("email"), "domain_not_allowed", "{email}");
        }
    }

    async fn invitation_contains_no_injected_link_or_bidi_control(backend) {
        let app = TestApp::start(backend).await;
        let body = json!({
            "email": "eve@example.com", "username": "pay.evil.example", "password": PASSWORD,
            "full_name": "Eve \u{202e} www.evil.example",
        });
        let eve: Person = app.post("/v1/auth/register").json(&body).send().await.ok().into();
        let verification = app.mail().await;
        assert!(!verification.text.contains("evil.example"), "{}", verification.text);
        let body = json!({ "token": verification.token() });
        app.post("/v1/auth/verify-email").json(&body).send().await.ok();
        let names = [
            "Payroll notice 7: https://evil.example/pay",
            "evil.example\u{202e}",
            "www\u{ff0e}evil\u{3002}example",
            "x\r\nBcc: a@evil.example",
        ];
        for (number, name) in names.into_iter().enumerate() {
            let org = created(&app, &eve, name).await;
            invite(&app, &eve, &org, &format!("victim{number}@example.net")).await.ok();
            let mail = app.mail().await;
            let text = mail.text.replace("https://", "");
            for part in ["evil.example", "evil\u{3002}example", "=2Eevil", "\u{202e}", "E2_80_AE", "=E2=80=AE", "Bcc:"] {
                assert!(!text.contains(part), "{part:?} of {name:?} is in {text}");
            }
        }
    }
}
