use async_trait::async_trait;

use super::{
    AuditRepository, InviteRepository, MembershipRepository, OneTimeTokenRepository, OrgRepository,
    OutboxRepository, SessionRepository, SigningKeyRepository, UserRepository,
};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Errors returned by [`Storage`] and the repositories.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database is unavailable or overloaded, or its disk is full. Retrying may succeed.
    #[error("the database is unavailable")]
    Unavailable(#[source] Source),
    /// The database returned an unexpected result: a bug in Doorward.
    #[error("the database returned something unexpected")]
    Fault(#[source] Source),
}

/// Errors returned by [`Storage::check_ready`].
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// The database didn't respond, or not in time.
    #[error("the database is unavailable")]
    Unavailable(#[source] StorageError),
    /// The database can be read but not written to.
    #[error("the database can't be written to")]
    ReadOnly(#[source] Source),
    /// Tables are missing, or older than this version needs.
    #[error("the schema of the database is missing or too old")]
    Schema(#[source] Source),
    /// The database doesn't grant the privileges that this version needs.
    #[error("the database does not grant the privileges that the server needs")]
    Privileges(#[source] Source),
}

/// Gives access to one repository per aggregate, all on the same connection.
pub trait Repositories: Send {
    /// Accounts of users.
    fn users(&mut self) -> &mut dyn UserRepository;
    /// Organizations.
    fn orgs(&mut self) -> &mut dyn OrgRepository;
    /// Memberships of users in organizations.
    fn memberships(&mut self) -> &mut dyn MembershipRepository;
    /// Invites to organizations.
    fn invites(&mut self) -> &mut dyn InviteRepository;
    /// Signed-in sessions.
    fn sessions(&mut self) -> &mut dyn SessionRepository;
    /// Single-use tokens, which are sent by email.
    fn one_time_tokens(&mut self) -> &mut dyn OneTimeTokenRepository;
    /// Outgoing messages.
    fn outbox(&mut self) -> &mut dyn OutboxRepository;
    /// The audit trail.
    fn audit(&mut self) -> &mut dyn AuditRepository;
    /// Keys that sign access tokens.
    fn signing_keys(&mut self) -> &mut dyn SigningKeyRepository;
}

/// A transaction: several statements that take effect together or not at all.
///
/// A unit of work that is dropped without a commit MUST leave no changes behind, and MUST release its locks
/// and its connection. Between begin and commit, don't send email or HTTP requests, and don't hash passwords.
#[async_trait]
pub trait UnitOfWork: Repositories {
    /// Commits the transaction. After `Ok`, the changes MUST survive a crash of the process and of the
    /// machine.
    ///
    /// # Errors
    /// Returns [`StorageError`] if the commit failed. The outcome is then unknown.
    async fn commit(self: Box<Self>) -> Result<(), StorageError>;
}

/// The database.
#[async_trait]
pub trait Storage: Send + Sync {
    /// Returns repositories without a transaction, for reads or for a single conditional statement.
    ///
    /// # Errors
    /// Returns [`StorageError`] if no connection is available.
    async fn connect(&self) -> Result<Box<dyn Repositories>, StorageError>;

    /// Begins a unit of work.
    ///
    /// # Errors
    /// Returns [`StorageError`] if no connection is available.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError>;

    /// Checks that the database responds, accepts writes, and has the schema that this version needs.
    ///
    /// It MUST fail if every write would fail for one of the reasons of [`NotReady`]. It MUST change nothing,
    /// MUST NOT wait for concurrent writers, and has to be cheap, because load balancers call it often.
    ///
    /// # Errors
    /// Returns [`NotReady`] with the reason.
    async fn check_ready(&self) -> Result<(), NotReady>;
}
