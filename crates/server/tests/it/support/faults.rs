use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use doorward_application::Ports;
use doorward_domain::{
    credential::password::{Password, PasswordHash},
    ports::{
        Bucket, HashError, Limit, NotReady, PasswordHasher, Priority, RateLimiter, Repositories,
        RetryAfter, Storage, StorageError, UnitOfWork, UnusableHash, Verification, VerifyTarget,
    },
};

/// The fault that the adapters inject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Nothing,
    DatabaseAway,
    DatabaseBroken,
    HasherBusy,
    /// Hangs until the fault is removed.
    HasherHangs,
    UseCasePanics,
    HandlerPanics,
}

/// Adapters that fail on demand.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults(Arc<AtomicU8>);

impl Faults {
    pub(crate) fn set(&self, fault: Fault) {
        self.0.store(fault as u8, Ordering::SeqCst);
    }

    pub(crate) fn around(&self, ports: Ports) -> Ports {
        Ports {
            storage: Arc::new(FaultyStorage { inner: ports.storage, faults: self.clone() }),
            hasher: Arc::new(FaultyHasher { inner: ports.hasher, faults: self.clone() }),
            limiter: Arc::new(FaultyLimiter { inner: ports.limiter, faults: self.clone() }),
            ..ports
        }
    }

    fn is(&self, fault: Fault) -> bool {
        self.0.load(Ordering::SeqCst) == fault as u8
    }

    fn of_storage(&self) -> Result<(), StorageError> {
        if self.is(Fault::DatabaseAway) {
            return Err(StorageError::Unavailable("injected fault".into()));
        }
        if self.is(Fault::DatabaseBroken) {
            return Err(StorageError::Fault("injected fault".into()));
        }
        assert!(!self.is(Fault::UseCasePanics), "injected fault");
        Ok(())
    }

    async fn of_hasher(&self) -> Result<(), HashError> {
        while self.is(Fault::HasherHangs) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if self.is(Fault::HasherBusy) { Err(HashError::Busy) } else { Ok(()) }
    }
}

struct FaultyStorage {
    inner: Arc<dyn Storage>,
    faults: Faults,
}

#[async_trait]
impl Storage for FaultyStorage {
    async fn connect(&self) -> Result<Box<dyn Repositories>, StorageError> {
        self.faults.of_storage()?;
        self.inner.connect().await
    }

    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        self.faults.of_storage()?;
        self.inner.begin().await
    }

    async fn check_ready(&self) -> Result<(), NotReady> {
        self.faults.of_storage().map_err(NotReady::Unavailable)?;
        self.inner.check_ready().await
    }
}

struct FaultyHasher {
    inner: Arc<dyn PasswordHasher>,
    faults: Faults,
}

#[async_trait]
impl PasswordHasher for FaultyHasher {
    fn is_saturated(&self, priority: Priority) -> bool {
        self.faults.is(Fault::HasherBusy) || self.inner.is_saturated(priority)
    }

    async fn hash(
        &self,
        password: Password,
        priority: Priority,
    ) -> Result<PasswordHash, HashError> {
        self.faults.of_hasher().await?;
        self.inner.hash(password, priority).await
    }

    async fn verify(
        &self,
        password: Password,
        against: VerifyTarget,
        priority: Priority,
    ) -> Result<Verification, HashError> {
        self.faults.of_hasher().await?;
        self.inner.verify(password, against, priority).await
    }

    fn validate_hash(&self, hash: &PasswordHash) -> Result<(), UnusableHash> {
        self.inner.validate_hash(hash)
    }

    fn calibrate_decoys(&self, sample: &[PasswordHash]) {
        self.inner.calibrate_decoys(sample);
    }
}

struct FaultyLimiter {
    inner: Arc<dyn RateLimiter>,
    faults: Faults,
}

#[async_trait]
impl RateLimiter for FaultyLimiter {
    async fn take(&self, limit: Limit, key: &str) -> Result<(), RetryAfter> {
        assert!(!self.faults.is(Fault::HandlerPanics), "injected fault");
        self.inner.take(limit, key).await
    }

    async fn take_any(&self, groups: Vec<Vec<Bucket>>) -> Result<Vec<Bucket>, RetryAfter> {
        assert!(!self.faults.is(Fault::HandlerPanics), "injected fault");
        self.inner.take_any(groups).await
    }

    async fn release(&self, limit: Limit, key: &str) {
        self.inner.release(limit, key).await;
    }

    async fn release_all(&self, buckets: Vec<Bucket>) {
        self.inner.release_all(buckets).await;
    }
}
