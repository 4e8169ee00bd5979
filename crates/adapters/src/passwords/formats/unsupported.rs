//! Formats that are recognized only to name them, and prefixes in front of a hash.

use super::BadHash;

/// Removes the scheme in braces that Spring Security and Dovecot write before the hash.
pub(super) fn without_prefix(text: &str) -> &str {
    let Some((scheme, hash)) = text.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
        return text;
    };
    let scheme = scheme.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let known = ["argon2", "argon2i", "argon2id", "bcrypt", "blf-crypt", "crypt", "scrypt"];
    // An unrecognized text is kept whole, so that its scheme can be named.
    if known.contains(&scheme.as_str()) && hash.starts_with('$') { hash } else { text }
}

/// Prefixes of hashes.
const PREFIXES: [(&str, &str); 20] = [
    ("$1$", "MD5-crypt"),
    ("$apr1$", "Apache's MD5-crypt"),
    ("$2x$", "a bcrypt hash of a faulty version ($2x$)"),
    ("$2$", "a bcrypt hash of a faulty version ($2$)"),
    ("$3$", "an NT hash"),
    ("$5$", "SHA-256-crypt"),
    ("$6$", "SHA-512-crypt"),
    ("$7$", "crypt's scrypt ($7$)"),
    ("$y$", "yescrypt"),
    ("$gy$", "gost-yescrypt"),
    ("$sha1$", "SHA-1-crypt"),
    ("$S$", "Drupal's SHA-512"),
    ("md5$", "a salted MD5"),
    ("sha1$", "a salted SHA-1"),
    ("sha256$", "a salted SHA-256"),
    ("{SSHA", "LDAP's salted SHA"),
    ("{SHA", "LDAP's SHA"),
    ("{MD5}", "LDAP's MD5"),
    ("{noop}", "a password that is not hashed"),
    ("{", "one with an unknown scheme in braces"),
];

/// Returns the error for an unsupported hash, which names its format and repeats nothing of it.
pub(super) fn name(text: &str) -> BadHash {
    let by_prefix = PREFIXES.iter().find(|(prefix, _)| text.starts_with(prefix));
    let hex = text.strip_prefix('*').unwrap_or(text);
    let is_hex = hex.chars().all(|c| c.is_ascii_hexdigit());
    match (by_prefix, hex.len()) {
        (Some((_, name)), _) => BadHash::Unsupported(name),
        (None, 40) if is_hex && hex != text => BadHash::Unsupported("MySQL's"),
        (None, 32) if is_hex => BadHash::Unsupported("an MD5 or NT hash"),
        (None, 40) if is_hex => BadHash::Unsupported("a SHA-1 digest"),
        (None, 64) if is_hex => BadHash::Unsupported("a SHA-256 digest"),
        (None, 128) if is_hex => BadHash::Unsupported("a SHA-512 digest"),
        _ => BadHash::Unknown,
    }
}
