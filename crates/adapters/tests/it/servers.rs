//! Servers that share a database, each with its own pools.

use doorward_adapters::storage::{Migrator, SqlStorage};
use doorward_conformance::{at_once, fixtures, samples};
use doorward_domain::{UserId, ports::StorageError};
use doorward_testing::TestDatabase;

on_both_databases!(units_of_work_that_read_then_write_are_serialized);

async fn read_and_write(storage: &SqlStorage, id: UserId) -> Result<(), StorageError> {
    let mut work = fixtures::begin(storage).await;
    let user = work.users().find(id).await?.unwrap();
    work.users().set_disabled(user.id, Some(samples::NOW)).await?;
    work.commit().await
}

/// SQLite rejects the write of a transaction that has read, if another one has written since.
async fn units_of_work_that_read_then_write_are_serialized(database: &TestDatabase) {
    Migrator(database.url()).run().await.unwrap();
    let servers = [database.open(), database.open()];
    let user = fixtures::user(&servers[0], samples::user("ann")).await;
    let answers = at_once(8, async |number| {
        for _ in 0..10 {
            read_and_write(&servers[number % 2], user.id).await?;
        }
        Ok::<_, StorageError>(())
    });
    for answer in answers {
        answer.unwrap();
    }
}
