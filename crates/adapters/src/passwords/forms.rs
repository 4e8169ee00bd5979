//! The forms in which passwords are stored: this server's own, and those of others that accounts are
//! taken over from. Each has a file, and says what of a hash it understands.

mod argon2;
mod bcrypt;
mod encoding;
mod firebase;
mod pbkdf2;
mod phpass;
mod scrypt;
mod unsupported;

pub(super) use argon2::{SALT_LENGTH, Scheme};

use doorward_domain::password::PasswordHash;

use super::{pepper::Peppers, pool::Memory};

/// The most memory that a stored hash may cost, in octets, and the most that it may go through in all:
/// 1 GiB, which takes a second or two.
const MAX_MEMORY: u64 = 1024 * 1024 * 1024;

/// A stored hash, read.
pub(super) trait StoredHash: Send + Sync {
    /// Whether it is the hash of this password. The time it takes does not depend on the answer.
    fn fits(&self, password: &[u8], work: &mut Work<'_>) -> Result<bool, BadHash>;

    /// A hash of the same form and cost with nothing in it: no password fits, and finding that out
    /// takes as long.
    fn stand_in(&self) -> String;

    /// Whether it can be compared with what this server is configured with.
    fn check(&self, _peppers: &Peppers) -> Result<(), BadHash> {
        Ok(())
    }

    /// Whether a new hash by this scheme would be of the same form and cost.
    fn is_of(&self, _scheme: &Scheme) -> bool {
        false
    }
}

/// What a comparison has at hand.
pub(super) struct Work<'a> {
    pub(super) memory: &'a mut Memory,
    pub(super) peppers: &'a Peppers,
}

/// Why a stored hash can't be compared with.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadHash {
    #[error(
        "the hash is in none of the known forms (argon2, bcrypt, PBKDF2, scrypt, Firebase's scrypt, \
         WordPress's)"
    )]
    Unknown,
    #[error("the hash is {0}, which is not supported")]
    Unsupported(&'static str),
    #[error("the {form} hash can't be read: {problem}")]
    Malformed { form: &'static str, problem: String },
    #[error("the {0} hash would cost too much memory or time")]
    TooCostly(&'static str),
    #[error("the pepper that the hash was made with is not configured")]
    UnknownPepper,
    #[error("{0} failed")]
    Failed(&'static str),
}

impl BadHash {
    fn malformed(form: &'static str, problem: impl ToString) -> Self {
        Self::Malformed { form, problem: problem.to_string() }
    }
}

/// `None` if the text is of another form.
type Parse = fn(&str) -> Option<Result<Box<dyn StoredHash>, BadHash>>;

const FORMS: [Parse; 6] =
    [argon2::parse, bcrypt::parse, pbkdf2::parse, scrypt::parse, firebase::parse, phpass::parse];

/// Reads a stored hash of any form.
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
