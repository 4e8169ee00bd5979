//! Checks of what a caller is allowed to do.

use doorward_domain::org::role::Permission;

use crate::{Caller, Settings};

/// The request is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{required} is required")]
pub struct Forbidden {
    /// The missing permission or condition, named `resource:action`.
    pub required: &'static str,
}

impl Forbidden {
    /// Registration is closed, and the request has no invite token.
    pub const REGISTER: Self = Self { required: "auth:register" };
    /// The account is disabled.
    pub const ACCOUNT_DISABLED: Self = Self { required: "account:active" };
    /// The email address has to be verified first.
    pub const EMAIL_UNVERIFIED: Self = Self { required: "email:verified" };
    /// The user is not a member of the organization.
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

/// Returns an error if [`Settings::require_verified_email`] is set and the caller's email address is not verified.
///
/// # Errors
/// [`Forbidden::EMAIL_UNVERIFIED`].
pub fn require_verified_email(caller: &Caller, settings: &Settings) -> Result<(), Forbidden> {
    if settings.require_verified_email && !caller.user.is_verified() {
        Err(Forbidden::EMAIL_UNVERIFIED)
    } else {
        Ok(())
    }
}

/// Returns an error if the caller's email address is not verified, whatever the settings are.
///
/// # Errors
/// [`Forbidden::EMAIL_UNVERIFIED`].
pub fn always_verified(caller: &Caller) -> Result<(), Forbidden> {
    if caller.user.is_verified() { Ok(()) } else { Err(Forbidden::EMAIL_UNVERIFIED) }
}
