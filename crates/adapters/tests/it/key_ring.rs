//! The signing keys of servers that share a database.

use doorward_adapters::{
    secret::{MasterSecret, Secrets},
    storage::{Migrator, SqlStorage},
    system::{SystemClock, SystemRandomness},
    tokens::{KeyError, KeyRing},
};
use doorward_conformance::at_once;
use doorward_testing::TestDatabase;

on_both_databases! {
    servers_that_start_at_once_sign_with_one_key,
    a_key_is_of_no_use_without_its_secret,
    a_former_secret_still_opens_its_key,
}

fn secret(text: &str) -> MasterSecret {
    MasterSecret::new(&text.repeat(8)).unwrap()
}

async fn load(storage: &SqlStorage, secrets: &Secrets) -> Result<String, KeyError> {
    let ring = KeyRing::load(storage, secrets, &SystemClock, &SystemRandomness).await?;
    let jwks = ring.jwks();
    assert_eq!(jwks["keys"].as_array().unwrap().len(), 1);
    Ok(jwks["keys"][0]["kid"].as_str().unwrap().to_owned())
}

async fn migrated(database: &TestDatabase) -> SqlStorage {
    Migrator(database.url()).run().await.unwrap();
    database.open()
}

async fn servers_that_start_at_once_sign_with_one_key(database: &TestDatabase) {
    let storage = migrated(database).await;
    let secrets = Secrets { current: secret("abcd"), previous: Vec::new() };
    let kids = at_once(8, async |_| load(&storage, &secrets).await.unwrap());
    assert!(kids.iter().all(|kid| *kid == kids[0]), "{kids:?}");
}

async fn a_key_is_of_no_use_without_its_secret(database: &TestDatabase) {
    let storage = migrated(database).await;
    let own = Secrets { current: secret("abcd"), previous: Vec::new() };
    let other = Secrets { current: secret("efgh"), previous: Vec::new() };
    let expected = load(&storage, &own).await.unwrap();
    let refused = load(&storage, &other).await;
    let Err(KeyError::Sealed { kid }) = refused else { panic!("{refused:?}") };
    assert_eq!(kid, expected);
    // The other server has made no key of its own.
    assert_eq!(load(&storage, &own).await.unwrap(), expected);
}

async fn a_former_secret_still_opens_its_key(database: &TestDatabase) {
    let storage = migrated(database).await;
    let before = Secrets { current: secret("abcd"), previous: Vec::new() };
    let after = Secrets { current: secret("efgh"), previous: vec![secret("abcd")] };
    let kid = load(&storage, &before).await.unwrap();
    assert_eq!(load(&storage, &after).await.unwrap(), kid);
}
