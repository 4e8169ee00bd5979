//! `SigningKeyRepository`.

use doorward_domain::{ports::Storage, signing_key::SigningKey};

use crate::{
    concurrency::at_once,
    given::connect,
    sample::{self, after},
};

async fn list(storage: &dyn Storage) -> Vec<SigningKey> {
    connect(storage).await.signing_keys().list().await.unwrap()
}

async fn insert_first(storage: &dyn Storage, key: &SigningKey) {
    connect(storage).await.signing_keys().insert_first(key).await.unwrap();
}

/// `SigningKeyRepository::list`: there are none at first.
pub async fn a_new_storage_has_no_keys(storage: &dyn Storage) {
    assert_eq!(list(storage).await, []);
}

/// `SigningKeyRepository::insert_first`, `list`: everything is kept, every octet and microsecond.
pub async fn a_key_comes_back_as_it_was_added(storage: &dyn Storage) {
    let key = SigningKey {
        activates_at: after(1),
        expires_at: Some(after(2)),
        ..sample::signing_key("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    };
    insert_first(storage, &key).await;
    assert_eq!(list(storage).await, [key]);
}

/// `SigningKeyRepository::insert_first`: if there is one, it MUST change nothing.
pub async fn the_first_key_stays_the_first(storage: &dyn Storage) {
    let first = sample::signing_key("first");
    insert_first(storage, &first).await;
    insert_first(storage, &sample::signing_key("second")).await;
    insert_first(storage, &SigningKey { created_at: after(9), ..first.clone() }).await;
    assert_eq!(list(storage).await, [first]);
}

/// `SigningKeyRepository::insert_first`: of whichever replica: of many at the same moment, one adds
/// its key, and all read that.
pub async fn replicas_that_start_together_share_one_key(storage: &dyn Storage) {
    let answers = at_once(8, async |number| {
        insert_first(storage, &sample::signing_key(&format!("key{number}"))).await;
        list(storage).await
    });
    let keys = list(storage).await;
    assert_eq!(keys.len(), 1);
    assert!(answers.into_iter().all(|answer| answer == keys));
}
