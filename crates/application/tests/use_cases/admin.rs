//! What an operator does to the accounts of others.

pub(crate) mod create_user;
pub(crate) mod delete_user;
pub(crate) mod find_user;
pub(crate) mod import_users;
pub(crate) mod revoke_all_credentials;
pub(crate) mod revoke_sessions;
pub(crate) mod set_email;
pub(crate) mod set_password;
pub(crate) mod set_platform_admin;
pub(crate) mod set_user_active;
pub(crate) mod verify_email;
