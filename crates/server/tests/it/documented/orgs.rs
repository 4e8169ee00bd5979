//! The errors of organizations, members, and invites.

use doorward_domain::org::role::Role;
use doorward_server::config::Options;
use serde_json::{Value, json};

use super::{Answer, Undriven};
use crate::support::{Backend, Person, TestApp};

const ORG: &str = "/v1/orgs/{org_id}";

/// Calls an operation with these IDs in its path.
async fn send(
    app: &TestApp,
    name: &str,
    ids: &[(&str, &str)],
    person: &Person,
    body: Value,
) -> Answer {
    let path = ids.iter().fold(name.to_owned(), |path, (name, id)| path.replace(name, id));
    super::send(app, &path, Some(&person.access), Some(&body.to_string())).await
}

pub(super) async fn drive(app: &TestApp, undriven: &mut Undriven) {
    let owner = app.register_verified("olga").await;
    let member = app.register("mia").await;
    let org = app.shared_org(&owner).await;
    app.join(&member, org, Role::Member).await;
    let org = org.to_string();
    let ids = [("{org_id}", &*org), ("{user_id}", &*owner.id.to_string())];
    let personal = [("{org_id}", &*owner.workspace)];
    let new = json!({ "name": "Acme", "role": "member", "email": "new@example.com" });

    // `super::send` fills the path with an ID that doesn't exist.
    for operation in
        ["GET", "PATCH", "DELETE"].map(|method| format!("{method} {ORG}")).iter().chain([
            &format!("GET {ORG}/members"),
            &format!("PATCH {ORG}/members/{{user_id}}"),
            &format!("DELETE {ORG}/members/{{user_id}}"),
            &format!("GET {ORG}/invites"),
            &format!("POST {ORG}/invites"),
            &format!("DELETE {ORG}/invites/{{invite_id}}"),
            &format!("POST {ORG}/invites/{{invite_id}}/resend"),
        ])
    {
        let answer = send(app, operation, &[], &owner, new.clone()).await;
        undriven.driven(operation, 404, "unknown", &answer);
    }
    for (operation, permission) in [
        (format!("PATCH {ORG}"), "org:update"),
        (format!("DELETE {ORG}"), "org:delete"),
        (format!("PATCH {ORG}/members/{{user_id}}"), "member:update"),
        (format!("DELETE {ORG}/members/{{user_id}}"), "member:remove"),
        (format!("GET {ORG}/invites"), "invite:list"),
        (format!("POST {ORG}/invites"), "invite:create"),
        (format!("DELETE {ORG}/invites/{{invite_id}}"), "invite:revoke"),
        (format!("POST {ORG}/invites/{{invite_id}}/resend"), "invite:create"),
    ] {
        let answer = send(app, &operation, &ids, &member, new.clone()).await;
        undriven.driven(&operation, 403, permission, &answer);
    }
    let already = json!({ "email": "mia@example.com", "role": "member" });
    for (operation, ids, body, example) in [
        (format!("DELETE {ORG}"), &personal[..], &new, "org_id.personal_org"),
        (format!("POST {ORG}/invites"), &personal[..], &new, "org_id.personal_org"),
        (format!("POST {ORG}/invites"), &ids[..], &already, "email.already_member"),
        (format!("PATCH {ORG}/members/{{user_id}}"), &ids[..], &new, "role.last_owner"),
        (format!("DELETE {ORG}/members/{{user_id}}"), &ids[..], &new, "user_id.last_owner"),
    ] {
        let answer = send(app, &operation, ids, &owner, body.clone()).await;
        undriven.driven(&operation, 422, example, &answer);
    }
    of_accepting(app, undriven, &owner, &org).await;
}

/// The errors that depend on options.
pub(super) async fn drive_policies(backend: Backend, undriven: &mut Undriven) {
    let options = Options {
        organizations_max_per_account: Some(1),
        invites_domains: Some("example.com".parse().unwrap()),
        invites_per_account_per_day: Some(1),
        ..Options::default()
    };
    let app = TestApp::start_with(backend, super::called_by_pages(options)).await;
    let owner = app.register_verified("olga").await;
    let org = app.shared_org(&owner).await.to_string();
    let answer = send(&app, "POST /v1/orgs", &[], &owner, json!({ "name": "Acme" })).await;
    undriven.driven("POST /v1/orgs", 403, "org:create", &answer);
    let ids = [("{org_id}", &*org)];
    let name = format!("POST {ORG}/invites");
    let body = |email: &str| json!({ "email": email, "role": "member" });
    let answer = send(&app, &name, &ids, &owner, body("ann@example.org")).await;
    undriven.driven(&name, 422, "email.domain_not_allowed", &answer);
    let made = send(&app, &name, &ids, &owner, body("ann@example.com")).await.ok();
    let answer = send(&app, &name, &ids, &owner, body("bob@example.com")).await;
    undriven.driven(&name, 429, "daily", &answer);
    let ids = [("{org_id}", &*org), ("{invite_id}", made["invite_id"].as_str().unwrap())];
    let name = format!("POST {ORG}/invites/{{invite_id}}/resend");
    let answer = send(&app, &name, &ids, &owner, json!({})).await;
    undriven.driven(&name, 429, "daily", &answer);
}

async fn of_accepting(app: &TestApp, undriven: &mut Undriven, owner: &Person, org: &str) {
    let name = "POST /v1/auth/accept-invite";
    let invite = app.invite(owner, org.parse().unwrap(), "nina@example.com").await;
    let body = json!({ "token": invite });
    let pia = app.register_verified("pia").await;
    let answer = send(app, name, &[], &pia, body).await;
    undriven.driven(name, 422, "token.invite_email_mismatch", &answer);
    let answer = send(app, name, &[], &pia, json!({ "token": "x" })).await;
    undriven.driven(name, 422, "token.invite_invalid", &answer);
}
