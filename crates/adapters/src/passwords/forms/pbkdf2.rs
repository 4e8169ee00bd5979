//! PBKDF2 (RFC 8018, section 5.2), as these write it:
//!
//! - Django: `pbkdf2_sha256$600000$salt$output`, and `pbkdf2_sha1$…`
//! - passlib: `$pbkdf2-sha256$29000$salt$output`, `$pbkdf2-sha512$…`, and `$pbkdf2$…` for SHA-1
//! - the PHC string format: `$pbkdf2-sha256$i=600000,l=32$salt$output`

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2::{
    Algorithm, PBKDF2_HMAC_SHA1, PBKDF2_HMAC_SHA256, PBKDF2_HMAC_SHA512, verify,
};

use super::{
    BadHash, StoredHash, Work, boxed,
    encoding::{blank, decode, number, optional_param, output},
};

const FORM: &str = "PBKDF2";
/// Over all blocks of the output.
const MAX_ITERATIONS: u32 = 5_000_000;

struct Pbkdf2 {
    digest: Digest,
    iterations: NonZeroU32,
    salt: Vec<u8>,
    output: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

impl Digest {
    fn algorithm(self) -> Algorithm {
        match self {
            Self::Sha1 => PBKDF2_HMAC_SHA1,
            Self::Sha256 => PBKDF2_HMAC_SHA256,
            Self::Sha512 => PBKDF2_HMAC_SHA512,
        }
    }

    fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "pbkdf2",
            Self::Sha256 => "pbkdf2-sha256",
            Self::Sha512 => "pbkdf2-sha512",
        }
    }
}

pub(super) fn parse(text: &str) -> Option<Result<Box<dyn StoredHash>, BadHash>> {
    let parts: Vec<&str> = text.split('$').collect();
    let (digest, cost, salt, hash, is_django) = match *parts.as_slice() {
        ["pbkdf2_sha1", cost, salt, hash] => (Digest::Sha1, cost, salt, hash, true),
        ["pbkdf2_sha256", cost, salt, hash] => (Digest::Sha256, cost, salt, hash, true),
        ["", "pbkdf2" | "pbkdf2-sha1", cost, salt, hash] => (Digest::Sha1, cost, salt, hash, false),
        ["", "pbkdf2-sha256", cost, salt, hash] => (Digest::Sha256, cost, salt, hash, false),
        ["", "pbkdf2-sha512", cost, salt, hash] => (Digest::Sha512, cost, salt, hash, false),
        _ => return None,
    };
    boxed(read(digest, cost, salt, hash, is_django))
}

fn read(
    digest: Digest,
    cost: &str,
    salt: &str,
    hash: &str,
    is_django: bool,
) -> Result<Pbkdf2, BadHash> {
    let iterations = number(FORM, optional_param(cost, "i").unwrap_or(cost), MAX_ITERATIONS)?;
    // Django's salt is the text itself.
    let salt = if is_django { salt.as_bytes().to_vec() } else { decode(FORM, salt)? };
    let output = output(FORM, decode(FORM, hash)?)?;
    let blocks = output.len().div_ceil(digest.length());
    if iterations as usize * blocks > MAX_ITERATIONS as usize {
        return Err(BadHash::TooCostly(FORM));
    }
    let iterations = NonZeroU32::new(iterations).ok_or(BadHash::Failed(FORM))?;
    Ok(Pbkdf2 { digest, iterations, salt, output })
}

impl StoredHash for Pbkdf2 {
    fn fits(&self, password: &[u8], _: &mut Work<'_>) -> Result<bool, BadHash> {
        let algorithm = self.digest.algorithm();
        Ok(verify(algorithm, self.iterations, &self.salt, password, &self.output).is_ok())
    }

    fn stand_in(&self) -> String {
        let (salt, output) = (blank(&self.salt), blank(&self.output));
        format!("${}${}${salt}${output}", self.digest.name(), self.iterations)
    }
}
