use async_trait::async_trait;

use crate::password::NewPassword;

/// Knows the passwords that others try first: common ones, and those that were in leaks
/// (NIST SP 800-63B-4, section 3.1.1.2).
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PasswordBlocklist: Send + Sync {
    /// Whether the whole password is one of them. A list that can't be read SHOULD be one that does
    /// not have it, with a line in the log: nobody is kept from a new password for that.
    async fn contains(&self, password: &NewPassword) -> bool;

    /// Returns what the service calls itself, such as its name and its host. No password may be made of these words.
    fn service_words(&self) -> Vec<String> {
        Vec::new()
    }
}
