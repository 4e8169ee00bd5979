//! The first line of each use case: may this person do that?

use doorward_domain::role::Permission;

use crate::{Caller, Settings};

/// The person is known, and may not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{required} is required")]
pub struct Forbidden {
    /// What would have to be permitted, named `resource:action`.
    pub required: &'static str,
}

impl Forbidden {
    /// Registration is closed, and there is no invite.
    pub const REGISTER: Self = Self { required: "auth:register" };
    /// The account is switched off.
    pub const ACCOUNT_DISABLED: Self = Self { required: "account:active" };
    /// The e-mail address has to be verified first.
    pub const EMAIL_UNVERIFIED: Self = Self { required: "email:verified" };
    /// The person does not belong to the organisation.
    pub const ORG_ACCESS: Self = Self { required: "org:access" };
    /// The account's email address is verified, and verified addresses can't be changed yet.
    pub const EMAIL_CHANGE: Self = Self { required: "email:change" };
    /// The caller may not create organizations, or owns as many as users may.
    pub const ORG_CREATE: Self = Self { required: "org:create" };
    /// The account has no password that could be changed.
    pub const PASSWORD_CHANGE: Self = Self { required: "password:change" };
}

impl From<Permission> for Forbidden {
    fn from(permission: Permission) -> Self {
        Self { required: permission.as_str() }
    }
}

/// Refuses a person whose e-mail address is not verified, where that is required.
///
/// # Errors
/// [`Forbidden::EMAIL_UNVERIFIED`].
pub fn verified(caller: &Caller, settings: &Settings) -> Result<(), Forbidden> {
    if settings.require_verified_email && !caller.user.is_verified() {
        Err(Forbidden::EMAIL_UNVERIFIED)
    } else {
        Ok(())
    }
}

/// Refuses a caller whose email address is not verified, whatever the settings require.
///
/// # Errors
/// [`Forbidden::EMAIL_UNVERIFIED`].
pub fn always_verified(caller: &Caller) -> Result<(), Forbidden> {
    if caller.user.is_verified() { Ok(()) } else { Err(Forbidden::EMAIL_UNVERIFIED) }
}
