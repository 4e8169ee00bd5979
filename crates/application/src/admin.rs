//! What an operator does to the accounts of others.

pub mod create_user;
pub mod delete_user;
pub mod find_user;
pub mod import_users;
pub mod list_users;
pub mod revoke_all_credentials;
pub mod revoke_sessions;
pub mod set_email;
pub mod set_password;
pub mod set_platform_admin;
pub mod set_user_active;
pub mod verify_email;

use self::{
    create_user::CreateUser, delete_user::DeleteUser, find_user::FindUser,
    import_users::ImportUsers, list_users::ListUsers, revoke_all_credentials::RevokeAllCredentials,
    revoke_sessions::AdminRevokeSessions, set_email::SetEmail, set_password::SetPassword,
    set_platform_admin::SetPlatformAdmin, set_user_active::SetUserActive,
    verify_email::VerifyEmailManually,
};
use crate::{Ports, Settings};

/// The use cases.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is named after its use case")]
pub struct UseCases {
    pub create_user: CreateUser,
    pub delete_user: DeleteUser,
    pub find_user: FindUser,
    pub import_users: ImportUsers,
    pub list_users: ListUsers,
    pub revoke_all_credentials: RevokeAllCredentials,
    pub revoke_sessions: AdminRevokeSessions,
    pub set_email: SetEmail,
    pub set_password: SetPassword,
    pub set_platform_admin: SetPlatformAdmin,
    pub set_user_active: SetUserActive,
    pub verify_email: VerifyEmailManually,
}

impl UseCases {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self {
            create_user: CreateUser::new(ports),
            delete_user: DeleteUser::new(ports),
            find_user: FindUser::new(ports),
            import_users: ImportUsers::new(ports),
            list_users: ListUsers::new(ports),
            revoke_all_credentials: RevokeAllCredentials::new(ports, settings),
            revoke_sessions: AdminRevokeSessions::new(ports),
            set_email: SetEmail::new(ports),
            set_password: SetPassword::new(ports),
            set_platform_admin: SetPlatformAdmin::new(ports),
            set_user_active: SetUserActive::new(ports),
            verify_email: VerifyEmailManually::new(ports),
        }
    }
}
