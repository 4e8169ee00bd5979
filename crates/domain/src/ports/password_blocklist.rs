use async_trait::async_trait;

use crate::credential::password::NewPassword;

/// Recognizes passwords that attackers try first: common ones, and those known from breaches (NIST SP
/// 800-63B-4, section 3.1.1.2).
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PasswordBlocklist: Send + Sync {
    /// Returns `true` if the whole password is on the list. If a list can't be read, the implementation
    /// SHOULD log that and return `false`, so users can still set a new password.
    async fn contains(&self, password: &NewPassword) -> bool;

    /// Returns the words by which the service is known, such as its name and its host. A new password must
    /// not consist of these words.
    fn service_words(&self) -> Vec<String> {
        Vec::new()
    }
}
