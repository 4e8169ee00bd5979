//! Removing an account for good.

use doorward_domain::{
    UserId,
    audit::AuditKind,
    org::{Org, OrgName},
    ports::StorageError,
    user::User,
};
use tracing::instrument;

use crate::{Failure, Ports, audit, failure::fails_with};

/// Removes an account with all that is its own, and the organisations that nobody else is in: for operators, who
/// are asked nothing here. What the audit trail says of it stays.
#[derive(Debug)]
pub struct DeleteUser {
    ports: Ports,
}

/// What is gone.
#[derive(Debug)]
pub struct Deleted {
    /// The account.
    pub user: User,
    /// The organisations that nobody else was in.
    pub orgs: Vec<Org>,
}

/// Nothing was removed.
#[derive(Debug, thiserror::Error)]
pub enum DeleteUserError {
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// Others would be left in organisations that nobody owns.
    #[error(
        "the account is the last owner of {}, which others belong to: make one of them an owner first",
        names(.0)
    )]
    LastOwner(Vec<OrgName>),
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(DeleteUserError: StorageError);

fn names(orgs: &[OrgName]) -> String {
    let quoted = orgs.iter().map(|name| format!("“{}”", name.as_str()));
    quoted.collect::<Vec<_>>().join(", ")
}

impl DeleteUser {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Runs the use case.
    ///
    /// # Errors
    /// See [`DeleteUserError`].
    #[instrument(level = "debug", name = "delete user", skip_all)]
    pub async fn run(&self, id: UserId) -> Result<Deleted, DeleteUserError> {
        let mut work = self.ports.storage.begin().await?;
        work.memberships().hold(id).await?;
        let user = work.users().find(id).await?.ok_or(DeleteUserError::NotFound)?;
        let belongings = work.memberships().of(id).await?;
        let needed = belongings.iter().filter(|belonging| belonging.is_needed());
        let needed: Vec<_> = needed.map(|belonging| belonging.org.name.clone()).collect();
        if !needed.is_empty() {
            return Err(DeleteUserError::LastOwner(needed));
        }
        let alone = belongings.into_iter().filter(|belonging| belonging.is_alone());
        let orgs: Vec<_> = alone.map(|belonging| belonging.org).collect();
        work.users().delete(id).await?;
        for org in &orgs {
            work.orgs().delete(org.id).await?;
        }
        let kind = AuditKind::AccountDeleted;
        work.audit().record(&audit::by_an_operator(&self.ports, kind, id)).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %id, orgs = orgs.len(), "account deleted");
        Ok(Deleted { user, orgs })
    }
}
