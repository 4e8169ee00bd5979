//! The user's own account.

pub(crate) mod change_email;
pub(crate) mod check_link;
pub(crate) mod disown;
pub(crate) mod get_profile;
pub(crate) mod register;
pub(crate) mod resend_verification;
pub(crate) mod update_profile;
pub(crate) mod verify_email;
