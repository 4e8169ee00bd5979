//! A connection pooler in between that lends a connection for each transaction, and what it does with prepared statements.

use std::{collections::BTreeSet, time::Duration};

use diesel::ConnectionResult;
use tokio::time::timeout;
use tokio_postgres::Client;

use super::{connect, fitness::rows, url::PostgresUrl};

/// How often both connections are asked.
const ROUNDS: usize = 3;

/// How long the second connection may take: where each client has a connection of its own, it may have to wait for one.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Default)]
pub(super) struct Pooling {
    pub(super) is_by_transaction: bool,
    pub(super) follows_prepared_statements: bool,
    pub(super) limits_statements: bool,
}

/// Finds out what is in between, by what two connections see: each has a process of the server for itself unless a pooler
/// gives both the same one, or one of them several.
pub(super) async fn look(client: &Client, url: &PostgresUrl) -> ConnectionResult<Pooling> {
    let Ok(Ok(other)) = timeout(PATIENCE, connect::postgres_plain(url)).await else {
        return Ok(Pooling::default());
    };
    let (mut own, mut others) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..ROUNDS {
        own.insert(process(client).await?);
        match timeout(PATIENCE, process(&other)).await {
            Ok(Ok(process)) => others.insert(process),
            // It waits for a connection that the first one holds, or it may not be there at all.
            Ok(Err(_)) | Err(_) => return Ok(Pooling::default()),
        };
    }
    let is_by_transaction = own.len() > 1 || others.len() > 1 || !own.is_disjoint(&others);
    if !is_by_transaction {
        return Ok(Pooling::default());
    }
    Ok(Pooling {
        is_by_transaction,
        follows_prepared_statements: follows_prepared_statements(client).await?,
        limits_statements: limits_statements(client).await?,
    })
}

async fn process(client: &Client) -> ConnectionResult<String> {
    first(client, "SELECT pg_backend_pid()").await
}

/// A pooler that follows prepared statements renames them for the server, which knows them by the names of the driver
/// otherwise.
async fn follows_prepared_statements(client: &Client) -> ConnectionResult<bool> {
    rows(client, "BEGIN").await?;
    let prepared = client.prepare("SELECT 1").await;
    let names = match &prepared {
        Ok(_) => {
            let of_driver = "SELECT count(*) FROM pg_prepared_statements WHERE name ~ '^s[0-9]+$'";
            first(client, of_driver).await?
        }
        // Another client has left one of this name.
        Err(_) => "1".to_owned(),
    };
    rows(client, "ROLLBACK").await?;
    Ok(names == "0")
}

/// Whether new sessions of the role have a time limit, however they came about.
async fn limits_statements(client: &Client) -> ConnectionResult<bool> {
    let limit = "SELECT reset_val FROM pg_settings WHERE name = 'statement_timeout'";
    Ok(first(client, limit).await? != "0")
}

async fn first(client: &Client, sql: &str) -> ConnectionResult<String> {
    let rows = rows(client, sql).await?;
    let value = rows.first().and_then(|row| row.try_get(0).ok().flatten());
    Ok(value.unwrap_or_default().to_owned())
}
