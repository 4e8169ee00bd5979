//! Tests of the adapters on real databases: SQLite always, and PostgreSQL and Redis when run by `scripts/test.sh`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is how a test fails, in its helpers too"
)]

/// Creates two tests from each function that takes an empty database: one for SQLite, one for PostgreSQL.
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(&doorward_testing::TestDatabase::empty_sqlite()).await;
            })+
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            #[ignore = "needs PostgreSQL: scripts/test.sh runs it"]
            async fn $name() {
                super::$name(&doorward_testing::TestDatabase::empty_postgres().await).await;
            })+
        }
    };
}

mod backup;
mod binding;
mod catalog;
mod conformance;
mod connecting;
mod copies;
mod corrupt;
mod fitness;
mod key_ring;
mod migrations;
mod outages;
mod redis;
mod schema;
mod servers;
mod silent;
mod smtp;
