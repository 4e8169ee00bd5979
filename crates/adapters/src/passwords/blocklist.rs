//! Passwords that others try first.

mod breached;
mod common;
mod sorted_lines;

pub use breached::{BreachedPasswords, UnusableBreachFile};
pub use common::CommonPasswords;

use async_trait::async_trait;
use doorward_domain::{password::NewPassword, ports::PasswordBlocklist};

/// The common passwords, and those of leaks where there is a list of them.
#[derive(Debug)]
pub struct Blocklist {
    breached: Option<BreachedPasswords>,
    service_words: Vec<String>,
}

impl Blocklist {
    /// Puts the built-in list and the operator's together.
    pub fn new(breached: Option<BreachedPasswords>) -> Self {
        Self { breached, service_words: Vec::new() }
    }

    /// Adds what the service calls itself.
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
