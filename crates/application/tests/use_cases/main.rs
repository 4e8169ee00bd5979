//! Tests of the use cases, with mocks of the ports.

#![expect(clippy::unwrap_used, reason = "helpers build values that are known to be well-formed")]

mod accept_invite;
mod admin_revoke_sessions;
mod authenticate;
mod change_email;
mod change_password;
mod check_link;
mod check_new_password;
mod create_user;
mod delete_user;
mod deliver_mail;
mod disown_registration;
mod find_user;
mod forgot_password;
mod get_profile;
mod import_users;
mod invite_info;
mod invites;
mod list_events;
mod list_sessions;
mod login;
mod logout;
mod members;
mod orgs;
mod purge_expired;
mod refresh;
mod register;
mod resend_verification;
mod reset_password;
mod retry_mail;
mod revoke_all_credentials;
mod revoke_own_sessions;
mod rotate_keys;
mod sample_password_hashes;
mod set_email;
mod set_password;
mod set_platform_admin;
mod set_user_active;
mod support;
mod switch_org;
mod update_profile;
mod verify_email;
mod verify_email_manually;
