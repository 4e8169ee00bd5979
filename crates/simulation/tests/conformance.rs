//! Checks that the storage in memory conforms to the ports like the databases do, so that results on it apply
//! to them.

mod writer_lock_per_statement {
    use std::sync::Arc;

    use doorward_simulation::storage::{Calm, Lending, MemoryStorage};

    async fn storage() -> Box<MemoryStorage> {
        Box::new(MemoryStorage::new(Lending::PerStatement, Arc::new(Calm)))
    }

    doorward_conformance::storage_conformance!(storage);
}

mod writer_lock_until_release {
    use std::sync::Arc;

    use doorward_simulation::storage::{Calm, Lending, MemoryStorage};

    async fn storage() -> Box<MemoryStorage> {
        Box::new(MemoryStorage::new(Lending::UntilGivenBack, Arc::new(Calm)))
    }

    doorward_conformance::storage_conformance!(storage);
}
