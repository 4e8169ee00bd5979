#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

pub mod accept_invite;
mod audit;
pub mod authenticate;
pub mod authorize;
pub mod caller;
pub mod change_password;
pub mod change_role;
pub mod create_invite;
pub mod create_org;
pub mod delete_org;
pub mod deliver_mail;
pub mod end_session;
mod failure;
pub mod forgot_password;
pub mod get_org;
pub mod import_users;
pub mod in_org;
pub mod invite_info;
pub mod list_events;
pub mod list_invites;
pub mod list_members;
pub mod list_orgs;
pub mod list_sessions;
pub mod login;
pub mod logout;
mod new_password;
mod ports;
pub mod profile;
pub mod refresh;
pub mod register;
pub mod remove_member;
pub mod rename_org;
pub mod resend_invite;
pub mod resend_verification;
pub mod reset_password;
pub mod revoke_invite;
pub mod rotate_keys;
mod settings;
pub mod survey_passwords;
pub mod sweep;
pub mod switch_org;
mod tokens;
pub mod verify_email;

pub use caller::Caller;
pub use failure::Failure;
pub use ports::Ports;
pub use settings::Settings;

use crate::{
    accept_invite::AcceptInvite,
    authenticate::Authenticate,
    change_password::ChangePassword,
    change_role::ChangeRole,
    create_invite::CreateInvite,
    create_org::CreateOrg,
    delete_org::DeleteOrg,
    deliver_mail::DeliverMail,
    end_session::EndSession,
    forgot_password::ForgotPassword,
    get_org::GetOrg,
    import_users::ImportUsers,
    invite_info::GetInviteInfo,
    list_events::ListEvents,
    list_invites::ListInvites,
    list_members::ListMembers,
    list_orgs::ListOrgs,
    list_sessions::ListSessions,
    login::Login,
    logout::Logout,
    profile::{GetProfile, UpdateProfile},
    refresh::Refresh,
    register::Register,
    remove_member::RemoveMember,
    rename_org::RenameOrg,
    resend_invite::ResendInvite,
    resend_verification::ResendVerification,
    reset_password::ResetPassword,
    revoke_invite::RevokeInvite,
    rotate_keys::RotateKeys,
    survey_passwords::SurveyPasswords,
    sweep::Sweep,
    switch_org::SwitchOrg,
    verify_email::VerifyEmail,
};

/// All that a person can do, built over one set of ports.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is the use case it is named after")]
pub struct Application {
    pub accept_invite: AcceptInvite,
    pub authenticate: Authenticate,
    pub change_password: ChangePassword,
    pub change_role: ChangeRole,
    pub create_invite: CreateInvite,
    pub create_org: CreateOrg,
    pub delete_org: DeleteOrg,
    pub deliver_mail: DeliverMail,
    pub end_session: EndSession,
    pub forgot_password: ForgotPassword,
    pub get_org: GetOrg,
    pub get_profile: GetProfile,
    pub import_users: ImportUsers,
    pub invite_info: GetInviteInfo,
    pub list_events: ListEvents,
    pub list_invites: ListInvites,
    pub list_members: ListMembers,
    pub list_orgs: ListOrgs,
    pub list_sessions: ListSessions,
    pub login: Login,
    pub logout: Logout,
    pub refresh: Refresh,
    pub register: Register,
    pub remove_member: RemoveMember,
    pub rename_org: RenameOrg,
    pub resend_invite: ResendInvite,
    pub resend_verification: ResendVerification,
    pub reset_password: ResetPassword,
    pub revoke_invite: RevokeInvite,
    pub rotate_keys: RotateKeys,
    pub survey_passwords: SurveyPasswords,
    pub sweep: Sweep,
    pub switch_org: SwitchOrg,
    pub update_profile: UpdateProfile,
    pub verify_email: VerifyEmail,
}

impl Application {
    /// Builds every use case.
    pub fn new(ports: &Ports, settings: &Settings) -> Self {
        Self {
            accept_invite: AcceptInvite::new(ports),
            authenticate: Authenticate::new(ports),
            change_password: ChangePassword::new(ports, settings),
            change_role: ChangeRole::new(ports, settings),
            create_invite: CreateInvite::new(ports, settings),
            create_org: CreateOrg::new(ports, settings),
            delete_org: DeleteOrg::new(ports, settings),
            deliver_mail: DeliverMail::new(ports, settings),
            end_session: EndSession::new(ports, settings),
            forgot_password: ForgotPassword::new(ports),
            get_org: GetOrg::new(ports, settings),
            get_profile: GetProfile::new(settings),
            import_users: ImportUsers::new(ports),
            invite_info: GetInviteInfo::new(ports),
            list_events: ListEvents::new(ports, settings),
            list_invites: ListInvites::new(ports, settings),
            list_members: ListMembers::new(ports, settings),
            list_orgs: ListOrgs::new(ports, settings),
            list_sessions: ListSessions::new(ports, settings),
            login: Login::new(ports, settings),
            logout: Logout::new(ports),
            refresh: Refresh::new(ports, settings),
            register: Register::new(ports, settings),
            remove_member: RemoveMember::new(ports, settings),
            rename_org: RenameOrg::new(ports, settings),
            resend_invite: ResendInvite::new(ports, settings),
            resend_verification: ResendVerification::new(ports),
            reset_password: ResetPassword::new(ports),
            revoke_invite: RevokeInvite::new(ports, settings),
            rotate_keys: RotateKeys::new(ports, settings),
            survey_passwords: SurveyPasswords::new(ports),
            sweep: Sweep::new(ports),
            switch_org: SwitchOrg::new(ports, settings),
            update_profile: UpdateProfile::new(ports, settings),
            verify_email: VerifyEmail::new(ports),
        }
    }
}
