//! The storage in memory does what its port says, as the databases do: what is found on it says something of them.

mod kept_for_a_statement {
    use std::sync::Arc;

    use doorward_simulation::storage::{Calm, Lending, MemoryStorage};

    async fn storage() -> Box<MemoryStorage> {
        Box::new(MemoryStorage::new(Lending::PerStatement, Arc::new(Calm)))
    }

    doorward_conformance::storage_conformance!(storage);
}

mod kept_until_given_back {
    use std::sync::Arc;

    use doorward_simulation::storage::{Calm, Lending, MemoryStorage};

    async fn storage() -> Box<MemoryStorage> {
        Box::new(MemoryStorage::new(Lending::UntilGivenBack, Arc::new(Calm)))
    }

    doorward_conformance::storage_conformance!(storage);
}
