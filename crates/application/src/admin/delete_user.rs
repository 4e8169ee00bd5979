//! Deleting an account permanently, for operators.

use doorward_domain::{
    UserId,
    account::user::User,
    audit::AuditKind,
    org::{Org, OrgName},
    ports::StorageError,
};
use tracing::instrument;

use crate::{CommonError, Ports, error::common_error, events::audit};

/// Deletes an account with all of its data, and the organizations without other members. The account's audit events are
/// kept. Performs no authorization; call only on behalf of a trusted operator.
#[derive(Debug)]
pub struct DeleteUser {
    ports: Ports,
}

/// What was deleted.
#[derive(Debug)]
pub struct Deleted {
    /// The account.
    pub user: User,
    /// The organizations without other members.
    pub orgs: Vec<Org>,
}

/// Errors returned by [`DeleteUser::run`]. Nothing was deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteUserError {
    /// The account doesn't exist.
    #[error("the account does not exist")]
    NotFound,
    /// Organizations with other members would have no owner.
    #[error(
        "the account is the last owner of {}, which other users belong to: make one of them an owner first",
        names(.0)
    )]
    LastOwner(Vec<OrgName>),
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(DeleteUserError: StorageError);

fn names(orgs: &[OrgName]) -> String {
    let quoted = orgs.iter().map(|name| format!("“{}”", name.as_str()));
    quoted.collect::<Vec<_>>().join(", ")
}

impl DeleteUser {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone() }
    }

    /// Deletes the account.
    ///
    /// # Errors
    /// See [`DeleteUserError`].
    #[instrument(level = "debug", name = "delete_user", skip_all)]
    pub async fn run(&self, id: UserId) -> Result<Deleted, DeleteUserError> {
        let mut work = self.ports.storage.begin().await?;
        work.memberships().lock_for_user(id).await?;
        let user = work.users().find(id).await?.ok_or(DeleteUserError::NotFound)?;
        let belongings = work.memberships().list_for_user(id).await?;
        let needed = belongings.iter().filter(|belonging| belonging.is_last_owner());
        let needed: Vec<_> = needed.map(|belonging| belonging.org.name.clone()).collect();
        if !needed.is_empty() {
            return Err(DeleteUserError::LastOwner(needed));
        }
        let alone = belongings.into_iter().filter(|belonging| belonging.is_sole_member());
        let orgs: Vec<_> = alone.map(|belonging| belonging.org).collect();
        work.users().delete(id).await?;
        for org in &orgs {
            work.orgs().delete(org.id).await?;
        }
        let kind = AuditKind::AccountDeleted;
        work.audit().record(&audit::by_operator(&self.ports, kind, id)).await?;
        work.commit().await?;
        tracing::info!(event = kind.as_str(), user_id = %id, orgs = orgs.len(), "account deleted");
        Ok(Deleted { user, orgs })
    }
}
