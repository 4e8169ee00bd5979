use futures::future::join_all;
use serde_json::json;
use time::Duration;

use doorward_domain::org::role::Role;
use doorward_server::config::Options;

use crate::support::{Answer, TestApp, on_both, org_id};

#[track_caller]
fn reason(answer: &Answer) -> &str {
    answer.error(401, "AUTHENTICATION_FAILED")["reason"].as_str().unwrap()
}

on_both! {
    async fn refresh_returns_a_new_token_pair(backend) {
        let app = TestApp::start(backend).await;
        let mut token = app.register("ann").await.refresh;
        for _ in 0..5 {
            app.advance(Duration::HOUR);
            let answer = app.refresh(&token).await;
            assert_eq!(answer.header("cache-control"), "no-store");
            app.me(answer.text("access_token")).await.ok();
            assert_ne!(answer.text("refresh_token"), token);
            token = answer.text("refresh_token").to_owned();
        }
    }

    async fn concurrent_refreshes_of_one_token_return_one_successor(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let answers = join_all((0..32).map(|_| app.refresh(&ann.refresh))).await;
        let successor = answers[0].text("refresh_token");
        for answer in &answers {
            assert_eq!(answer.status, 200, "{}", answer.body);
            assert_eq!(answer.text("refresh_token"), successor);
        }
        app.refresh(successor).await.ok();
    }

    async fn refresh_repeated_within_the_reuse_interval_returns_the_same_successor(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let lost = app.refresh(&ann.refresh).await;
        app.advance(Duration::seconds(10));
        let again = app.refresh(&ann.refresh).await;
        assert_eq!(again.text("refresh_token"), lost.text("refresh_token"));
        app.me(again.text("access_token")).await.ok();
    }

    async fn refresh_token_reused_after_the_interval_ends_the_session(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let next = app.refresh(&ann.refresh).await;
        app.advance(Duration::seconds(11));
        assert_eq!(reason(&app.refresh(&ann.refresh).await), "token_reused");
        // The holder of the newer token is signed out, too.
        assert_eq!(reason(&app.refresh(next.text("refresh_token")).await), "token_reused");
        app.me(next.text("access_token")).await.error(401, "AUTHENTICATION_FAILED");
    }

    async fn refresh_token_two_generations_old_counts_as_reuse_at_once(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let second = app.refresh(&ann.refresh).await;
        app.refresh(second.text("refresh_token")).await.ok();
        assert_eq!(reason(&app.refresh(&ann.refresh).await), "token_reused");
    }

    async fn session_ends_at_its_idle_timeout_and_at_its_maximum_lifetime(backend) {
        let app = TestApp::start(backend).await;
        let idle = app.register("ann").await;
        app.advance(Duration::days(14));
        assert_eq!(reason(&app.refresh(&idle.refresh).await), "token_expired");

        let mut token = app.register("bob").await.refresh;
        for _ in 0..8 {
            app.advance(Duration::days(10));
            token = app.refresh(&token).await.text("refresh_token").to_owned();
        }
        app.advance(Duration::days(10));
        assert_eq!(reason(&app.refresh(&token).await), "token_expired");
    }

    async fn forged_refresh_token_is_refused_without_a_query(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.statements.take();
        let cut = &ann.refresh[..79];
        let flipped = if ann.refresh.ends_with('A') { format!("{cut}B") } else { format!("{cut}A") };
        for forged in ["x", "dwr_", cut, &flipped, &ann.refresh.replace("dwr_", "dwv_"), &ann.access] {
            assert_eq!(reason(&app.refresh(forged).await), "token_invalid", "{forged}");
        }
        assert!(app.statements.take().is_empty());
        app.refresh(&ann.refresh).await.ok();
    }

    async fn refresh_keeps_the_organization_or_switches_to_the_requested_one(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let org = app.shared_org(&ann).await;
        let body = json!({ "refresh_token": ann.refresh, "org_id": org.to_string() });
        let there = app.post("/v1/auth/refresh").json(&body).send().await;
        assert_eq!(org_id(there.text("access_token")), Some(org.to_string()));
        let stays = app.refresh(there.text("refresh_token")).await;
        assert_eq!(org_id(stays.text("access_token")), Some(org.to_string()));

        let switch = json!({ "org_id": ann.workspace });
        app.post("/v1/auth/switch-org").bearer(&ann.access).json(&switch).send().await.ok();
        let back = app.refresh(stays.text("refresh_token")).await;
        assert_eq!(org_id(back.text("access_token")), Some(ann.workspace));
    }

    async fn refresh_into_a_foreign_organization_is_forbidden_and_does_not_rotate(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register("bob").await);
        for org in [bob.workspace.as_str(), "nonsense", ""] {
            let body = json!({ "refresh_token": ann.refresh, "org_id": org });
            let answer = app.post("/v1/auth/refresh").json(&body).send().await;
            assert_eq!(answer.error(403, "FORBIDDEN")["required_permission"], "org:access");
        }
        app.advance(Duration::HOUR);
        app.refresh(&ann.refresh).await.ok();
    }

    async fn refresh_after_a_lost_membership_falls_back_to_the_default_workspace(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register("ann").await, app.register("bob").await);
        let org = app.shared_org(&ann).await;
        app.join(&bob, org, Role::Member).await;
        let body = json!({ "org_id": org.to_string() });
        let there = app.post("/v1/auth/switch-org").bearer(&bob.access).json(&body).send().await;
        assert_eq!(app.me(there.text("access_token")).await.ok()["roles"], json!(["member"]));

        app.leave(&bob, org).await;
        app.me(there.text("access_token")).await.error(401, "AUTHENTICATION_FAILED");
        let refreshed = app.refresh(&bob.refresh).await;
        assert_eq!(app.me(refreshed.text("access_token")).await.ok()["roles"], json!(["owner"]));
    }

    async fn servers_sharing_a_database_return_one_successor_per_token(backend) {
        let options = || Options {
            master_key: Some("one secret for both of the servers".parse().unwrap()),
            ..Options::default()
        };
        let one = TestApp::start_with(backend, options()).await;
        let two = one.beside(options()).await;
        let mut token = one.register("ann").await.refresh;
        for round in 0..200 {
            let calls = (0..64).map(|number| [&one, &two][number % 2].refresh(&token));
            let answers = join_all(calls).await;
            let mut successors: Vec<String> =
                answers.into_iter().map(|answer| answer.ok()["refresh_token"].to_string()).collect();
            successors.dedup();
            assert_eq!(successors.len(), 1, "round {round}");
            token = successors.remove(0).trim_matches('"').to_owned();
        }
    }
}
