//! The endpoints under `/v1/auth`: one file each, with its request, its response, and the mapping of
//! the use case's errors to responses.

pub(crate) mod accept_invite;
pub(crate) mod change_email;
pub(crate) mod change_password;
pub(crate) mod config;
pub(crate) mod end_other_sessions;
pub(crate) mod end_session;
pub(crate) mod forgot_password;
pub(crate) mod invite_info;
pub(crate) mod list_events;
pub(crate) mod list_sessions;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod me;
pub(crate) mod profile;
pub(crate) mod refresh;
pub(crate) mod register;
pub(crate) mod resend_verification;
pub(crate) mod reset_password;
pub(crate) mod switch_org;
pub(crate) mod update_profile;
pub(crate) mod verify_email;
