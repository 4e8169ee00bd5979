use async_trait::async_trait;
use doorward_domain::{
    ports::{SigningKeyRepository, StorageError},
    signing_key::SigningKey,
};
use time::OffsetDateTime;

use super::{state::State, work::Work};

const FIRST: u32 = 1;

impl State {
    fn add_key(&mut self, ordinal: u32, key: &SigningKey) -> bool {
        let is_known = self.signing_keys.rows().any(|other| other.kid == key.kid);
        !is_known && self.signing_keys.insert(ordinal, key.clone())
    }
}

#[async_trait]
impl SigningKeyRepository for Work {
    async fn list(&mut self) -> Result<Vec<SigningKey>, StorageError> {
        self.read(|state| state.signing_keys.rows().cloned().collect()).await
    }

    async fn insert_first(&mut self, key: &SigningKey) -> Result<(), StorageError> {
        self.write(|state| {
            state.add_key(FIRST, key);
        })
        .await
    }

    async fn insert_next(&mut self, newest: &str, key: &SigningKey) -> Result<bool, StorageError> {
        self.write(|state| {
            let last = state.signing_keys.iter().next_back();
            let ordinal = last.filter(|(_, last)| last.kid == newest).map(|(ordinal, _)| *ordinal);
            ordinal.is_some_and(|ordinal| state.add_key(ordinal + 1, key))
        })
        .await
    }

    async fn activate_earlier(
        &mut self,
        kid: &str,
        activates_at: OffsetDateTime,
    ) -> Result<(), StorageError> {
        self.write(|state| {
            let later = |key: &SigningKey| key.kid == kid && key.activates_at > activates_at;
            state.signing_keys.matching(later).for_each(|key| key.activates_at = activates_at);
        })
        .await
    }

    async fn expire_others(&mut self, kid: &str, end: OffsetDateTime) -> Result<(), StorageError> {
        self.write(|state| {
            let outlives = |key: &SigningKey| key.kid != kid && key.is_published(end);
            state.signing_keys.matching(outlives).for_each(|key| key.expires_at = Some(end));
        })
        .await
    }

    async fn replace_ciphertext(
        &mut self,
        kid: &str,
        old: &[u8],
        new: &[u8],
    ) -> Result<bool, StorageError> {
        self.write(|state| {
            let is_old = |key: &SigningKey| key.kid == kid && key.encrypted_private_key == old;
            let key = state.signing_keys.matching(is_old).next();
            key.map(|key| key.encrypted_private_key = new.to_vec()).is_some()
        })
        .await
    }

    async fn delete_expired(&mut self, before: OffsetDateTime) -> Result<usize, StorageError> {
        self.write(|state| state.signing_keys.remove_all(|key| !key.is_published(before))).await
    }
}
