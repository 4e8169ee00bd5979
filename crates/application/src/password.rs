//! Passwords: change, reset, and rules.

pub mod change;
pub mod check_new;
pub(crate) mod current;
pub mod forgot;
pub(crate) mod hash_budget;
pub(crate) mod policy;
pub mod reset;
pub mod sample_hashes;

use self::{
    change::ChangePassword, check_new::CheckNewPassword, forgot::ForgotPassword,
    reset::ResetPassword, sample_hashes::SamplePasswordHashes,
};
use crate::{Ports, Settings};

/// The use cases.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is named after its use case")]
pub struct UseCases {
    pub change: ChangePassword,
    pub check_new: CheckNewPassword,
    pub forgot: ForgotPassword,
    pub reset: ResetPassword,
    pub sample_hashes: SamplePasswordHashes,
}

impl UseCases {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self {
            change: ChangePassword::new(ports, settings),
            check_new: CheckNewPassword::new(ports),
            forgot: ForgotPassword::new(ports),
            reset: ResetPassword::new(ports),
            sample_hashes: SamplePasswordHashes::new(ports),
        }
    }
}
