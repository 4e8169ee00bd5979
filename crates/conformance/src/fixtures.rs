//! Functions that store values through the ports, as a starting point for clauses.

use doorward_domain::{
    account::user::User,
    credential::password::StoredPassword,
    mail::OutboxEntry,
    org::{Org, membership::Membership, role::Role},
    ports::{Repositories, Storage, UnitOfWork},
    session::{Session, SessionContext},
    token::{
        TokenRef,
        one_time::{OneTimePurpose, OneTimeToken},
    },
};

use crate::samples;

/// Returns repositories for one call. Drop them after the call: they may hold the only connection that can
/// write.
///
/// # Panics
/// Panics if no connection is available. The other functions of this module panic as well if the storage
/// fails.
pub async fn connect(storage: &dyn Storage) -> Box<dyn Repositories> {
    storage.connect().await.unwrap()
}

/// Begins a unit of work.
pub async fn begin(storage: &dyn Storage) -> Box<dyn UnitOfWork> {
    storage.begin().await.unwrap()
}

/// Stores an account and returns it.
pub async fn user(storage: &dyn Storage, user: User) -> User {
    connect(storage).await.users().insert(&user, None).await.unwrap();
    user
}

/// Stores an organization and returns it.
pub async fn org(storage: &dyn Storage, org: Org) -> Org {
    connect(storage).await.orgs().insert(&org).await.unwrap();
    org
}

/// Stores the membership of a user in an organization.
pub async fn member(storage: &dyn Storage, org: &Org, user: &User, role: Role) {
    let membership = samples::membership(org, user, role);
    assert!(connect(storage).await.memberships().insert(&membership).await.unwrap());
}

/// Stores an organization that a user joined `seconds` seconds after [`samples::NOW`], and returns it.
pub async fn joined(
    storage: &dyn Storage,
    name: &str,
    user: &User,
    role: Role,
    seconds: i64,
) -> Org {
    let org = org(storage, samples::org(name)).await;
    let joined_at = samples::after(seconds);
    let membership = Membership { joined_at, ..samples::membership(&org, user, role) };
    assert!(connect(storage).await.memberships().insert(&membership).await.unwrap());
    org
}

/// Stores an account whose password hash is [`samples::hash`] of its username, and returns it.
pub async fn user_with_password(storage: &dyn Storage, user: User) -> User {
    let user = User { has_password: true, ..user };
    let hash = samples::hash(user.username.as_str());
    connect(storage).await.users().insert(&user, Some(hash)).await.unwrap();
    user
}

/// Opens a session and returns it.
pub async fn session(storage: &dyn Storage, session: Session) -> Session {
    connect(storage).await.sessions().open(&session).await.unwrap();
    session
}

/// Adds a message to the outbox and returns it.
pub async fn mail(storage: &dyn Storage, mail: OutboxEntry) -> OutboxEntry {
    connect(storage).await.outbox().enqueue(&mail).await.unwrap();
    mail
}

/// Issues a token to a user at [`samples::NOW`] and returns its reference.
pub async fn token(storage: &dyn Storage, user: &User, purpose: OneTimePurpose) -> TokenRef {
    let issue = samples::issue(user, purpose, samples::NOW);
    connect(storage).await.one_time_tokens().issue(&issue).await.unwrap().unwrap()
}

/// Returns the stored account.
pub async fn stored_user(storage: &dyn Storage, user: &User) -> User {
    connect(storage).await.users().find(user.id).await.unwrap().unwrap()
}

/// Returns the stored password of an account that has one.
pub async fn stored_password(storage: &dyn Storage, user: &User) -> StoredPassword {
    connect(storage).await.users().password(user.id).await.unwrap().unwrap()
}

/// Returns the stored session with its user and the role in the session's organization.
pub async fn session_context(storage: &dyn Storage, session: &Session) -> SessionContext {
    connect(storage).await.sessions().find_with_user(session.id, None).await.unwrap().unwrap()
}

/// Returns the stored row of a token.
pub async fn stored_token(
    storage: &dyn Storage,
    purpose: OneTimePurpose,
    token: TokenRef,
) -> OneTimeToken {
    connect(storage).await.one_time_tokens().find(purpose, token).await.unwrap().unwrap()
}
