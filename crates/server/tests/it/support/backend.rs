use std::future::Future;

use doorward_testing::TestDatabase;

/// The database that a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    pub(crate) async fn database(self) -> TestDatabase {
        match self {
            Self::Sqlite => TestDatabase::sqlite().await,
            Self::Postgres => TestDatabase::postgres().await,
        }
    }
}

/// Runs a scenario on a multi-thread runtime, as the server does.
pub(crate) fn run<F: Future<Output = ()>>(backend: Backend, scenario: impl FnOnce(Backend) -> F) {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(scenario(backend));
}

/// Creates two tests from each scenario, one per database. Those on PostgreSQL are ignored by
/// default, since they need a server.
macro_rules! on_both {
    ($(async fn $name:ident($backend:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn scenario($backend: $crate::support::Backend) $body

            #[test]
            fn on_sqlite() {
                $crate::support::run($crate::support::Backend::Sqlite, scenario);
            }

            #[test]
            #[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
            fn on_postgres() {
                $crate::support::run($crate::support::Backend::Postgres, scenario);
            }
        }
    )+};
}

pub(crate) use on_both;
