//! What a clause starts from: values put into storage by the ports' own calls.

use doorward_domain::{
    mail::OutboxEntry,
    membership::Membership,
    one_time_token::{OneTimePurpose, OneTimeToken},
    org::Org,
    password::StoredPassword,
    ports::{Repositories, Storage, UnitOfWork},
    role::Role,
    session::{Session, Standing},
    token::TokenRef,
    user::User,
};

use crate::sample;

/// Repositories for one call. They are to be dropped with it: holding on to them may hold the only
/// connection that writes.
pub async fn connect(storage: &dyn Storage) -> Box<dyn Repositories> {
    storage.connect().await.unwrap()
}

/// A unit of work.
pub async fn begin(storage: &dyn Storage) -> Box<dyn UnitOfWork> {
    storage.begin().await.unwrap()
}

/// An account that is stored.
pub async fn user(storage: &dyn Storage, user: User) -> User {
    connect(storage).await.users().insert(&user, None).await.unwrap();
    user
}

/// An organisation that is stored.
pub async fn org(storage: &dyn Storage, org: Org) -> Org {
    connect(storage).await.orgs().insert(&org).await.unwrap();
    org
}

/// A person who is a member of an organisation.
pub async fn member(storage: &dyn Storage, org: &Org, user: &User, role: Role) {
    let membership = sample::membership(org, user, role);
    assert!(connect(storage).await.memberships().insert(&membership).await.unwrap());
}

/// An organisation that a person has joined, some seconds after [`sample::NOW`].
pub async fn joined(
    storage: &dyn Storage,
    name: &str,
    user: &User,
    role: Role,
    seconds: i64,
) -> Org {
    let org = org(storage, sample::org(name)).await;
    let joined_at = sample::after(seconds);
    let membership = Membership { joined_at, ..sample::membership(&org, user, role) };
    assert!(connect(storage).await.memberships().insert(&membership).await.unwrap());
    org
}

/// An account with a password, whose hash is that of its name.
pub async fn user_with_password(storage: &dyn Storage, user: User) -> User {
    let user = User { has_password: true, ..user };
    let hash = sample::hash(user.username.as_str());
    connect(storage).await.users().insert(&user, Some(hash)).await.unwrap();
    user
}

/// A session that is open.
pub async fn session(storage: &dyn Storage, session: Session) -> Session {
    connect(storage).await.sessions().open(&session).await.unwrap();
    session
}

/// A mail that waits.
pub async fn mail(storage: &dyn Storage, mail: OutboxEntry) -> OutboxEntry {
    connect(storage).await.outbox().enqueue(&mail).await.unwrap();
    mail
}

/// A token that was issued to somebody at [`sample::NOW`].
pub async fn token(storage: &dyn Storage, user: &User, purpose: OneTimePurpose) -> TokenRef {
    let issue = sample::issue(user, purpose, sample::NOW);
    connect(storage).await.one_time_tokens().issue(&issue).await.unwrap().unwrap()
}

/// The account as storage has it.
pub async fn stored_user(storage: &dyn Storage, user: &User) -> User {
    connect(storage).await.users().find(user.id).await.unwrap().unwrap()
}

/// The password of an account that has one, as storage has it.
pub async fn stored_password(storage: &dyn Storage, user: &User) -> StoredPassword {
    connect(storage).await.users().password(user.id).await.unwrap().unwrap()
}

/// The session as storage has it, with its user and the role in its own organisation.
pub async fn standing(storage: &dyn Storage, session: &Session) -> Standing {
    connect(storage).await.sessions().standing(session.id, None).await.unwrap().unwrap()
}

/// The row of a token as storage has it.
pub async fn stored_token(
    storage: &dyn Storage,
    purpose: OneTimePurpose,
    token: TokenRef,
) -> OneTimeToken {
    connect(storage).await.one_time_tokens().find(purpose, token).await.unwrap().unwrap()
}
