//! PBKDF2 (RFC 8018, section 5.2), in these formats:
//!
//! - Django: `pbkdf2_sha256$600000$salt$output`, and `pbkdf2_sha1$…`
//! - passlib: `$pbkdf2-sha256$29000$salt$output`, `$pbkdf2-sha512$…`, and `$pbkdf2$…` for SHA-1
//! - the PHC string format: `$pbkdf2-sha256$i=600000,l=32$salt$output`
//! - Werkzeug (Flask): `pbkdf2:sha256:600000$salt$output` in hexadecimal digits
//! - ASP.NET Core Identity: all of it in Base64, with a first byte of 1, or 0 in older versions

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2::{
    Algorithm, PBKDF2_HMAC_SHA1, PBKDF2_HMAC_SHA256, PBKDF2_HMAC_SHA512, verify,
};

use super::{
    BadHash, StoredHash, Work, boxed,
    encoding::{blank, decode, decode_hex, number, optional_param, output},
};

const FORM: &str = "PBKDF2";
/// The maximum for all blocks of the output together.
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
    if let Some(rest) = text.strip_prefix("pbkdf2:") {
        return boxed(read_werkzeug(rest));
    }
    if let Some(hash) = read_asp_net(text) {
        return boxed(hash);
    }
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

fn read_werkzeug(rest: &str) -> Result<Pbkdf2, BadHash> {
    let parts: Vec<&str> = rest.split(['$', ':']).collect();
    let [digest, cost, salt, hash] = *parts.as_slice() else {
        return Err(BadHash::malformed(FORM, "expected pbkdf2:digest:iterations$salt$output"));
    };
    let digest = match digest {
        "sha1" => Digest::Sha1,
        "sha256" => Digest::Sha256,
        "sha512" => Digest::Sha512,
        _ => return Err(BadHash::malformed(FORM, "the digest is not SHA-1, SHA-256, or SHA-512")),
    };
    let iterations = number(FORM, cost, MAX_ITERATIONS)?;
    bounded(digest, iterations, salt.as_bytes().to_vec(), decode_hex(FORM, hash)?)
}

/// Returns `None` if the text has another format. All parameters except the digest are in the bytes themselves.
fn read_asp_net(text: &str) -> Option<Result<Pbkdf2, BadHash>> {
    if text.len() < 60 || text.contains('$') {
        return None;
    }
    let bytes = decode(FORM, text).ok()?;
    let word = |at: usize| {
        let bytes: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(bytes))
    };
    let (digest, iterations, salt, output) = match *bytes.first()? {
        0 if bytes.len() == 49 => (Digest::Sha1, 1000, bytes.get(1..17)?, bytes.get(17..)?),
        1 => {
            let digest = match word(1)? {
                0 => Digest::Sha1,
                1 => Digest::Sha256,
                2 => Digest::Sha512,
                _ => return None,
            };
            let end = 13 + usize::try_from(word(9)?).ok().filter(|length| *length <= 128)?;
            (digest, word(5)?, bytes.get(13..end)?, bytes.get(end..)?)
        }
        _ => return None,
    };
    if iterations > MAX_ITERATIONS {
        return Some(Err(BadHash::TooCostly(FORM)));
    }
    Some(bounded(digest, iterations, salt.to_vec(), output.to_vec()))
}

fn read(
    digest: Digest,
    cost: &str,
    salt: &str,
    hash: &str,
    is_django: bool,
) -> Result<Pbkdf2, BadHash> {
    let iterations = number(FORM, optional_param(cost, "i").unwrap_or(cost), MAX_ITERATIONS)?;
    // Django uses the text of the salt, without decoding it.
    let salt = if is_django { salt.as_bytes().to_vec() } else { decode(FORM, salt)? };
    bounded(digest, iterations, salt, decode(FORM, hash)?)
}

fn bounded(
    digest: Digest,
    iterations: u32,
    salt: Vec<u8>,
    hash: Vec<u8>,
) -> Result<Pbkdf2, BadHash> {
    let output = output(FORM, hash)?;
    let blocks = output.len().div_ceil(digest.length());
    if iterations as usize * blocks > MAX_ITERATIONS as usize {
        return Err(BadHash::TooCostly(FORM));
    }
    let iterations = NonZeroU32::new(iterations)
        .ok_or_else(|| BadHash::malformed(FORM, "the number of iterations is 0"))?;
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
