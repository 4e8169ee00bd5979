//! The use cases over mocks of their ports.

#![expect(clippy::unwrap_used, reason = "what a helper builds is known to be well-formed")]

mod accept_invite;
mod appoint_admin;
mod authenticate;
mod change_email;
mod change_password;
mod check_link;
mod check_new_password;
mod create_user;
mod delete_user;
mod deliver_mail;
mod disown_registration;
mod end_session;
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
mod mark_verified;
mod members;
mod orgs;
mod refresh;
mod register;
mod resend_verification;
mod reset_password;
mod retry_mail;
mod revoke_everything;
mod revoke_sessions;
mod rotate_keys;
mod set_email;
mod set_password;
mod support;
mod survey_passwords;
mod sweep;
mod switch_org;
mod switch_user;
mod update_profile;
mod verify_email;
