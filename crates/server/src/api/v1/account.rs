//! The caller's account.

pub(crate) mod change_email;
pub(crate) mod me;
pub(crate) mod profile;
pub(crate) mod register;
pub(crate) mod resend_verification;
pub(crate) mod update_profile;
pub(crate) mod verify_email;
