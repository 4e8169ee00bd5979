//! The database, from being reached to being written to, and what is in it that a start needs.

use doorward_adapters::storage::{DatabaseUrl, MigrationStatus, Migrator};
use doorward_domain::{
    AuditEventId,
    audit::{AuditEvent, AuditKind},
    client::Client,
    ports::StorageError,
};

use super::step::Step;
use crate::{
    compose::{compose_existing, reach_redis},
    config::Config,
    data_dir::DataDirError,
    state::State,
};

/// Each step is tried only where the one before leads to it.
pub(super) async fn steps(config: &Config) -> Vec<Step> {
    let mut steps = Vec::new();
    if let Some(migrations) = reach(config, &mut steps).await
        && schema(&migrations, &mut steps)
    {
        use_it(config, &mut steps).await;
    }
    if let Some(url) = &config.redis {
        steps.push(match reach_redis(config).await {
            Ok(true) => Step::good("Redis", format!("{url} counts limits for all replicas")),
            Ok(false) => Step::failed_with(
                "Redis",
                format!("{url} does not answer or refuses us, and each replica would count by itself: check DOORWARD_REDIS_URL"),
            ),
            Err(error) => Step::skipped("Redis", error.to_string()),
        });
    }
    steps
}

async fn reach(config: &Config, steps: &mut Vec<Step>) -> Option<Vec<MigrationStatus>> {
    const WHAT: &str = "database";
    let url = &config.database;
    if let DatabaseUrl::Sqlite(path) = url
        && !path.exists()
    {
        let words = format!("{url} is not there yet: the first start makes it");
        steps.push(Step::skipped(WHAT, words));
        return None;
    }
    match Migrator(url).status().await {
        Ok(migrations) => {
            steps.push(Step::good(WHAT, format!("{url} answers")));
            Some(migrations)
        }
        Err(error) => {
            steps.push(Step::failed(WHAT, &error));
            None
        }
    }
}

fn schema(migrations: &[MigrationStatus], steps: &mut Vec<Step>) -> bool {
    const WHAT: &str = "schema";
    let missing = migrations.iter().filter(|migration| !migration.is_applied).count();
    let step = if migrations.iter().any(|migration| !migration.is_known) {
        Step::failed_with(WHAT, "a newer version of doorward has been here: run that version")
    } else if missing > 0 {
        let words = format!("{missing} of {} migrations are missing", migrations.len());
        Step::failed_with(WHAT, words + ": run doorward migrate, or start the server")
    } else {
        Step::good(WHAT, "is up to date")
    };
    let is_good = !step.is_failed();
    steps.push(step);
    is_good
}

async fn use_it(config: &Config, steps: &mut Vec<Step>) {
    const KEYS: &str = "signing keys";
    const WRITES: &str = "writes";
    match compose_existing(config).await {
        Ok(state) => {
            steps.push(Step::good(KEYS, "can be opened"));
            steps.push(match write_and_take_back(&state).await {
                Ok(()) => Step::good(WRITES, "are taken by the database"),
                Err(error) => Step::failed(WRITES, &error),
            });
        }
        // That was said.
        Err(crate::compose::ComposeError::DataDir(DataDirError::NoSecret { .. })) => {}
        Err(error) => steps.push(Step::failed(KEYS, &error)),
    }
}

/// Writes what is never committed.
async fn write_and_take_back(state: &State) -> Result<(), StorageError> {
    let ports = &state.ports;
    let event = AuditEvent {
        id: AuditEventId::from_uuid(ports.ids.next()),
        kind: AuditKind::KeyRotated,
        at: ports.clock.now(),
        user_id: None,
        org_id: None,
        session_id: None,
        client: Client::itself(),
    };
    let mut work = ports.storage.begin().await?;
    work.audit().record(&event).await
}
