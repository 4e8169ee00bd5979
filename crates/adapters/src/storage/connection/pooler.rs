//! Detects a connection pooler that assigns a connection per transaction, and whether it supports prepared
//! statements.

use std::{collections::BTreeSet, time::Duration};

use diesel::{ConnectionError, ConnectionResult};
use tokio::time::timeout;
use tokio_postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use super::connect;
use crate::storage::url::PostgresUrl;

/// How often both connections are queried.
const ROUNDS: usize = 3;

/// The time limit of the second connection. If each client has a connection of its own, it may have to wait for
/// one.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Default)]
pub(crate) struct Pooling {
    pub(crate) is_by_transaction: bool,
    pub(crate) follows_prepared_statements: bool,
    pub(crate) limits_statements: bool,
}

/// Detects a pooler with two connections: each has its own server process, unless a pooler assigns the same
/// process to both, or several to one of them.
pub(crate) async fn look(client: &Client, url: &PostgresUrl) -> ConnectionResult<Pooling> {
    let Ok(Ok(other)) = timeout(PATIENCE, connect::postgres_plain(url)).await else {
        return Ok(Pooling::default());
    };
    let (mut own, mut others) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..ROUNDS {
        own.insert(process(client).await?);
        match timeout(PATIENCE, process(&other)).await {
            Ok(Ok(process)) => others.insert(process),
            // It may be waiting for the connection that the first one holds, or the server may not accept another
            // one.
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

/// Returns `true` if a pooler supports prepared statements. Such a pooler renames them on the server; otherwise,
/// the server sees the names that the driver chose.
async fn follows_prepared_statements(client: &Client) -> ConnectionResult<bool> {
    rows(client, "BEGIN").await?;
    let prepared = client.prepare("SELECT 1").await;
    let names = match &prepared {
        Ok(_) => {
            let of_driver = "SELECT count(*) FROM pg_prepared_statements WHERE name ~ '^s[0-9]+$'";
            first(client, of_driver).await?
        }
        // Another client has prepared a statement with this name.
        Err(_) => "1".to_owned(),
    };
    rows(client, "ROLLBACK").await?;
    Ok(names == "0")
}

/// Returns `true` if new sessions of the role have a time limit, whatever its origin.
async fn limits_statements(client: &Client) -> ConnectionResult<bool> {
    let limit = "SELECT reset_val FROM pg_settings WHERE name = 'statement_timeout'";
    Ok(first(client, limit).await? != "0")
}

async fn first(client: &Client, sql: &str) -> ConnectionResult<String> {
    let rows = rows(client, sql).await?;
    let value = rows.first().and_then(|row| row.try_get(0).ok().flatten());
    Ok(value.unwrap_or_default().to_owned())
}

pub(crate) async fn rows(client: &Client, sql: &str) -> ConnectionResult<Vec<SimpleQueryRow>> {
    let messages = client.simple_query(sql).await.map_err(|error| lost(&error))?;
    let rows = messages.into_iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    Ok(rows.collect())
}

pub(crate) fn lost(error: &impl std::error::Error) -> ConnectionError {
    let source = error.source().map(|source| format!(": {source}")).unwrap_or_default();
    ConnectionError::BadConnection(format!("{error}{source}"))
}
