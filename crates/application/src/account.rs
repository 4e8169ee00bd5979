//! The user's own account: registration, email address, and profile.

pub mod change_email;
pub mod check_link;
pub mod disown;
pub mod profile;
pub(crate) mod provisional;
pub mod register;
pub mod resend_verification;
pub(crate) mod verification;
pub mod verify_email;

use self::{
    change_email::ChangeEmail, check_link::CheckLink, disown::DisownRegistration,
    profile::GetProfile, profile::UpdateProfile, register::Register,
    resend_verification::ResendVerification, verify_email::VerifyEmail,
};
use crate::{Ports, Settings};

/// The use cases.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is named after its use case")]
pub struct UseCases {
    pub change_email: ChangeEmail,
    pub check_link: CheckLink,
    pub disown: DisownRegistration,
    pub get_profile: GetProfile,
    pub register: Register,
    pub resend_verification: ResendVerification,
    pub update_profile: UpdateProfile,
    pub verify_email: VerifyEmail,
}

impl UseCases {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self {
            change_email: ChangeEmail::new(ports, settings),
            check_link: CheckLink::new(ports),
            disown: DisownRegistration::new(ports),
            get_profile: GetProfile::new(settings),
            register: Register::new(ports, settings),
            resend_verification: ResendVerification::new(ports),
            update_profile: UpdateProfile::new(ports, settings),
            verify_email: VerifyEmail::new(ports, settings),
        }
    }
}
