//! bcrypt: `$2a$`, `$2b$`, and `$2y$`, and formats that hash a digest of the password: Django's `bcrypt$…` (of the
//! password itself) and `bcrypt_sha256$…`, both versions of passlib's `$bcrypt-sha256$…`, and `$wp$2y$…` of
//! WordPress since 6.8.
//!
//! bcrypt uses only the first 72 bytes of a password. An imported hash is verified in the same way as by its
//! original system; the hash that replaces it at the next sign-in covers the whole password.

use std::str::FromStr;

use ::bcrypt::{HashParts, verify};
use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac::{HMAC_SHA256, HMAC_SHA384, Key, sign},
};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    BadHash, StoredHash, Work, boxed,
    encoding::{number, optional_param, param},
};

const FORM: &str = "bcrypt";
const MAX_COST: u32 = 14;

struct Bcrypt {
    hash: String,
    cost: u32,
    of: Of,
}

/// The input of bcrypt.
enum Of {
    Password,
    /// SHA-256, in hexadecimal digits.
    HexDigest,
    /// SHA-256, in Base64.
    Digest,
    /// HMAC-SHA-256 with the encoded salt as the key, in Base64.
    Mac(String),
    /// HMAC-SHA-384 of the trimmed password, in Base64.
    WordPress,
}

pub(super) fn parse(text: &str) -> Option<Result<Box<dyn StoredHash>, BadHash>> {
    if let Some(rest) = text.strip_prefix("$bcrypt-sha256$") {
        return boxed(read_passlib(rest));
    }
    let (hash, of) = match text.split_once("$$") {
        Some(("bcrypt", _)) => (text.strip_prefix("bcrypt$")?, Of::Password),
        Some(("bcrypt_sha256", _)) => (text.strip_prefix("bcrypt_sha256$")?, Of::HexDigest),
        _ => match text.strip_prefix("$wp") {
            Some(hash) => (hash, Of::WordPress),
            None => (text, Of::Password),
        },
    };
    let known = ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| hash.starts_with(prefix));
    known.then(|| read(hash, of)).and_then(boxed)
}

/// Parses `v=2,t=2b,r=12$salt$output`, and `2b,12$salt$output` of the first version.
fn read_passlib(rest: &str) -> Result<Bcrypt, BadHash> {
    let parts: Vec<&str> = rest.split('$').collect();
    let [params, salt, output] = *parts.as_slice() else {
        return Err(BadHash::malformed(FORM, "the salt or the output is missing"));
    };
    let (version, rounds, of) = match optional_param(params, "v") {
        Some("2") => {
            (param(FORM, params, "t")?, param(FORM, params, "r")?, Of::Mac(salt.to_owned()))
        }
        Some(_) => return Err(BadHash::malformed(FORM, "only versions 1 and 2 are supported")),
        None => {
            let (version, rounds) = params
                .split_once(',')
                .ok_or_else(|| BadHash::malformed(FORM, "the cost is missing"))?;
            (version, rounds, Of::Digest)
        }
    };
    let rounds = number(FORM, rounds, MAX_COST)?;
    read(&format!("${version}${rounds:02}${salt}{output}"), of)
}

fn read(hash: &str, of: Of) -> Result<Bcrypt, BadHash> {
    let parts = HashParts::from_str(hash).map_err(|error| BadHash::malformed(FORM, error))?;
    match parts.get_cost() {
        cost @ 4..=MAX_COST => Ok(Bcrypt { hash: hash.to_owned(), cost, of }),
        cost if cost > MAX_COST => Err(BadHash::TooCostly(FORM)),
        _ => Err(BadHash::malformed(FORM, "the cost is below 4")),
    }
}

impl StoredHash for Bcrypt {
    fn fits(&self, password: &[u8], _: &mut Work<'_>) -> Result<bool, BadHash> {
        let mac = |algorithm, key: &[u8], text: &[u8]| {
            STANDARD.encode(sign(&Key::new(algorithm, key), text))
        };
        let compared = match &self.of {
            Of::Password => verify(password, &self.hash),
            Of::HexDigest => {
                let digest = digest(&SHA256, password);
                let digits = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
                verify(digits.collect::<String>(), &self.hash)
            }
            Of::Digest => verify(STANDARD.encode(digest(&SHA256, password)), &self.hash),
            Of::Mac(salt) => verify(mac(HMAC_SHA256, salt.as_bytes(), password), &self.hash),
            Of::WordPress => verify(mac(HMAC_SHA384, b"wp-sha384", trim(password)), &self.hash),
        };
        compared.map_err(|_| BadHash::Failed(FORM))
    }

    /// The digests take negligible time compared with bcrypt.
    fn stand_in(&self) -> String {
        format!("$2b${:02}${}", self.cost, ".".repeat(53))
    }
}

/// Trims like PHP's `trim`.
fn trim(password: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0 | 0x0b);
    let start = password.iter().position(|byte| !is_blank(byte)).unwrap_or(password.len());
    let end = password.iter().rposition(|byte| !is_blank(byte)).map_or(start, |at| at + 1);
    password.get(start..end).unwrap_or_default()
}
