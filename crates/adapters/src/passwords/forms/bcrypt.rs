//! bcrypt: `$2a$`, `$2b$` and `$2y$`, and Django's `bcrypt$…` and `bcrypt_sha256$…`.
//!
//! Of a password bcrypt takes the first 72 octets. A hash that is taken over is compared in the same
//! way as by the system that made it; the one that replaces it at the next sign-in is of the whole.

use std::str::FromStr;

use ::bcrypt::{HashParts, verify};
use aws_lc_rs::digest::{SHA256, digest};

use super::{BadHash, StoredHash, Work, boxed};

const FORM: &str = "bcrypt";
const MAX_COST: u32 = 14;

struct Bcrypt {
    hash: String,
    cost: u32,
    /// Whether the password's SHA-256 is hashed, in hexadecimal digits.
    of_digest: bool,
}

pub(super) fn parse(text: &str) -> Option<Result<Box<dyn StoredHash>, BadHash>> {
    let (hash, of_digest) = match text.split_once("$$") {
        Some(("bcrypt", _)) => (text.strip_prefix("bcrypt$")?, false),
        Some(("bcrypt_sha256", _)) => (text.strip_prefix("bcrypt_sha256$")?, true),
        _ => (text, false),
    };
    let known = ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| hash.starts_with(prefix));
    known.then(|| read(hash, of_digest)).and_then(boxed)
}

fn read(hash: &str, of_digest: bool) -> Result<Bcrypt, BadHash> {
    let parts = HashParts::from_str(hash).map_err(|error| BadHash::malformed(FORM, error))?;
    match parts.get_cost() {
        cost @ 4..=MAX_COST => Ok(Bcrypt { hash: hash.to_owned(), cost, of_digest }),
        cost if cost > MAX_COST => Err(BadHash::TooCostly(FORM)),
        _ => Err(BadHash::malformed(FORM, "the cost is below 4")),
    }
}

impl StoredHash for Bcrypt {
    fn fits(&self, password: &[u8], _: &mut Work<'_>) -> Result<bool, BadHash> {
        let compared = if self.of_digest {
            let digits: String = digest(&SHA256, password)
                .as_ref()
                .iter()
                .map(|octet| format!("{octet:02x}"))
                .collect();
            verify(digits, &self.hash)
        } else {
            verify(password, &self.hash)
        };
        compared.map_err(|_| BadHash::Failed(FORM))
    }

    fn stand_in(&self) -> String {
        let (prefix, dots) = (if self.of_digest { "bcrypt_sha256$" } else { "" }, ".".repeat(53));
        format!("{prefix}$2b${:02}${dots}", self.cost)
    }
}
