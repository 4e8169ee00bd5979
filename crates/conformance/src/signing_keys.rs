//! `SigningKeyRepository`.

use doorward_domain::{ports::Storage, signing_key::SigningKey};

use crate::{
    concurrency::{at_once, count_yes},
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

async fn insert_next(storage: &dyn Storage, newest: &str, key: &SigningKey) -> bool {
    connect(storage).await.signing_keys().insert_next(newest, key).await.unwrap()
}

/// Keys in the order that they were made in.
async fn keys(storage: &dyn Storage, kids: &[&str]) -> Vec<SigningKey> {
    let keys: Vec<_> = kids.iter().map(|kid| sample::signing_key(kid)).collect();
    insert_first(storage, keys.first().unwrap()).await;
    for pair in keys.windows(2) {
        let [newest, key] = pair else { unreachable!() };
        assert!(insert_next(storage, &newest.kid, key).await);
    }
    keys
}

/// `SigningKeyRepository::insert_next`: after the one made last, if it is the one that is named.
pub async fn a_key_follows_the_newest_and_no_other(storage: &dyn Storage) {
    assert!(!insert_next(storage, "a", &sample::signing_key("b")).await);
    let keys = keys(storage, &["a", "b", "c"]).await;
    for newest in ["a", "b", "x"] {
        assert!(!insert_next(storage, newest, &sample::signing_key("d")).await, "{newest}");
    }
    assert!(!insert_next(storage, "c", &sample::signing_key("a")).await, "it is there");
    assert_eq!(list(storage).await, keys);
}

/// `SigningKeyRepository::insert_next`: of many callers at the same moment one MUST.
pub async fn of_many_that_rotate_at_once_one_adds_a_key(storage: &dyn Storage) {
    keys(storage, &["a"]).await;
    let answers = at_once(8, async |number| {
        insert_next(storage, "a", &sample::signing_key(&format!("key{number}"))).await
    });
    assert_eq!(count_yes(answers), 1);
    assert_eq!(list(storage).await.len(), 2);
}

/// `SigningKeyRepository::bring_forward`: earlier, and never later.
pub async fn a_key_is_brought_forward_and_never_put_off(storage: &dyn Storage) {
    let [a, b] = keys(storage, &["a", "b"]).await.try_into().unwrap();
    let earlier = after(-5);
    for time in [after(5), earlier, after(-1)] {
        connect(storage).await.signing_keys().bring_forward("b", time).await.unwrap();
    }
    assert_eq!(list(storage).await, [a, SigningKey { activates_at: earlier, ..b }]);
}

/// `SigningKeyRepository::expire_others`: until the end that is given and no longer.
pub async fn the_life_of_all_other_keys_ends(storage: &dyn Storage) {
    let [a, b, c] = keys(storage, &["a", "b", "c"]).await.try_into().unwrap();
    for end in [after(5), after(9)] {
        connect(storage).await.signing_keys().expire_others("c", end).await.unwrap();
        let ending = |key: &SigningKey| SigningKey { expires_at: Some(after(5)), ..key.clone() };
        assert_eq!(list(storage).await, [ending(&a), ending(&b), c.clone()]);
    }
    connect(storage).await.signing_keys().expire_others("c", after(3)).await.unwrap();
    assert_eq!(list(storage).await.first().unwrap().expires_at, Some(after(3)));
}

/// `SigningKeyRepository::reseal`: if it still is as it was.
pub async fn a_key_is_sealed_anew_once(storage: &dyn Storage) {
    let [a, b] = keys(storage, &["a", "b"]).await.try_into().unwrap();
    let reseal = async |new: &[u8]| {
        let mut repositories = connect(storage).await;
        repositories.signing_keys().reseal("a", &a.sealed_private_key, new).await.unwrap()
    };
    assert!(reseal(b"anew").await);
    assert!(!reseal(b"late").await);
    let anew = SigningKey { sealed_private_key: b"anew".to_vec(), ..a.clone() };
    assert_eq!(list(storage).await, [anew, b]);
}

/// `SigningKeyRepository::delete_gone`: those whose end has come, and no others.
pub async fn keys_that_are_gone_are_deleted(storage: &dyn Storage) {
    let [_, _, c] = keys(storage, &["a", "b", "c"]).await.try_into().unwrap();
    connect(storage).await.signing_keys().expire_others("c", after(5)).await.unwrap();
    let delete =
        async |before| connect(storage).await.signing_keys().delete_gone(before).await.unwrap();
    assert_eq!(delete(after(4)).await, 0);
    assert_eq!(delete(after(5)).await, 2);
    assert_eq!(list(storage).await, [c]);
}
