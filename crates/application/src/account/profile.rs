//! Reading and updating the caller's profile.

use doorward_domain::{
    OrgId,
    account::{
        profile::{Change, ProfileChange},
        user::User,
    },
    ports::StorageError,
};
use tracing::instrument;

use crate::{
    Caller, CommonError, Ports, Settings,
    access::denied::{self, Forbidden},
    error::common_error,
};

/// Returns the caller's account and profile.
#[derive(Debug)]
pub struct GetProfile {
    settings: Settings,
}

impl GetProfile {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self { settings: settings.clone() }
    }

    /// Returns the account, which was read when the caller was authenticated.
    ///
    /// # Errors
    /// [`Forbidden::EMAIL_UNVERIFIED`], if the settings require a verified email address and the caller's is not verified.
    pub fn run<'a>(&self, caller: &'a Caller) -> Result<&'a User, Forbidden> {
        denied::require_verified_email(caller, &self.settings)?;
        Ok(&caller.user)
    }
}

/// Updates the given fields of the caller's profile, and leaves the others unchanged.
#[derive(Debug)]
pub struct UpdateProfile {
    ports: Ports,
    settings: Settings,
}

/// The input of [`UpdateProfile::run`].
#[derive(Debug, Default)]
pub struct UpdateProfileCommand {
    /// The changes to the profile. Its `default_org` is ignored; `default_workspace_id` is used instead.
    pub change: ProfileChange,
    /// The ID of the organization that sign-ins start in, as the client sent it.
    pub default_workspace_id: Change<String>,
}

/// Errors returned by [`UpdateProfile::run`]. The profile is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum UpdateProfileError {
    /// [`Forbidden::ORG_ACCESS`], if the organization doesn't exist or the caller is not a member of it; or
    /// [`Forbidden::EMAIL_UNVERIFIED`], if the settings require a verified email address and the caller's is not verified.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The account no longer exists.
    #[error("the account no longer exists")]
    Gone,
    /// See [`CommonError`].
    #[error(transparent)]
    Failure(CommonError),
}

common_error!(UpdateProfileError: StorageError);

impl UpdateProfile {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Updates the profile. Returns the updated account.
    ///
    /// # Errors
    /// See [`UpdateProfileError`].
    #[instrument(level = "debug", name = "update_profile", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        command: UpdateProfileCommand,
    ) -> Result<User, UpdateProfileError> {
        denied::require_verified_email(caller, &self.settings)?;
        let default_org = match command.default_workspace_id {
            Change::Keep => Change::Keep,
            Change::Clear => Change::Clear,
            Change::Set(text) => {
                Change::Set(text.parse::<OrgId>().map_err(|_| Forbidden::ORG_ACCESS)?)
            }
        };
        let mut repositories = self.ports.storage.connect().await?;
        if let Change::Set(org_id) = default_org {
            let membership = repositories.memberships().find(org_id, caller.user.id).await?;
            membership.ok_or(Forbidden::ORG_ACCESS)?;
        }
        let change = ProfileChange { default_org, ..command.change };
        let now = self.ports.clock.now();
        let user = repositories.users().update_profile(caller.user.id, &change, now).await?;
        user.ok_or(UpdateProfileError::Gone)
    }
}
