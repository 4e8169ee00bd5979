#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

pub mod accept_invite;
mod address;
pub mod admin_revoke_sessions;
mod audit;
pub mod authenticate;
pub mod authorize;
pub mod caller;
pub mod change_email;
pub mod change_password;
pub mod change_role;
pub mod check_link;
pub mod check_new_password;
pub mod create_invite;
pub mod create_org;
pub mod create_user;
mod current_password;
pub mod delete_org;
pub mod delete_user;
pub mod deliver_mail;
mod devices;
pub mod disown_registration;
mod failure;
pub mod find_user;
pub mod forgot_password;
pub mod get_invite;
pub mod get_member;
pub mod get_org;
mod hash_budget;
pub mod import_users;
pub mod invite_info;
pub mod list_events;
pub mod list_invites;
pub mod list_mails;
pub mod list_members;
pub mod list_orgs;
pub mod list_sessions;
pub mod list_users;
pub mod login;
pub mod logout;
mod new_password;
pub mod org_access;
mod outbox;
mod ports;
pub mod profile;
mod provisional;
pub mod purge_expired;
pub mod refresh;
pub mod register;
pub mod remove_member;
pub mod rename_org;
pub mod renew;
pub mod resend_invite;
pub mod resend_verification;
pub mod reset_password;
pub mod retry_mail;
pub mod revoke_all_credentials;
pub mod revoke_invite;
pub mod revoke_own_sessions;
pub mod rotate_keys;
pub mod sample_password_hashes;
pub mod set_email;
pub mod set_password;
pub mod set_platform_admin;
pub mod set_user_active;
mod settings;
pub mod switch_org;
mod tokens;
pub mod verify_email;
pub mod verify_email_manually;

pub use caller::Caller;
pub use failure::CommonError;
pub use ports::Ports;
pub use settings::Settings;

use crate::{
    accept_invite::AcceptInvite,
    admin_revoke_sessions::AdminRevokeSessions,
    authenticate::Authenticate,
    change_email::ChangeEmail,
    change_password::ChangePassword,
    change_role::ChangeRole,
    check_link::CheckLink,
    check_new_password::CheckNewPassword,
    create_invite::CreateInvite,
    create_org::CreateOrg,
    create_user::CreateUser,
    delete_org::DeleteOrg,
    delete_user::DeleteUser,
    deliver_mail::DeliverMail,
    disown_registration::DisownRegistration,
    find_user::FindUser,
    forgot_password::ForgotPassword,
    get_invite::GetInvite,
    get_member::GetMember,
    get_org::GetOrg,
    import_users::ImportUsers,
    invite_info::GetInviteInfo,
    list_events::ListEvents,
    list_invites::ListInvites,
    list_mails::ListMails,
    list_members::ListMembers,
    list_orgs::ListOrgs,
    list_sessions::ListSessions,
    list_users::ListUsers,
    login::Login,
    logout::Logout,
    profile::{GetProfile, UpdateProfile},
    purge_expired::PurgeExpired,
    refresh::Refresh,
    register::Register,
    remove_member::RemoveMember,
    rename_org::RenameOrg,
    resend_invite::ResendInvite,
    resend_verification::ResendVerification,
    reset_password::ResetPassword,
    retry_mail::RetryMail,
    revoke_all_credentials::RevokeAllCredentials,
    revoke_invite::RevokeInvite,
    revoke_own_sessions::RevokeOwnSessions,
    rotate_keys::RotateKeys,
    sample_password_hashes::SamplePasswordHashes,
    set_email::SetEmail,
    set_password::SetPassword,
    set_platform_admin::SetPlatformAdmin,
    set_user_active::SetUserActive,
    switch_org::SwitchOrg,
    verify_email::VerifyEmail,
    verify_email_manually::VerifyEmailManually,
};

