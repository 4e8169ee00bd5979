//! Checks whether a server can use a database, before the server starts.

use diesel::ConnectionError;
use tokio_postgres::Client;

use super::{
    connection::{
        connect, file,
        pooler::{self, lost, rows},
    },
    sql::schema::TABLES,
    url::{DatabaseUrl, PostgresUrl},
};

/// The oldest supported version, in the format of `server_version_num`.
const OLDEST: u32 = 130_000;

/// Facts about a usable database that affect the server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fitness {
    /// Whether a connection pooler assigns a connection per transaction.
    pub is_pooled: bool,
    /// The role whose statements have no time limit, because a pooler is in between.
    pub unlimited_role: Option<String>,
}

/// The database is reachable, but a server can't use it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The PostgreSQL version is too old.
    #[error("this is PostgreSQL {0}, but version 13 or newer is required: upgrade it")]
    TooOld(String),
    /// The encoding can't represent all names and email addresses of users.
    #[error(
        "its encoding is {encoding}, which can't represent all text: create another database with \
         createdb --encoding=UTF8 --template=template0 NAME, and set DOORWARD_DATABASE_URL to it"
    )]
    Encoding {
        /// The encoding.
        encoding: String,
    },
    /// The server is a standby. This may be temporary.
    #[error(
        "it is a read-only standby: use the URL of the primary, or list all servers and add target_session_attrs=read-write"
    )]
    Standby,
    /// The database is configured to be read-only.
    #[error(
        "it is read-only (default_transaction_read_only): run ALTER DATABASE \"{database}\" RESET \
         default_transaction_read_only, or reset it for the role or the server"
    )]
    ReadOnly {
        /// The database.
        database: String,
    },
    /// The role may not use or create the tables.
    #[error("the role lacks privileges on {on}: {advice}")]
    Privileges {
        /// The tables or the schema.
        on: String,
        /// What to do.
        advice: String,
    },
    /// A pooler assigns a connection per transaction and doesn't support prepared statements.
    #[error(
        "a connection pooler (such as PgBouncer) in transaction mode is in between, and it does not support prepared \
         statements: use PgBouncer 1.21 or newer with max_prepared_statements = 200, or pool_mode = session, or connect \
         to PostgreSQL directly"
    )]
    Pooler,
    /// The database file is unusable.
    #[error("{0}")]
    File(String),
}

impl Unfit {
    /// Returns `true` if the problem may resolve without intervention.
    pub fn may_pass(&self) -> bool {
        *self == Self::Standby
    }
}

/// Why the check failed, or could not be completed.
pub(crate) enum Problem {
    Connection(ConnectionError),
    Unfit(Unfit),
}

impl From<Unfit> for Problem {
    fn from(unfit: Unfit) -> Self {
        Self::Unfit(unfit)
    }
}

impl From<ConnectionError> for Problem {
    fn from(error: ConnectionError) -> Self {
        Self::Connection(error)
    }
}

pub(crate) async fn of(url: &DatabaseUrl) -> Result<Fitness, Problem> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            let path = path.clone();
            let checked = tokio::task::spawn_blocking(move || file::check_by_writing(&path)).await;
            let checked = checked.map_err(|error| lost(&error))?;
            checked.map_err(Unfit::File)?;
            Ok(Fitness::default())
        }
        DatabaseUrl::Postgres(url) => of_postgres(url).await,
    }
}

async fn of_postgres(url: &PostgresUrl) -> Result<Fitness, Problem> {
    let client = connect::postgres_plain(url).await?;
    server(&client, url).await?;
    let pooling = pooler::look(&client, url).await?;
    if pooling.is_by_transaction && !pooling.follows_prepared_statements {
        return Err(Unfit::Pooler.into());
    }
    let is_unlimited = pooling.is_by_transaction && !pooling.limits_statements;
    Ok(Fitness {
        is_pooled: pooling.is_by_transaction,
        unlimited_role: is_unlimited.then(|| url.user().to_owned()),
    })
}

/// Checks the server, the database, and the privileges of the role.
async fn server(client: &Client, url: &PostgresUrl) -> Result<(), Problem> {
    let facts = "SELECT current_setting('server_version_num'), current_setting('server_version'), \
         pg_is_in_recovery(), current_setting('transaction_read_only'), pg_encoding_to_char(encoding), \
         coalesce(current_schema(), ''), to_regclass('__diesel_schema_migrations') IS NULL, \
         coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) \
         FROM pg_database WHERE datname = current_database()";
    let facts = rows(client, facts).await?;
    let fact = |column: usize| {
        let text = facts.first().and_then(|row| row.try_get(column).ok().flatten());
        text.unwrap_or_default().to_owned()
    };
    if fact(0).parse().is_ok_and(|version: u32| version < OLDEST) {
        return Err(Unfit::TooOld(fact(1)).into());
    }
    if fact(2) == "t" {
        return Err(Unfit::Standby.into());
    }
    if fact(3) == "on" {
        return Err(Unfit::ReadOnly { database: url.database().to_owned() }.into());
    }
    if fact(4) != "UTF8" {
        return Err(Unfit::Encoding { encoding: fact(4) }.into());
    }
    let (schema, is_empty, may_create) = (fact(5), fact(6) == "t", fact(7) == "t");
    if is_empty && !may_create {
        return Err(Unfit::of_schema(&schema, url).into());
    }
    let lacking = format!(
        "SELECT name FROM unnest(ARRAY['{}']) AS name WHERE to_regclass(name) IS NOT NULL AND NOT {MAY_WRITE}",
        TABLES.join("','")
    );
    let lacking = rows(client, &lacking).await?;
    let names = lacking.iter().filter_map(|row| row.try_get(0).ok().flatten()).collect::<Vec<_>>();
    if !names.is_empty() {
        let user = url.user();
        let advice = format!(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \"{schema}\" TO \"{user}\", or make that role \
             the owner of the tables"
        );
        return Err(Unfit::Privileges { on: names.join(", "), advice }.into());
    }
    Ok(())
}

/// SQL: whether the role has the privileges that a server needs on the table `name`.
pub(crate) const MAY_WRITE: &str = "(has_table_privilege(name, 'SELECT') AND has_table_privilege(name, 'INSERT') \
     AND has_table_privilege(name, 'UPDATE') AND has_table_privilege(name, 'DELETE'))";

impl Unfit {
    /// Creates the error for a schema in which the role may not create tables.
    pub(crate) fn of_schema(schema: &str, url: &PostgresUrl) -> Self {
        let (database, user) = (url.database(), url.user());
        if schema.is_empty() {
            return Self::Privileges {
                on: "the schema of the search path, which does not exist or is not accessible"
                    .to_owned(),
                advice: format!(
                    "as the owner of the database, run CREATE SCHEMA and GRANT USAGE, CREATE ON it TO \"{user}\""
                ),
            };
        }
        Self::Privileges {
            on: format!("the schema {schema}"),
            advice: format!(
                "as a superuser, run ALTER DATABASE \"{database}\" OWNER TO \"{user}\", or in that database run GRANT USAGE, CREATE \
                 ON SCHEMA \"{schema}\" TO \"{user}\" (since PostgreSQL 15 only the owner of a database may create \
                 tables in public)"
            ),
        }
    }
}
