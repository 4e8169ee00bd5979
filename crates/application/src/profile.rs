//! Looking at what one says of oneself, and changing it.

use doorward_domain::{
    OrgId,
    ports::StorageError,
    profile::{Change, ProfileChange},
    user::User,
};
use tracing::instrument;

use crate::{
    Caller, Failure, Ports, Settings,
    authorize::{self, Forbidden},
    failure::fails_with,
};

/// Shows the caller's profile.
#[derive(Debug)]
pub struct GetProfile {
    settings: Settings,
}

impl GetProfile {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self { settings: settings.clone() }
    }

    /// Runs the use case. The profile was read with the caller.
    ///
    /// # Errors
    /// [`Forbidden::EMAIL_UNVERIFIED`], where that is required.
    pub fn run<'a>(&self, caller: &'a Caller) -> Result<&'a User, Forbidden> {
        authorize::verified(caller, &self.settings)?;
        Ok(&caller.user)
    }
}

/// Changes what an update mentions and nothing else.
#[derive(Debug)]
pub struct UpdateProfile {
    ports: Ports,
    settings: Settings,
}

/// What a person wants to change.
#[derive(Debug, Default)]
pub struct UpdateProfileCommand {
    /// What is to change of the profile. Its `default_org` is taken from the other field.
    pub change: ProfileChange,
    /// The organisation that a sign-in opens, as it was sent.
    pub default_workspace_id: Change<String>,
}

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateProfileError {
    /// The caller does not belong to the organisation, or there is none.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The account is gone.
    #[error("the account is gone")]
    Gone,
    /// See [`Failure`].
    #[error(transparent)]
    Failure(Failure),
}

fails_with!(UpdateProfileError: StorageError);

impl UpdateProfile {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Runs the use case.
    ///
    /// # Errors
    /// See [`UpdateProfileError`].
    #[instrument(level = "debug", name = "update profile", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        command: UpdateProfileCommand,
    ) -> Result<User, UpdateProfileError> {
        authorize::verified(caller, &self.settings)?;
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
