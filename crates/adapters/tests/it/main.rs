//! The adapters on real databases: SQLite always, PostgreSQL and Redis where `scripts/test.sh` runs
//! them.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is how a test fails, in its helpers too"
)]

/// Makes two tests of each function that takes an empty database: one on SQLite, one on PostgreSQL.
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
