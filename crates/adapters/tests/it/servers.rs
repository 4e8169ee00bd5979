//! Servers that share a database, each with pools of its own.

use doorward_adapters::storage::{Migrator, SqlStorage};
use doorward_conformance::{at_once, given, sample};
use doorward_domain::{UserId, ports::StorageError};
use doorward_testing::TestDatabase;

on_both_databases!(units_that_read_and_then_write_wait_for_one_another);

async fn read_and_write(storage: &SqlStorage, id: UserId) -> Result<(), StorageError> {
    let mut work = given::begin(storage).await;
    let user = work.users().find(id).await?.unwrap();
    work.users().set_disabled(user.id, Some(sample::NOW)).await?;
    work.commit().await
}

/// SQLite refuses the write of a transaction that has read, if another one has written since.
async fn units_that_read_and_then_write_wait_for_one_another(database: &TestDatabase) {
    Migrator(database.url()).run().await.unwrap();
    let servers = [database.open(), database.open()];
    let user = given::user(&servers[0], sample::user("ann")).await;
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
