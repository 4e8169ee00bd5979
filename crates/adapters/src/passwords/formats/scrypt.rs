//! scrypt (RFC 7914), in the PHC string format, which passlib uses as well (`$scrypt$ln=16,r=8,p=1$salt$output`),
//! and in the formats of Django (`scrypt$16384$salt$8$1$output`), Werkzeug (`scrypt:32768:8:1$salt$output`),
//! Spring Security (`$e0801$salt$output`), and better-auth (`salt:output`).

use std::ops::RangeInclusive;

use ::scrypt::{Params, scrypt};
use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::{
    BadHash, MAX_MEMORY, StoredHash, Work, boxed,
    encoding::{blank, decode, decode_hex, number, output, param},
};

const FORM: &str = "scrypt";
const MAX_LANES: u32 = 16;

/// The cost of a hash, within bounds.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    pub(super) log_n: u32,
    pub(super) r: u32,
    pub(super) p: u32,
}

impl Cost {
    /// # Errors
    /// The cost is out of bounds.
    pub(super) fn parse(form: &'static str, log_n: u32, r: &str, p: &str) -> Result<Self, BadHash> {
        let (r, p) = (number(form, r, 1024)?, number(form, p, MAX_LANES)?);
        let once = 1u64.checked_shl(log_n).and_then(|n| n.checked_mul(128 * u64::from(r)));
        match once.and_then(|once| once.checked_mul(u64::from(p))) {
            Some(1..=MAX_MEMORY) => Ok(Self { log_n, r, p }),
            _ => Err(BadHash::TooCostly(form)),
        }
    }

    pub(super) fn derive(
        self,
        form: &'static str,
        password: &[u8],
        salt: &[u8],
        length: usize,
    ) -> Result<Vec<u8>, BadHash> {
        let failed = || BadHash::Failed(form);
        let log_n = u8::try_from(self.log_n).map_err(|_| failed())?;
        let params = Params::new(log_n, self.r, self.p).map_err(|_| failed())?;
        let mut output = vec![0; length];
        scrypt(password, salt, &params, &mut output).map_err(|_| failed())?;
        Ok(output)
    }
}

struct Scrypt {
    cost: Cost,
    salt: Vec<u8>,
    output: Vec<u8>,
}

pub(super) fn parse(text: &str) -> Option<Result<Box<dyn StoredHash>, BadHash>> {
    let parts: Vec<&str> = text.split('$').collect();
    match *parts.as_slice() {
        ["", "scrypt", cost, salt, hash] => boxed(read_phc(cost, salt, hash)),
        ["scrypt", n, salt, r, p, hash] => {
            boxed(decode(FORM, hash).and_then(|hash| with_n(n, salt, [r, p], hash)))
        }
        ["", cost, salt, hash] if is_hex(cost, 5..=6) => boxed(read_spring(cost, salt, hash)),
        [cost, salt, hash] if cost.starts_with("scrypt:") => boxed(read_werkzeug(cost, salt, hash)),
        [one] => match one.split_once(':') {
            Some((salt, hash)) if is_hex(salt, 32..=32) && is_hex(hash, 128..=128) => {
                boxed(read_better_auth(salt, hash))
            }
            _ => None,
        },
        _ => None,
    }
}

fn is_hex(text: &str, length: RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.chars().all(|c| c.is_ascii_hexdigit())
}

fn read_werkzeug(cost: &str, salt: &str, hash: &str) -> Result<Scrypt, BadHash> {
    let parts: Vec<&str> = cost.split(':').collect();
    match *parts.as_slice() {
        [_, n, r, p] => with_n(n, salt, [r, p], decode_hex(FORM, hash)?),
        _ => Err(BadHash::malformed(FORM, "expected scrypt:n:r:p$salt$output")),
    }
}

/// One hexadecimal number contains all three costs.
fn read_spring(cost: &str, salt: &str, hash: &str) -> Result<Scrypt, BadHash> {
    let cost = u32::from_str_radix(cost, 16).map_err(|error| BadHash::malformed(FORM, error))?;
    let (r, p) = ((cost >> 8 & 0xff).to_string(), (cost & 0xff).to_string());
    let cost = Cost::parse(FORM, cost >> 16, &r, &p)?;
    let (salt, output) = (decode(FORM, salt)?, output(FORM, decode(FORM, hash)?)?);
    Ok(Scrypt { cost, salt, output })
}

/// The costs are constant, and the salt is the text of its digits.
fn read_better_auth(salt: &str, hash: &str) -> Result<Scrypt, BadHash> {
    let cost = Cost::parse(FORM, 14, "16", "1")?;
    let output = output(FORM, decode_hex(FORM, hash)?)?;
    Ok(Scrypt { cost, salt: salt.as_bytes().to_vec(), output })
}

fn read_phc(cost: &str, salt: &str, hash: &str) -> Result<Scrypt, BadHash> {
    let log_n = number(FORM, param(FORM, cost, "ln")?, 30)?;
    let cost = Cost::parse(FORM, log_n, param(FORM, cost, "r")?, param(FORM, cost, "p")?)?;
    Ok(Scrypt { cost, salt: decode(FORM, salt)?, output: output(FORM, decode(FORM, hash)?)? })
}

fn with_n(n: &str, salt: &str, [r, p]: [&str; 2], hash: Vec<u8>) -> Result<Scrypt, BadHash> {
    let n = number(FORM, n, 1 << 30)?;
    // RFC 7914, section 6.
    if n < 2 || !n.is_power_of_two() {
        return Err(BadHash::malformed(FORM, "the cost is not a power of two above 1"));
    }
    let cost = Cost::parse(FORM, n.trailing_zeros(), r, p)?;
    Ok(Scrypt { cost, salt: salt.as_bytes().to_vec(), output: output(FORM, hash)? })
}

impl StoredHash for Scrypt {
    fn fits(&self, password: &[u8], _: &mut Work<'_>) -> Result<bool, BadHash> {
        let output = self.cost.derive(FORM, password, &self.salt, self.output.len())?;
        Ok(verify_slices_are_equal(&output, &self.output).is_ok())
    }

    fn stand_in(&self) -> String {
        let Cost { log_n, r, p } = self.cost;
        let (salt, output) = (blank(&self.salt), blank(&self.output));
        format!("$scrypt$ln={log_n},r={r},p={p}${salt}${output}")
    }
}
