//! The formats of stored password hashes: this server's own, and those of other systems from which accounts are
//! imported. Each module defines which hashes of its format are supported.

mod argon2;
mod bcrypt;
mod encoding;
mod firebase;
mod pbkdf2;
mod phpass;
mod scrypt;
mod unsupported;

pub(super) use argon2::{SALT_LENGTH, Scheme};

use doorward_domain::credential::password::PasswordHash;

use super::{pepper::Peppers, pool::Memory};

/// The maximum memory of a hash in bytes, and the maximum that it may access in total: 1 GiB, which takes one or
/// two seconds.
const MAX_MEMORY: u64 = 1024 * 1024 * 1024;

/// A parsed password hash.
pub(super) trait StoredHash: Send + Sync {
    /// Returns `true` if it is the hash of this password. The duration doesn't depend on the result.
    fn fits(&self, password: &[u8], work: &mut Work<'_>) -> Result<bool, BadHash>;

    /// Returns a hash of the same format and cost that no password matches. Comparing with it takes as long.
    fn stand_in(&self) -> String;

    /// Checks that the configuration allows comparing with it.
    fn check(&self, _peppers: &Peppers) -> Result<(), BadHash> {
        Ok(())
    }

    /// Returns `true` if a new hash by this scheme would have the same format and cost.
    fn is_of(&self, _scheme: &Scheme) -> bool {
        false
    }
}

/// The resources of a comparison.
pub(super) struct Work<'a> {
    pub(super) memory: &'a mut Memory,
    pub(super) peppers: &'a Peppers,
}

/// Why a stored hash is unusable.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadHash {
    #[error(
        "unknown hash format: expected argon2, bcrypt, PBKDF2, scrypt, Firebase's scrypt, or \
         WordPress's"
    )]
    Unknown,
    #[error("the hash is {0}, which is not supported")]
    Unsupported(&'static str),
    #[error("malformed {form} hash: {problem}")]
    Malformed { form: &'static str, problem: String },
    #[error("the {0} hash would cost too much memory or time")]
    TooCostly(&'static str),
    #[error("the pepper of the hash is not configured")]
    UnknownPepper,
    #[error("{0} failed")]
    Failed(&'static str),
}

impl BadHash {
    fn malformed(form: &'static str, problem: impl ToString) -> Self {
        Self::Malformed { form, problem: problem.to_string() }
    }
}

/// Returns `None` if the text has another format.
type Parse = fn(&str) -> Option<Result<Box<dyn StoredHash>, BadHash>>;

const FORMS: [Parse; 6] =
    [argon2::parse, bcrypt::parse, pbkdf2::parse, scrypt::parse, firebase::parse, phpass::parse];

/// Parses a stored hash of any format.
pub(super) fn parse(stored: &PasswordHash) -> Result<Box<dyn StoredHash>, BadHash> {
    let text = unsupported::without_prefix(stored.expose());
    FORMS.iter().find_map(|form| form(text)).unwrap_or_else(|| Err(unsupported::name(text)))
}

fn boxed<T: StoredHash + 'static>(
    parsed: Result<T, BadHash>,
) -> Option<Result<Box<dyn StoredHash>, BadHash>> {
    Some(parsed.map(|hash| Box::new(hash) as Box<dyn StoredHash>))
}

#[cfg(test)]
mod tests;
