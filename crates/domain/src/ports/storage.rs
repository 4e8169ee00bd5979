use async_trait::async_trait;

use super::{
    AuditRepository, InviteRepository, MembershipRepository, OneTimeTokenRepository, OrgRepository,
    OutboxRepository, SessionRepository, SigningKeyRepository, UserRepository,
};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why storage gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// It is away, full or too busy. Trying again later may help.
    #[error("the database is unavailable")]
    Unavailable(#[source] Source),
    /// It answered something that it should not have: a fault of ours.
    #[error("the database answered something unexpected")]
    Fault(#[source] Source),
}

/// Why storage can't serve.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// It does not answer, or not in time.
    #[error("the database is unavailable")]
    Unavailable(#[source] StorageError),
    /// It answers reads, and refuses writes.
    #[error("the database can't be written to")]
    ReadOnly(#[source] Source),
    /// Tables are missing, or older than what this version works with.
    #[error("the schema of the database is missing or too old")]
    Schema(#[source] Source),
    /// It does not grant what this version needs.
    #[error("the database does not grant the privileges that the server needs")]
    Privileges(#[source] Source),
}

/// Lends one repository for each aggregate, all over the same connection.
pub trait Repositories: Send {
    /// People's accounts.
    fn users(&mut self) -> &mut dyn UserRepository;
    /// Organisations.
    fn orgs(&mut self) -> &mut dyn OrgRepository;
    /// Who belongs where.
    fn memberships(&mut self) -> &mut dyn MembershipRepository;
    /// Invites into organisations.
    fn invites(&mut self) -> &mut dyn InviteRepository;
    /// Signed-in sessions.
    fn sessions(&mut self) -> &mut dyn SessionRepository;
    /// Tokens that travel by mail.
    fn one_time_tokens(&mut self) -> &mut dyn OneTimeTokenRepository;
    /// Mails that have to go out.
    fn outbox(&mut self) -> &mut dyn OutboxRepository;
    /// Who did what.
    fn audit(&mut self) -> &mut dyn AuditRepository;
    /// Keys that sign access tokens.
    fn signing_keys(&mut self) -> &mut dyn SigningKeyRepository;
}

/// Several statements that happen together or not at all.
///
/// What is dropped without a commit MUST have left nothing behind, and MUST have let go of its locks
/// and its connection. No mail, HTTP or hashing belongs between begin and commit.
#[async_trait]
pub trait UnitOfWork: Repositories {
    /// Makes all of it last. After `Ok`, it MUST survive a crash of the process and of the machine.
    ///
    /// # Errors
    /// Whether it happened is unknown.
    async fn commit(self: Box<Self>) -> Result<(), StorageError>;
}

/// Where everything is kept.
#[async_trait]
pub trait Storage: Send + Sync {
    /// Lends repositories without a transaction: for a read, or for one conditional statement.
    ///
    /// # Errors
    /// There is no connection to be had.
    async fn connect(&self) -> Result<Box<dyn Repositories>, StorageError>;

    /// Begins a unit of work.
    ///
    /// # Errors
    /// There is no connection to be had.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError>;

    /// Checks whether it can serve: whether it answers, accepts writes, and has the schema that this version works with.
    ///
    /// It MUST fail where each write would fail for one of the reasons of [`NotReady`]. It MUST change nothing, MUST NOT
    /// wait for others that write, and has to be cheap: it is called as often as load balancers ask.
    ///
    /// # Errors
    /// See [`NotReady`].
    async fn check_ready(&self) -> Result<(), NotReady>;
}
