use std::sync::LazyLock;

use doorward_domain::{password::NewPassword, ports::PasswordBlocklist};

/// Sorted by octets; see the licence beside it.
static COMMON: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("common-passwords.txt").lines().collect());

/// The passwords that are found most often in leaks.
#[derive(Debug, Default, Clone, Copy)]
pub struct CommonPasswords;

impl PasswordBlocklist for CommonPasswords {
    fn contains(&self, password: &NewPassword) -> bool {
        let typed = password.expose().to_lowercase();
        COMMON.binary_search(&typed.as_str()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(COMMON.is_sorted());
        assert!(COMMON.len() > 8000);
    }

    #[test]
    fn common_passwords_are_found_in_any_case() {
        for text in ["password", "PassWord1", "qwertyuiop"] {
            assert!(CommonPasswords.contains(&NewPassword::parse(text).unwrap()), "{text}");
        }
    }

    #[test]
    fn the_whole_password_counts() {
        let long = NewPassword::parse("my password is long").unwrap();
        assert!(!CommonPasswords.contains(&long));
    }
}
