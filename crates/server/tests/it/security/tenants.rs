//! Calls by members of one organization change nothing in another.

use std::collections::BTreeMap;

use doorward_domain::org::role::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Dice, PASSWORD, Person, TestApp, on_both};

/// Returns the rows that contain one of these IDs, in any notation.
async fn rows_of(app: &TestApp, ids: &[String]) -> BTreeMap<String, Vec<String>> {
    let mut rows = app.database.rows().await;
    let plain = |text: &str| text.to_lowercase().replace('-', "");
    let ids: Vec<String> = ids.iter().map(|id| plain(id)).collect();
    for lines in rows.values_mut() {
        lines.retain(|line| ids.iter().any(|id| plain(line).contains(id)));
    }
    rows
}

/// Makes a random call as a user of one organization, with IDs of all.
async fn act(app: &TestApp, dice: &mut Dice, people: &[Person], ids: &[String]) -> u16 {
    let person = &people[dice.roll(people.len())];
    let id = dice.of(ids).to_owned();
    let other = dice.of(ids).to_owned();
    let (method, path, body): (Method, String, Value) = match dice.roll(11) {
        0 => (Method::POST, "/v1/auth/switch-org".into(), json!({ "org_id": id })),
        1 => {
            let body = json!({ "refresh_token": person.refresh, "org_id": id });
            (Method::POST, "/v1/auth/refresh".into(), body)
        }
        2 => {
            let body = json!({
                "default_workspace_id": id, "org_id": other, "user_id": other, "id": other,
            });
            (Method::PUT, "/v1/auth/me/profile".into(), body)
        }
        3 => {
            let body = json!({ "bio": "x", "user_id": id, "org_id": other });
            (Method::PUT, format!("/v1/auth/me/profile?user_id={other}"), body)
        }
        4 | 5 => (Method::DELETE, format!("/v1/auth/sessions/{id}"), json!({})),
        6 => (Method::GET, format!("/v1/auth/sessions?cursor={id}&user_id={other}"), json!({})),
        7 => (Method::GET, format!("/v1/auth/events?cursor={id}&user_id={other}"), json!({})),
        8 => (Method::GET, format!("/v1/auth/me?user_id={id}&org_id={other}"), json!({})),
        9 => {
            let new = "seven lucky herons wade";
            let body = json!({
                "current_password": "wrong horse battery", "new_password": new, "user_id": id,
            });
            (Method::PUT, "/v1/auth/me/password".into(), body)
        }
        _ => (Method::DELETE, format!("/v1/auth/sessions?user_id={id}"), json!({})),
    };
    let mut call = app.call(method.clone(), &path).bearer(&person.access);
    call = call.header("x-org-id", &other).header("x-user-id", &id);
    if method != Method::GET {
        call = call.json(&body);
    }
    call.send().await.status
}

on_both! {
    async fn no_call_in_one_organization_changes_a_row_of_another(backend) {
        let app = TestApp::start(backend).await;
        let theirs = [app.register("bob").await, app.register("bea").await];
        let their_org = app.shared_org(&theirs[0]).await;
        app.join(&theirs[1], their_org, Role::Admin).await;
        app.invite(&theirs[0], their_org, "ben@example.com").await;
        let body = json!({ "email": "bob@example.com" });
        app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
        app.messages().await;
        let mut their_ids = vec![their_org.to_string()];
        for person in &theirs {
            their_ids.extend([person.id.to_string(), person.workspace.clone()]);
            let sessions = app.get("/v1/auth/sessions").bearer(&person.access).send().await.ok();
            their_ids.push(sessions["items"][0]["session_id"].as_str().unwrap().to_owned());
        }
        let before = rows_of(&app, &their_ids).await;
        for table in ["users", "orgs", "memberships", "sessions", "invites", "one_time_tokens", "audit_events"] {
            assert!(!before[table].is_empty(), "{table}");
        }

        let mut ours = vec![app.register("ann").await, app.register("amy").await];
        let our_org = app.shared_org(&ours[0]).await;
        app.join(&ours[1], our_org, Role::Admin).await;
        let mut ids = their_ids.clone();
        ids.extend([our_org.to_string(), ours[0].workspace.clone(), ours[1].id.to_string()]);
        let mut dice = Dice(2026);
        let mut statuses = BTreeMap::<u16, usize>::new();
        for _ in 0..12 {
            for _ in 0..50 {
                *statuses.entry(act(&app, &mut dice, &ours, &ids).await).or_default() += 1;
            }
            assert_eq!(rows_of(&app, &their_ids).await, before);
            ours = Vec::new();
            for name in ["ann", "amy"] {
                ours.push(app.login(name, PASSWORD).await.ok().into());
            }
        }
        for expected in [200, 403, 404, 422] {
            assert!(statuses.get(&expected).is_some_and(|count| *count > 10), "{statuses:?}");
        }
        assert!(statuses.keys().all(|status| *status < 500), "{statuses:?}");
        for person in &theirs {
            app.me(&person.access).await.ok();
            app.refresh(&person.refresh).await.ok();
        }
    }
}
