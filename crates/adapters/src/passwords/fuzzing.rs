#![expect(clippy::panic, reason = "a property that does not hold panics")]

use doorward_domain::credential::password::PasswordHash;

use super::{
    formats::{self, StoredHash, Work},
    pepper::Peppers,
    pool::Memory,
};

/// The cost of an imported hash is within the limit, it can be compared with, and its decoy has the same cost and
/// is its own decoy.
pub fn password_hashes(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(hash) = read(text) else { return };
    let looks = hash.stand_in();
    let share = share(&looks).unwrap_or_else(|| panic!("{text} looks like {looks}"));
    assert!(share <= 1.0, "{text} costs {share} of what is allowed");
    let stand_in = read(&looks).unwrap_or_else(|| panic!("{text} looks like {looks}"));
    assert_eq!(stand_in.stand_in(), looks, "{text}");
    // More expensive hashes have the same formats, and would slow down the fuzzer.
    if share <= 1.0 / 1024.0 {
        compare(&*hash).unwrap_or_else(|error| panic!("{text}: {error}"));
        compare(&*stand_in).unwrap_or_else(|error| panic!("{looks}: {error}"));
    }
}

/// Parses a hash that an import accepts.
fn read(text: &str) -> Option<Box<dyn StoredHash>> {
    let hash = formats::parse(&PasswordHash::new(text.to_owned())).ok()?;
    hash.check(&Peppers::default()).ok()?;
    Some(hash)
}

fn compare(hash: &dyn StoredHash) -> Result<bool, formats::BadHash> {
    let (mut memory, peppers) = (Memory::keeping(0), Peppers::default());
    hash.fits(b"correct horse", &mut Work { memory: &mut memory, peppers: &peppers })
}

/// Returns the cost of a decoy as a share of the maximum.
fn share(stand_in: &str) -> Option<f64> {
    const GIB: f64 = 1024.0 * 1024.0 * 1024.0;
    let parts: Vec<&str> = stand_in.split('$').collect();
    let param = |list: &str, name: &str| -> Option<f64> {
        let mut items = list.split(',').filter_map(|item| item.split_once('='));
        items.find(|(key, _)| *key == name)?.1.parse().ok()
    };
    let scrypt = |list: &str, log_n| {
        Some(128.0 * param(list, log_n)?.exp2() * param(list, "r")? * param(list, "p")? / GIB)
    };
    match *parts.as_slice() {
        ["", "argon2d" | "argon2i" | "argon2id", _, list, _, _] => {
            Some(1024.0 * param(list, "m")? * param(list, "t")? / GIB)
        }
        ["", "2b", cost, _] | ["bcrypt_sha256", "", "2b", cost, _] => {
            Some((cost.parse::<f64>().ok()? - 14.0).exp2())
        }
        ["", "pbkdf2" | "pbkdf2-sha256" | "pbkdf2-sha512", iterations, _, _] => {
            Some(iterations.parse::<f64>().ok()? / 5_000_000.0)
        }
        ["", "scrypt", list, _, _] => scrypt(list, "ln"),
        ["", "fbscrypt", list, _, _] => scrypt(list, "n"),
        _ => None,
    }
}
