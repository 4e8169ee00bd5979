//! Passwords that attackers try first.

mod breached;
mod common;
mod sorted_lines;

pub use breached::{BreachedPasswords, UnusableBreachFile};
pub use common::CommonPasswords;

use async_trait::async_trait;
use doorward_domain::{credential::password::NewPassword, ports::PasswordBlocklist};

/// Common passwords, and breached ones if a list is configured.
#[derive(Debug)]
pub struct Blocklist {
    breached: Option<BreachedPasswords>,
    service_words: Vec<String>,
}

impl Blocklist {
    /// Combines the built-in list with the operator's.
    pub fn new(breached: Option<BreachedPasswords>) -> Self {
        Self { breached, service_words: Vec::new() }
    }

    /// Adds the names of the service.
    #[must_use]
    pub fn with_service_words(self, service_words: Vec<String>) -> Self {
        Self { service_words, ..self }
    }
}

#[async_trait]
impl PasswordBlocklist for Blocklist {
    fn service_words(&self) -> Vec<String> {
        self.service_words.clone()
    }

    async fn contains(&self, password: &NewPassword) -> bool {
        if CommonPasswords.contains(password).await {
            return true;
        }
        match &self.breached {
            Some(breached) => breached.contains(password).await,
            None => false,
        }
    }
}
