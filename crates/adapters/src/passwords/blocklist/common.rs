use async_trait::async_trait;
use doorward_domain::{credential::password::NewPassword, ports::PasswordBlocklist};

use super::sorted_lines;

/// In lowercase and sorted by bytes; see the licenses beside it. It is searched in the program's read-only data,
/// without copying it.
static COMMON: &str = include_str!("common-passwords.txt");

/// The most common passwords in breaches: 198,281 with eight or more characters.
#[derive(Debug, Default, Clone, Copy)]
pub struct CommonPasswords;

#[async_trait]
impl PasswordBlocklist for CommonPasswords {
    /// Ignores case.
    async fn contains(&self, password: &NewPassword) -> bool {
        let typed = password.expose().to_lowercase();
        // In-memory text can always be read.
        sorted_lines::contains(&COMMON.as_bytes(), typed.as_bytes(), |line| line).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_passwords_are_sorted_and_many() {
        let lines: Vec<&[u8]> = COMMON.lines().map(str::as_bytes).collect();
        assert!(lines.is_sorted());
        assert_eq!(lines.len(), 198_281);
    }

    #[tokio::test]
    async fn every_common_password_is_found() {
        for line in COMMON.lines().step_by(97) {
            let password = NewPassword::parse(line).unwrap();
            assert!(CommonPasswords.contains(&password).await, "{line}");
        }
    }

    #[tokio::test]
    async fn common_passwords_are_found_ignoring_case() {
        for text in ["password", "PassWord1", "qwertyuiop", "trustno1"] {
            assert!(CommonPasswords.contains(&NewPassword::parse(text).unwrap()).await, "{text}");
        }
    }

    #[tokio::test]
    async fn password_containing_a_common_one_is_not_found() {
        for text in ["my password is long", "password\n", "kX7#vQ2!mZ"] {
            assert!(!CommonPasswords.contains(&NewPassword::parse(text).unwrap()).await, "{text}");
        }
    }
}
