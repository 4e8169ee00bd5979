//! phpass's portable hashes, as written by WordPress before 6.8 and phpBB: `$P$B` or `$H$9`, a salt of eight
//! characters, and iterated MD5.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use md5::{Digest, Md5};

use super::{BadHash, StoredHash, Work, boxed};

const FORM: &str = "phpass";
const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SALT_LENGTH: usize = 8;
/// About two seconds.
const MAX_LOG_ROUNDS: usize = 23;

struct Phpass {
    log_rounds: usize,
    salt: String,
    output: String,
}

pub(super) fn parse(text: &str) -> Option<Result<Box<dyn StoredHash>, BadHash>> {
    text.strip_prefix("$P$").or(text.strip_prefix("$H$")).map(read).and_then(boxed)
}

fn read(text: &str) -> Result<Phpass, BadHash> {
    let malformed = |problem: &str| BadHash::malformed(FORM, problem);
    let is_encoded = text.bytes().all(|byte| ALPHABET.contains(&byte));
    if text.len() != 31 || !is_encoded {
        return Err(malformed("it must have 34 characters of ./0-9A-Za-z"));
    }
    let (rounds, rest) = text.split_at_checked(1).ok_or_else(|| malformed("it is empty"))?;
    let log_rounds = ALPHABET.iter().position(|byte| rounds.as_bytes() == [*byte]);
    let (salt, output) =
        rest.split_at_checked(SALT_LENGTH).ok_or_else(|| malformed("the salt is missing"))?;
    match log_rounds {
        Some(log_rounds @ 7..=MAX_LOG_ROUNDS) => {
            Ok(Phpass { log_rounds, salt: salt.to_owned(), output: output.to_owned() })
        }
        Some(log_rounds) if log_rounds > MAX_LOG_ROUNDS => Err(BadHash::TooCostly(FORM)),
        _ => Err(malformed("the cost is below 7")),
    }
}

impl StoredHash for Phpass {
    fn fits(&self, password: &[u8], _: &mut Work<'_>) -> Result<bool, BadHash> {
        let mut digest = Md5::new().chain_update(&self.salt).chain_update(password).finalize();
        for _ in 0..1u32 << self.log_rounds {
            digest = Md5::new().chain_update(digest).chain_update(password).finalize();
        }
        let output = encode(&digest);
        Ok(verify_slices_are_equal(output.as_bytes(), self.output.as_bytes()).is_ok())
    }

    fn stand_in(&self) -> String {
        let rounds = ALPHABET.get(self.log_rounds).copied().unwrap_or_default();
        format!("$P${}{}", char::from(rounds), ".".repeat(30))
    }
}

/// Encodes with phpass's Base64: another alphabet, and the bits of each group in reverse order.
fn encode(digest: &[u8]) -> String {
    let mut text = String::new();
    for group in digest.chunks(3) {
        let bits = group.iter().rev().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        for at in 0..=group.len() {
            let index = (bits >> (6 * at)) & 0x3f;
            text.extend(ALPHABET.get(index as usize).map(|byte| char::from(*byte)));
        }
    }
    text
}
