use crate::password::NewPassword;

/// Knows the passwords that everybody tries first (NIST SP 800-63B-4, section 3.1.1.2).
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait PasswordBlocklist: Send + Sync {
    /// Whether the whole password, without regard to case, is a common one.
    fn contains(&self, password: &NewPassword) -> bool;
}
