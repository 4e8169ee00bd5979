//! Checks whether a running server can serve requests. The check is frequent, so it costs a single query.

use std::path::Path;

use diesel::{
    QueryResult, QueryableByName, sql_query,
    sql_types::{Bool, Integer},
};
use diesel_async::RunQueryDsl;
use doorward_domain::ports::NotReady;
use tokio::task::spawn_blocking;

use super::{
    connection::{file, pool::Pools},
    error,
    fitness::MAY_WRITE,
    migrations,
    sql::{dispatch::with_timeout, schema::TABLES},
    unit_of_work::{Conn, SqlUnitOfWork},
};

#[derive(QueryableByName)]
struct Facts {
    #[diesel(sql_type = Bool)]
    is_read_only: bool,
    #[diesel(sql_type = Bool)]
    is_migrated: bool,
    #[diesel(sql_type = Bool)]
    may_write: bool,
}

#[derive(QueryableByName)]
struct Migrated {
    #[diesel(sql_type = Integer)]
    is_migrated: i32,
}

pub(crate) async fn check(pools: &Pools) -> Result<(), NotReady> {
    if let Pools::Sqlite { path, .. } = pools {
        writable(path).await?;
    }
    let latest = migrations::latest();
    let migrated =
        format!("EXISTS (SELECT 1 FROM __diesel_schema_migrations WHERE version = '{latest}')");
    let mut work = SqlUnitOfWork::new(pools.clone());
    let facts = match work.reader().await.map_err(NotReady::Unavailable)? {
        Conn::Pg(guard) => {
            let tables = TABLES.join("','");
            let query = sql_query(format!(
                "SELECT current_setting('transaction_read_only') = 'on' AS is_read_only, \
                 {migrated} AS is_migrated, \
                 (SELECT bool_and{MAY_WRITE} FROM unnest(ARRAY['{tables}']) AS name) AS may_write"
            ));
            let facts = with_timeout!(guard, |conn| query.get_result::<Facts>(conn).await);
            if facts.as_ref().is_ok_and(|facts| facts.is_read_only) {
                guard.only_reads = true;
            }
            facts
        }
        Conn::Sqlite(guard) => {
            let tables = TABLES.join("','");
            let query = sql_query(format!(
                "SELECT {migrated} AND (SELECT count(*) FROM sqlite_master WHERE type = 'table' \
                 AND name IN ('{tables}')) = {} AS is_migrated",
                TABLES.len()
            ));
            let found: QueryResult<Migrated> = query.get_result(&mut **guard).await;
            found.map(|Migrated { is_migrated }| Facts {
                is_read_only: false,
                is_migrated: is_migrated != 0,
                may_write: true,
            })
        }
    };
    match facts {
        Ok(Facts { is_read_only: true, .. }) => {
            Err(NotReady::ReadOnly("transaction_read_only is on".into()))
        }
        Ok(Facts { is_migrated: false, .. }) => Err(NotReady::Schema(migration_missing(latest))),
        Ok(Facts { may_write: false, .. }) => {
            Err(NotReady::Privileges("a privilege on a table was revoked".into()))
        }
        Ok(_) => Ok(()),
        Err(problem) => {
            let said = problem.to_string();
            Err(if said.contains("does not exist") || said.contains("no such table") {
                NotReady::Schema(said.into())
            } else if said.contains("permission denied") {
                NotReady::Privileges(said.into())
            } else {
                NotReady::Unavailable(error::storage(problem))
            })
        }
    }
}

fn migration_missing(version: &str) -> Box<dyn std::error::Error + Send + Sync> {
    format!("a table is missing, or migration {version} has not been applied").into()
}

async fn writable(path: &Path) -> Result<(), NotReady> {
    let path = path.to_owned();
    let check = move || {
        if path.exists() { file::check(&path) } else { Err("the file is missing".to_owned()) }
    };
    let checked = spawn_blocking(check).await.unwrap_or_else(|error| Err(error.to_string()));
    checked.map_err(|problem| NotReady::ReadOnly(problem.into()))
}
