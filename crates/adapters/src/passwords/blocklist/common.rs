use async_trait::async_trait;
use doorward_domain::{password::NewPassword, ports::PasswordBlocklist};

use super::sorted_lines;

/// In lower case and sorted by octets; see the licences beside it. It is searched where it lies in the
/// program: nothing of it is copied into memory.
static COMMON: &str = include_str!("common-passwords.txt");

/// The passwords that are found most often in leaks: 198,281 of eight characters and more.
#[derive(Debug, Default, Clone, Copy)]
pub struct CommonPasswords;

#[async_trait]
impl PasswordBlocklist for CommonPasswords {
    /// Without regard to case.
    async fn contains(&self, password: &NewPassword) -> bool {
        let typed = password.expose().to_lowercase();
        // A text in memory can always be read.
        sorted_lines::contains(&COMMON.as_bytes(), typed.as_bytes(), |line| line).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_long() {
        let lines: Vec<&[u8]> = COMMON.lines().map(str::as_bytes).collect();
        assert!(lines.is_sorted());
        assert_eq!(lines.len(), 198_281);
    }

    #[tokio::test]
    async fn every_password_of_the_list_is_found() {
        for line in COMMON.lines().step_by(97) {
            let password = NewPassword::parse(line).unwrap();
            assert!(CommonPasswords.contains(&password).await, "{line}");
        }
    }

    #[tokio::test]
    async fn common_passwords_are_found_in_any_case() {
        for text in ["password", "PassWord1", "qwertyuiop", "trustno1"] {
            assert!(CommonPasswords.contains(&NewPassword::parse(text).unwrap()).await, "{text}");
        }
    }

    #[tokio::test]
    async fn the_whole_password_counts() {
        for text in ["my password is long", "password\n", "kX7#vQ2!mZ"] {
            assert!(!CommonPasswords.contains(&NewPassword::parse(text).unwrap()).await, "{text}");
        }
    }
}
