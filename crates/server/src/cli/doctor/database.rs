//! Checks of the database: connection, schema, writes, and the data that a start requires.

use std::path::Path;

use doorward_adapters::{
    storage::{DatabaseUrl, MigrationStatus, Migrator},
    tokens::KeyError,
};
use doorward_domain::{
    AuditEventId,
    audit::{AuditEvent, AuditKind},
    ports::StorageError,
    request_context::RequestContext,
};

use super::step::Step;
use crate::{
    compose::{self, ComposeError, compose_existing, reach_redis},
    config::Config,
    data_dir,
    http::state::State,
    serve::{self, unlimited},
    worker::unusable,
};

/// Runs the steps in order, until one fails that the next depends on. Also returns `true` if there are signing keys.
pub(super) async fn steps(config: &Config) -> (bool, Vec<Step>) {
    let mut steps = Vec::new();
    let mut has_keys = false;
    if let Some(migrations) = reach(config, &mut steps).await {
        // Also with an older schema: the start runs pending migrations before this check.
        has_keys = migrations.iter().any(|migration| migration.is_applied)
            && compose::has_keys(config).await.unwrap_or_default();
        if schema(&migrations, &mut steps) {
            check_keys_and_writes(config, has_keys, &mut steps).await;
        }
    }
    if let Some(url) = &config.redis {
        steps.push(match reach_redis(config).await {
            Ok(true) => Step::good("Redis", format!("{url} is reachable: rate limits are shared by all replicas")),
            Ok(false) => Step::warning(
                "Redis",
                format!("{url} is unreachable or rejects the connection, so each replica would count rate limits separately: check DOORWARD_REDIS_URL"),
            ),
            Err(error) => Step::skipped("Redis", error.to_string()),
        });
    }
    (has_keys, steps)
}

async fn reach(config: &Config, steps: &mut Vec<Step>) -> Option<Vec<MigrationStatus>> {
    const WHAT: &str = "database";
    let url = &config.database;
    if let DatabaseUrl::Sqlite(path) = url
        && !path.exists()
    {
        steps.push(missing_file(config, path));
        return None;
    }
    let fitness = match Migrator(url).check().await {
        Ok(fitness) => fitness,
        Err(error) => {
            steps.push(Step::failed(WHAT, &error));
            return None;
        }
    };
    let words = match url.protection() {
        Some(protection) => format!("{url} is usable, {protection}"),
        None => format!("{url} is usable"),
    };
    steps.push(Step::good(WHAT, words));
    if let Some(role) = &fitness.unlimited_role {
        steps.push(Step::skipped("statement timeout", unlimited(role)));
    }
    match Migrator(url).status().await {
        Ok(migrations) => Some(migrations),
        Err(error) => {
            steps.push(Step::failed(WHAT, &error));
            None
        }
    }
}

/// Checks whether the first start can create the database file.
fn missing_file(config: &Config, path: &Path) -> Step {
    const WHAT: &str = "database";
    let url = &config.database;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    if !folder.is_dir() && folder != config.data_dir {
        let words = format!(
            "the folder of {url} does not exist: create it, or set another file in DOORWARD_DATABASE_URL"
        );
        return Step::failed_with(WHAT, words);
    }
    if folder.is_dir()
        && let Err(error) = data_dir::can_create_in(folder)
    {
        let words = format!(
            "{url} can't be created: {}: {error}: give the server's user write permission, or set another file in \
             DOORWARD_DATABASE_URL",
            folder.display()
        );
        return Step::failed_with(WHAT, words);
    }
    Step::skipped(WHAT, format!("{url} does not exist yet: the first start creates it"))
}

fn schema(migrations: &[MigrationStatus], steps: &mut Vec<Step>) -> bool {
    const WHAT: &str = "schema";
    let missing = migrations.iter().filter(|migration| !migration.is_applied).count();
    let is_complete = missing == 0;
    let step = if migrations.iter().any(|migration| !migration.is_known) {
        Step::failed_with(WHAT, "migrated by a newer version of doorward: run that version")
    } else if missing > 0 {
        let words = format!("{missing} of {} migrations are pending", migrations.len());
        Step::warning(
            WHAT,
            words + ": the server runs them when it starts, or run doorward db migrate first",
        )
    } else {
        Step::good(WHAT, "up to date")
    };
    let is_usable = is_complete && !step.is_failed();
    steps.push(step);
    is_usable
}

async fn check_keys_and_writes(config: &Config, has_keys: bool, steps: &mut Vec<Step>) {
    const KEYS: &str = "signing keys";
    const WRITES: &str = "writes";
    match compose_existing(config).await {
        Ok(state) => {
            steps.push(Step::good(KEYS, "can be decrypted"));
            steps.push(match probe_write(&state).await {
                Ok(()) => Step::good(WRITES, "accepted by the database"),
                Err(error) => Step::failed(WRITES, &error),
            });
            steps.extend(passwords(config, &state).await);
        }
        // The step of the secret, the pages, or the templates reports this error.
        Err(
            ComposeError::DataDir(_)
            | ComposeError::SecretMissing { .. }
            | ComposeError::Pages(_)
            | ComposeError::Mail(_)
            | ComposeError::Tls(_),
        ) => {}
        Err(ComposeError::Keys(KeyError::Missing)) if !has_keys => {
            steps.push(Step::skipped(KEYS, "none yet: the first start creates one"));
        }
        Err(error) => steps.push(Step::failed(KEYS, &error)),
    }
}

/// Checks whether users can sign in with the stored passwords.
async fn passwords(config: &Config, state: &State) -> Option<Step> {
    const WHAT: &str = "passwords";
    match serve::survey_passwords(config, state).await {
        Ok(Some(survey)) => unusable(&survey).map(|words| Step::warning(WHAT, words)),
        Ok(None) => None,
        Err(error) => Some(Step::failed(WHAT, &error)),
    }
}

/// Writes a row in a transaction that is rolled back.
async fn probe_write(state: &State) -> Result<(), StorageError> {
    let ports = &state.ports;
    let event = AuditEvent {
        id: AuditEventId::from_uuid(ports.ids.next()),
        kind: AuditKind::KeyRotated,
        at: ports.clock.now(),
        user_id: None,
        org_id: None,
        session_id: None,
        client: RequestContext::internal(),
    };
    let mut work = ports.storage.begin().await?;
    work.audit().record(&event).await
}
