//! Every adapter conforms to its port.

mod sqlite {
    use doorward_testing::{TestDatabase, TestStorage};

    async fn storage() -> TestStorage {
        TestDatabase::sqlite().await.into_storage()
    }

    doorward_conformance::storage_conformance!(storage);
}

mod postgres {
    use doorward_testing::{TestDatabase, TestStorage};

    async fn storage() -> TestStorage {
        TestDatabase::postgres().await.into_storage()
    }

    doorward_conformance::storage_conformance!(
        #[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
        storage
    );
}

mod memory {
    use std::sync::Arc;

    use doorward_adapters::limits::{MemoryRateLimiter, Quotas};
    use doorward_domain::mock::FrozenClock;

    async fn limiter() -> (Box<MemoryRateLimiter>, Arc<FrozenClock>) {
        let clock = Arc::new(FrozenClock::default());
        (Box::new(MemoryRateLimiter::new(Quotas::default(), clock.clone())), clock)
    }

    doorward_conformance::rate_limiter_conformance!(limiter);
}

mod redis {
    use std::sync::Arc;

    use doorward_domain::mock::FrozenClock;

    use crate::redis::Shared;

    async fn limiter() -> (Shared, Arc<FrozenClock>) {
        let clock = Arc::new(FrozenClock::default());
        (Shared::start(clock.clone()).await, clock)
    }

    doorward_conformance::rate_limiter_conformance!(
        #[ignore = "needs Redis: scripts/test.sh runs it"]
        limiter
    );
}

mod redis_away {
    use std::sync::Arc;

    use doorward_adapters::limits::RedisRateLimiter;
    use doorward_domain::mock::FrozenClock;

    async fn limiter() -> (Box<RedisRateLimiter>, Arc<FrozenClock>) {
        let clock = Arc::new(FrozenClock::default());
        (Box::new(crate::redis::limiter(crate::redis::NOWHERE, clock.clone())), clock)
    }

    doorward_conformance::rate_limiter_conformance!(limiter);
}
