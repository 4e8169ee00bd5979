//! What happens when the database is away.

use std::time::Duration;

use doorward_server::config::{Config, Options};

use crate::support::{Backend, TestApp, run};

fn impatient(config: &mut Config) {
    config.database_wait = Some(Duration::from_secs(1));
}

#[test]
#[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
fn a_database_that_is_away_is_told_and_its_return_is_noticed_on_postgres() {
    run(Backend::Postgres, |backend| async move {
        let app = TestApp::start_tuned(backend, Options::default(), impatient).await;
        let ann = app.register("ann").await;
        app.database.allow_connections(false).await;
        for _ in 0..3 {
            let answer = app.me(&ann.access).await;
            answer.error(503, "SERVICE_UNAVAILABLE");
            assert_eq!(answer.header("retry-after"), "2");
        }
        app.refresh(&ann.refresh).await.error(503, "SERVICE_UNAVAILABLE");
        assert_eq!(app.get("/readyz").send().await.status, 503);
        app.get("/healthz").send().await.ok();

        app.database.allow_connections(true).await;
        app.me(&ann.access).await.ok();
        app.refresh(&ann.refresh).await.ok();
        app.get("/readyz").send().await.ok();
    });
}

#[test]
fn a_database_that_is_locked_is_told_and_readers_go_on_on_sqlite() {
    run(Backend::Sqlite, |backend| async move {
        let app = TestApp::start_tuned(backend, Options::default(), impatient).await;
        let ann = app.register("ann").await;
        let other = app.database.open();
        let lock = doorward_domain::ports::Storage::begin(&other).await.unwrap();
        app.refresh(&ann.refresh).await.error(503, "SERVICE_UNAVAILABLE");
        app.me(&ann.access).await.ok();
        drop(lock);
        app.refresh(&ann.refresh).await.ok();
    });
}
