//! Role × endpoint, derived from the table of permissions.

use std::collections::BTreeSet;

use doorward_domain::org::role::{Permission, Role};
use doorward_server::routes::ENDPOINTS;
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Person, TestApp, on_both};

/// The permission that each endpoint of an organization requires.
pub(super) const NEEDS: [(&str, &str, Permission); 11] = [
    ("GET", "", Permission::OrgRead),
    ("PATCH", "", Permission::OrgUpdate),
    ("DELETE", "", Permission::OrgDelete),
    ("GET", "/members", Permission::MemberList),
    ("PATCH", "/members/{user_id}", Permission::MemberUpdate),
    ("DELETE", "/members/{user_id}", Permission::MemberRemove),
    ("GET", "/invites", Permission::InviteList),
    ("POST", "/invites", Permission::InviteCreate),
    ("DELETE", "/invites/{invite_id}", Permission::InviteRevoke),
    ("POST", "/invites/{invite_id}/resend", Permission::InviteCreate),
    // Leaving.
    ("DELETE", "/members/{own_id}", Permission::OrgAccess),
];

/// Calls an endpoint of a new organization that has another member and an invite.
async fn call(
    app: &TestApp,
    (method, rest): (&str, &str),
    person: &Person,
    role: Option<Role>,
    other: &Person,
) -> Answer {
    let ports = &app.state.ports;
    let owner = app.login("owner", crate::support::PASSWORD).await.ok().into();
    let org = app.shared_org(&owner).await;
    app.join(other, org, Role::Member).await;
    if let Some(role) = role {
        app.join(person, org, role).await;
    }
    let invite = app.invite(&owner, org, "guest@example.com").await;
    let purpose = doorward_domain::token::TokenPurpose::Invite;
    let invite = ports.opaque_tokens.verify(purpose, &invite).unwrap().id.to_string();
    let path = format!("/v1/orgs/{org}{rest}")
        .replace("{user_id}", &other.id.to_string())
        .replace("{own_id}", &person.id.to_string())
        .replace("{invite_id}", &invite);
    let body = json!({ "name": "Globex", "role": "member", "email": "another@example.com" });
    let call = app.call(method.parse::<Method>().unwrap(), &path).bearer(&person.access);
    if method == "GET" { call.send().await } else { call.json(&body).send().await }
}

#[test]
fn every_organization_endpoint_is_in_the_permission_table() {
    let listed: BTreeSet<String> = NEEDS
        .iter()
        .map(|(method, rest, _)| format!("{method} /v1/orgs/{{org_id}}{rest}"))
        .filter(|name| !name.contains("{own_id}"))
        .collect();
    let served = ENDPOINTS.iter().filter(|it| it.path.contains("{org_id}"));
    let served: BTreeSet<String> = served.map(|it| format!("{} {}", it.method, it.path)).collect();
    assert_eq!(listed, served);
    // Together, the endpoints require every permission.
    let asked: Vec<_> = NEEDS.iter().map(|(.., permission)| permission).collect();
    assert!(Permission::ALL.iter().all(|permission| asked.contains(&permission)));
}

#[test]
fn docs_page_contains_the_permission_table() {
    let mut table = "| permission | owner | admin | member |\n|---|---|---|---|\n".to_owned();
    for permission in Permission::ALL {
        let permits = Role::ALL.map(|role| if role.permits(*permission) { " yes |" } else { " |" });
        table += &format!("| `{permission}` |{}\n", permits.concat());
    }
    let page = include_str!("../../../../../docs/concepts/organizations.md");
    assert!(page.contains(&table), "docs/concepts/organizations.md must contain:\n{table}");
}

on_both! {
    async fn role_may_do_exactly_what_the_permission_table_lists(backend) {
        let app = TestApp::start(backend).await;
        app.register("owner").await;
        let (person, other) = (app.register_verified("caller").await, app.register("other").await);
        for (method, rest, permission) in NEEDS {
            for role in Role::ALL {
                let answer = call(&app, (method, rest), &person, Some(role), &other).await;
                let about = format!("{role:?} {method} {rest}: {}", answer.body);
                if role.permits(permission) {
                    assert_eq!(answer.status, 200, "{about}");
                } else {
                    let details = answer.error(403, "FORBIDDEN");
                    assert_eq!(details["required_permission"], permission.as_str(), "{about}");
                }
            }
            let answer = call(&app, (method, rest), &person, None, &other).await;
            answer.error(404, "NOT_FOUND");
        }
    }

    async fn foreign_unknown_and_malformed_ids_get_the_same_response(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register("bob").await);
        let foreign = app.shared_org(&bob).await.to_string();
        let ours = app.shared_org(&ann).await.to_string();
        let made_up = "00000000-0000-7000-8000-000000000000";
        let body = json!({ "name": "Globex", "role": "member", "email": "another@example.com" });
        for (method, rest, _) in NEEDS {
            let mut answers = Vec::new();
            for org in [&*foreign, made_up, "x", "%00", "..%2f", "%F0%9F%A6%80"] {
                let path = format!("/v1/orgs/{org}{rest}")
                    .replace("{user_id}", &bob.id.to_string())
                    .replace("{own_id}", &ann.id.to_string())
                    .replace("{invite_id}", made_up);
                let call = app.call(method.parse::<Method>().unwrap(), &path).bearer(&ann.access);
                answers.push(call.json(&body).send().await);
            }
            // A user of another organization, and an unknown and a malformed ID.
            if rest.contains("_id}") && !rest.contains("own_id") {
                for id in [&*bob.id.to_string(), made_up, "x"] {
                    let path = format!("/v1/orgs/{ours}{rest}")
                        .replace("{user_id}", id).replace("{invite_id}", id);
                    let call = app.call(method.parse::<Method>().unwrap(), &path);
                    answers.push(call.bearer(&ann.access).json(&body).send().await);
                }
            }
            for answer in &answers {
                answer.error(404, "NOT_FOUND");
                assert_eq!(answer.body, answers[0].body, "{method} {rest}");
            }
        }
    }
}