/// All use cases, built on one set of ports.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is named after its use case")]
pub struct Application {
    pub accept_invite: AcceptInvite,
    pub set_platform_admin: SetPlatformAdmin,
    pub authenticate: Authenticate,
    pub change_email: ChangeEmail,
    pub change_password: ChangePassword,
    pub change_role: ChangeRole,
    pub check_link: CheckLink,
    pub check_new_password: CheckNewPassword,
    pub create_invite: CreateInvite,
    pub create_org: CreateOrg,
    pub create_user: CreateUser,
    pub delete_org: DeleteOrg,
    pub delete_user: DeleteUser,
    pub deliver_mail: DeliverMail,
    pub disown_registration: DisownRegistration,
    pub revoke_own_sessions: RevokeOwnSessions,
    pub find_user: FindUser,
    pub forgot_password: ForgotPassword,
    pub get_invite: GetInvite,
    pub get_member: GetMember,
    pub get_org: GetOrg,
    pub get_profile: GetProfile,
    pub import_users: ImportUsers,
    pub invite_info: GetInviteInfo,
    pub list_events: ListEvents,
    pub list_invites: ListInvites,
    pub list_mails: ListMails,
    pub list_members: ListMembers,
    pub list_orgs: ListOrgs,
    pub list_sessions: ListSessions,
    pub list_users: ListUsers,
    pub login: Login,
    pub logout: Logout,
    pub verify_email_manually: VerifyEmailManually,
    pub refresh: Refresh,
    pub register: Register,
    pub remove_member: RemoveMember,
    pub rename_org: RenameOrg,
    pub resend_invite: ResendInvite,
    pub resend_verification: ResendVerification,
    pub reset_password: ResetPassword,
    pub retry_mail: RetryMail,
    pub revoke_all_credentials: RevokeAllCredentials,
    pub revoke_invite: RevokeInvite,
    pub admin_revoke_sessions: AdminRevokeSessions,
    pub rotate_keys: RotateKeys,
    pub set_email: SetEmail,
    pub set_password: SetPassword,
    pub sample_password_hashes: SamplePasswordHashes,
    pub purge_expired: PurgeExpired,
    pub switch_org: SwitchOrg,
    pub set_user_active: SetUserActive,
    pub update_profile: UpdateProfile,
    pub verify_email: VerifyEmail,
}

impl Application {
    /// Creates all use cases.
    pub fn new(ports: &Ports, settings: &Settings) -> Self {
        Self {
            accept_invite: AcceptInvite::new(ports),
            set_platform_admin: SetPlatformAdmin::new(ports),
            authenticate: Authenticate::new(ports),
            change_email: ChangeEmail::new(ports, settings),
            change_password: ChangePassword::new(ports, settings),
            change_role: ChangeRole::new(ports, settings),
            check_link: CheckLink::new(ports),
            check_new_password: CheckNewPassword::new(ports),
            create_invite: CreateInvite::new(ports, settings),
            create_org: CreateOrg::new(ports, settings),
            create_user: CreateUser::new(ports),
            delete_org: DeleteOrg::new(ports, settings),
            delete_user: DeleteUser::new(ports),
            deliver_mail: DeliverMail::new(ports, settings),
            disown_registration: DisownRegistration::new(ports),
            revoke_own_sessions: RevokeOwnSessions::new(ports, settings),
            find_user: FindUser::new(ports),
            forgot_password: ForgotPassword::new(ports),
            get_invite: GetInvite::new(ports, settings),
            get_member: GetMember::new(ports, settings),
            get_org: GetOrg::new(ports, settings),
            get_profile: GetProfile::new(settings),
            import_users: ImportUsers::new(ports),
            invite_info: GetInviteInfo::new(ports),
            list_events: ListEvents::new(ports, settings),
            list_invites: ListInvites::new(ports, settings),
            list_mails: ListMails::new(ports),
            list_members: ListMembers::new(ports, settings),
            list_orgs: ListOrgs::new(ports, settings),
            list_sessions: ListSessions::new(ports, settings),
            list_users: ListUsers::new(ports),
            login: Login::new(ports, settings),
            logout: Logout::new(ports),
            verify_email_manually: VerifyEmailManually::new(ports),
            refresh: Refresh::new(ports, settings),
            register: Register::new(ports, settings),
            remove_member: RemoveMember::new(ports, settings),
            rename_org: RenameOrg::new(ports, settings),
            resend_invite: ResendInvite::new(ports, settings),
            resend_verification: ResendVerification::new(ports),
            reset_password: ResetPassword::new(ports),
            retry_mail: RetryMail::new(ports),
            revoke_all_credentials: RevokeAllCredentials::new(ports, settings),
            revoke_invite: RevokeInvite::new(ports, settings),
            admin_revoke_sessions: AdminRevokeSessions::new(ports),
            rotate_keys: RotateKeys::new(ports, settings),
            set_email: SetEmail::new(ports),
            set_password: SetPassword::new(ports),
            sample_password_hashes: SamplePasswordHashes::new(ports),
            purge_expired: PurgeExpired::new(ports),
            switch_org: SwitchOrg::new(ports, settings),
            set_user_active: SetUserActive::new(ports),
            update_profile: UpdateProfile::new(ports, settings),
            verify_email: VerifyEmail::new(ports, settings),
        }
    }
}
