//! Clauses of `SigningKeyRepository`.

use doorward_domain::{ports::Storage, signing_key::SigningKey};

use crate::{
    concurrency::{at_once, count_true},
    fixtures::connect,
    samples::{self, after},
};

async fn list(storage: &dyn Storage) -> Vec<SigningKey> {
    connect(storage).await.signing_keys().list().await.unwrap()
}

async fn insert_first(storage: &dyn Storage, key: &SigningKey) {
    connect(storage).await.signing_keys().insert_first(key).await.unwrap();
}

/// Checks that a new storage has no keys.
pub async fn new_storage_has_no_keys(storage: &dyn Storage) {
    assert_eq!(list(storage).await, []);
}

/// Checks that a key is returned unchanged, to the byte and microsecond.
pub async fn key_is_returned_as_it_was_added(storage: &dyn Storage) {
    let key = SigningKey {
        activates_at: after(1),
        expires_at: Some(after(2)),
        ..samples::signing_key("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    };
    insert_first(storage, &key).await;
    assert_eq!(list(storage).await, [key]);
}

/// Checks that `insert_first` changes nothing if there is a key.
pub async fn first_key_is_not_replaced(storage: &dyn Storage) {
    let first = samples::signing_key("first");
    insert_first(storage, &first).await;
    insert_first(storage, &samples::signing_key("second")).await;
    insert_first(storage, &SigningKey { created_at: after(9), ..first.clone() }).await;
    assert_eq!(list(storage).await, [first]);
}

/// Checks that of many concurrent replicas exactly one adds its key, and that all read that key.
pub async fn replicas_that_start_together_share_one_key(storage: &dyn Storage) {
    let answers = at_once(8, async |number| {
        insert_first(storage, &samples::signing_key(&format!("key{number}"))).await;
        list(storage).await
    });
    let keys = list(storage).await;
    assert_eq!(keys.len(), 1);
    assert!(answers.into_iter().all(|answer| answer == keys));
}

async fn insert_next(storage: &dyn Storage, newest: &str, key: &SigningKey) -> bool {
    connect(storage).await.signing_keys().insert_next(newest, key).await.unwrap()
}

/// Stores keys in the order of `kids`, and returns them.
async fn keys(storage: &dyn Storage, kids: &[&str]) -> Vec<SigningKey> {
    let keys: Vec<_> = kids.iter().map(|kid| samples::signing_key(kid)).collect();
    insert_first(storage, keys.first().unwrap()).await;
    for pair in keys.windows(2) {
        let [newest, key] = pair else { unreachable!() };
        assert!(insert_next(storage, &newest.kid, key).await);
    }
    keys
}

/// Checks that a key is added only after the named key, and only if that is the newest.
pub async fn key_is_added_only_after_the_newest(storage: &dyn Storage) {
    assert!(!insert_next(storage, "a", &samples::signing_key("b")).await);
    let keys = keys(storage, &["a", "b", "c"]).await;
    for newest in ["a", "b", "x"] {
        assert!(!insert_next(storage, newest, &samples::signing_key("d")).await, "{newest}");
    }
    assert!(!insert_next(storage, "c", &samples::signing_key("a")).await, "the key exists already");
    assert_eq!(list(storage).await, keys);
}

/// Checks that of many concurrent callers exactly one adds a key.
pub async fn concurrent_rotations_add_one_key(storage: &dyn Storage) {
    keys(storage, &["a"]).await;
    let answers = at_once(8, async |number| {
        insert_next(storage, "a", &samples::signing_key(&format!("key{number}"))).await
    });
    assert_eq!(count_true(answers), 1);
    assert_eq!(list(storage).await.len(), 2);
}

/// Checks that the activation of a key can be moved to an earlier time, but never to a later one.
pub async fn key_activation_moves_only_to_an_earlier_time(storage: &dyn Storage) {
    let [a, b] = keys(storage, &["a", "b"]).await.try_into().unwrap();
    let earlier = after(-5);
    for time in [after(5), earlier, after(-1)] {
        connect(storage).await.signing_keys().activate_earlier("b", time).await.unwrap();
    }
    assert_eq!(list(storage).await, [a, SigningKey { activates_at: earlier, ..b }]);
}

/// Checks that all other keys expire at the given time, unless they expire earlier.
pub async fn other_keys_expire(storage: &dyn Storage) {
    let [a, b, c] = keys(storage, &["a", "b", "c"]).await.try_into().unwrap();
    for end in [after(5), after(9)] {
        connect(storage).await.signing_keys().expire_others("c", end).await.unwrap();
        let ending = |key: &SigningKey| SigningKey { expires_at: Some(after(5)), ..key.clone() };
        assert_eq!(list(storage).await, [ending(&a), ending(&b), c.clone()]);
    }
    connect(storage).await.signing_keys().expire_others("c", after(3)).await.unwrap();
    assert_eq!(list(storage).await.first().unwrap().expires_at, Some(after(3)));
}

/// Checks that the private key is replaced only if it is still the expected one.
pub async fn key_is_reencrypted_once(storage: &dyn Storage) {
    let [a, b] = keys(storage, &["a", "b"]).await.try_into().unwrap();
    let reseal = async |new: &[u8]| {
        let mut repositories = connect(storage).await;
        repositories
            .signing_keys()
            .replace_ciphertext("a", &a.encrypted_private_key, new)
            .await
            .unwrap()
    };
    assert!(reseal(b"renewed").await);
    assert!(!reseal(b"late").await);
    let renewed = SigningKey { encrypted_private_key: b"renewed".to_vec(), ..a.clone() };
    assert_eq!(list(storage).await, [renewed, b]);
}

/// Checks that only keys that have expired are deleted.
pub async fn expired_keys_are_deleted(storage: &dyn Storage) {
    let [_, _, c] = keys(storage, &["a", "b", "c"]).await.try_into().unwrap();
    connect(storage).await.signing_keys().expire_others("c", after(5)).await.unwrap();
    let delete =
        async |before| connect(storage).await.signing_keys().delete_expired(before).await.unwrap();
    assert_eq!(delete(after(4)).await, 0);
    assert_eq!(delete(after(5)).await, 2);
    assert_eq!(list(storage).await, [c]);
}
