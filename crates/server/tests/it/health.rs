use serde_json::json;
use tempfile::TempDir;

use crate::support::{Backend, Fault, TestApp, doorward, on_both, run};

on_both! {
    async fn health_and_readiness_return_ok(backend) {
        let app = TestApp::start(backend).await;
        assert_eq!(app.get("/healthz").send().await.ok(), json!({ "status": "ok" }));
        assert_eq!(app.get("/readyz").send().await.ok(), json!({ "status": "ready" }));
        assert_eq!(app.call(reqwest::Method::HEAD, "/readyz").send().await.status, 200);
        let wrong = app.post("/readyz").send().await;
        wrong.error(405, "METHOD_NOT_ALLOWED");
        assert_eq!(wrong.header("allow"), "GET, HEAD");
    }

    async fn readiness_result_is_cached(backend) {
        let options = doorward_server::config::Options::default();
        let second = std::time::Duration::from_secs(1);
        let app = TestApp::start_tuned(backend, options, |config| config.readiness_lifetime = second).await;
        app.get("/readyz").send().await.ok();
        app.faults.set(Fault::DatabaseAway);
        for _ in 0..20 {
            app.get("/readyz").send().await.ok();
        }
        app.advance(time::Duration::SECOND);
        assert_eq!(app.get("/readyz").send().await.status, 503);
        app.faults.set(Fault::Nothing);
        assert_eq!(app.get("/readyz").send().await.status, 503);
        app.advance(time::Duration::SECOND);
        app.get("/readyz").send().await.ok();
    }

    async fn draining_server_is_not_ready_and_still_serves(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.state.start_draining();
        assert_eq!(app.get("/readyz").send().await.status, 503);
        app.get("/healthz").send().await.ok();
        app.me(&ann.access).await.ok();
    }
}

#[test]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
fn read_only_database_is_not_ready_on_postgres() {
    run(Backend::Postgres, |backend| async move {
        let app = TestApp::start(backend).await;
        app.get("/readyz").send().await.ok();
        app.database.set("default_transaction_read_only", "on").await;
        assert_not_ready(&app, "the database can't be written to").await;
        app.get("/healthz").send().await.ok();
        app.database.set("default_transaction_read_only", "off").await;
        app.get("/readyz").send().await.ok();
    });
}

#[test]
fn database_file_that_was_removed_is_not_ready_on_sqlite() {
    run(Backend::Sqlite, |backend| async move {
        let app = TestApp::start(backend).await;
        let file = app.database.url_text().trim_start_matches("sqlite://");
        std::fs::rename(file, format!("{file}.gone")).unwrap();
        assert_not_ready(&app, "the database can't be written to").await;
        std::fs::rename(format!("{file}.gone"), file).unwrap();
        app.get("/readyz").send().await.ok();
    });
}

on_both! {
    async fn missing_table_is_not_ready(backend) {
        let app = TestApp::start(backend).await;
        for table in ["sessions", "audit_events", "__diesel_schema_migrations"] {
            app.database.rename_table(table, "elsewhere").await;
            assert_not_ready(&app, "the schema of the database is missing or too old").await;
            app.database.rename_table("elsewhere", table).await;
            app.get("/readyz").send().await.ok();
        }
    }
}

on_both! {
    async fn server_with_an_abandoned_master_key_is_not_ready(backend) {
        let app = TestApp::start(backend).await;
        let folder = TempDir::new().unwrap();
        let mut command = doorward(folder.path());
        command.env("DOORWARD_DATABASE_URL", app.database.url_text());
        command.env("DOORWARD_MASTER_KEY", "another secret of thirty-two characters");
        let output = command.args(["credentials", "revoke-all", "--lost-master-key", "--yes"]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        app.get("/readyz").send().await.ok();
        app.state.reload_keys().await.unwrap_err();
        assert_not_ready(&app, "there is no key to sign with").await;
    }
}

async fn assert_not_ready(app: &TestApp, reason: &str) {
    let answer = app.get("/readyz").send().await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(answer.body, json!({ "status": "not ready", "reason": reason }));
}
