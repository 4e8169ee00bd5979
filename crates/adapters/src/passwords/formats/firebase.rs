//! Firebase Authentication's scrypt, in the format of Supabase:
//! `$fbscrypt$v=1,n=14,r=8,p=1,ss=<salt separator>,sk=<signer key>$<salt>$<hash>`.
//!
//! scrypt derives a key from the password; the hash is the project's signer key, encrypted with that key.

use aws_lc_rs::{
    cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey},
    constant_time::verify_slices_are_equal,
    iv::FixedLength,
};

use super::{
    BadHash, StoredHash, Work, boxed,
    encoding::{blank, decode, number, optional_param, output, param},
    scrypt::Cost,
};

const FORM: &str = "Firebase";
const KEY_LENGTH: usize = 32;

struct Firebase {
    cost: Cost,
    signer_key: Vec<u8>,
    /// The account's salt, followed by the project's separator.
    salt: Vec<u8>,
    output: Vec<u8>,
}

pub(super) fn parse(text: &str) -> Option<Result<Box<dyn StoredHash>, BadHash>> {
    let parts: Vec<&str> = text.split('$').collect();
    match *parts.as_slice() {
        ["", "fbscrypt", params, salt, hash] => boxed(read(params, salt, hash)),
        _ => None,
    }
}

fn read(params: &str, salt: &str, hash: &str) -> Result<Firebase, BadHash> {
    if param(FORM, params, "v")? != "1" {
        return Err(BadHash::malformed(FORM, "only version 1 is supported"));
    }
    let log_n = number(FORM, param(FORM, params, "n")?, 30)?;
    let cost = Cost::parse(FORM, log_n, param(FORM, params, "r")?, param(FORM, params, "p")?)?;
    let separator = optional_param(params, "ss").unwrap_or_default();
    let salt = [decode(FORM, salt)?, decode(FORM, separator)?].concat();
    let signer_key = decode(FORM, param(FORM, params, "sk")?)?;
    let output = output(FORM, decode(FORM, hash)?)?;
    if signer_key.len() != output.len() {
        return Err(BadHash::malformed(FORM, "the hash and the signer key differ in length"));
    }
    Ok(Firebase { cost, signer_key, salt, output })
}

impl StoredHash for Firebase {
    fn fits(&self, password: &[u8], _: &mut Work<'_>) -> Result<bool, BadHash> {
        let failed = |_| BadHash::Failed(FORM);
        let key = self.cost.derive(FORM, password, &self.salt, KEY_LENGTH)?;
        let key = UnboundCipherKey::new(&AES_256, &key).map_err(failed)?;
        let mut output = self.signer_key.clone();
        // The format requires a counter that starts at zero. This never reuses a key, since the key depends on the
        // salt.
        let counter = EncryptionContext::Iv128(FixedLength::from([0; 16]));
        let key = EncryptingKey::ctr(key).map_err(failed)?;
        key.less_safe_encrypt(&mut output, counter).map_err(failed)?;
        Ok(verify_slices_are_equal(&output, &self.output).is_ok())
    }

    fn stand_in(&self) -> String {
        let Cost { log_n, r, p } = self.cost;
        let (key, salt, output) = (blank(&self.signer_key), blank(&self.salt), blank(&self.output));
        format!("$fbscrypt$v=1,n={log_n},r={r},p={p},sk={key}${salt}${output}")
    }
}
