use std::fmt;

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::secret::{MasterKey, Secrets};

/// Authenticates short messages that this server sends to a client and reads back later, with HMAC-SHA-256 under a
/// subkey for one purpose. The message is readable; only its origin is protected.
pub struct MessageMac {
    current: hmac::Key,
    previous: Vec<hmac::Key>,
}

impl MessageMac {
    /// Creates the MAC of a purpose. Messages authenticated with a previous master key are also accepted.
    pub fn new(secrets: &Secrets, purpose: &str) -> Self {
        let key = |secret: &MasterKey| {
            let info = format!("doorward message {purpose}");
            hmac::Key::new(hmac::HMAC_SHA256, &secret.derive::<32>(&info))
        };
        Self {
            current: key(&secrets.current),
            previous: secrets.previous.iter().map(key).collect(),
        }
    }

    /// Returns the MAC of a message: 43 characters of the URL-safe Base64 alphabet.
    pub fn sign(&self, message: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(&self.current, message.as_bytes()))
    }

    /// Returns `true` if this is the MAC of the message. Compares in constant time.
    pub fn verify(&self, message: &str, mac: &str) -> bool {
        let Ok(mac) = BASE64_URL_SAFE_NO_PAD.decode(mac) else { return false };
        let mut keys = std::iter::once(&self.current).chain(&self.previous);
        keys.any(|key| hmac::verify(key, message.as_bytes(), &mac).is_ok())
    }
}

impl fmt::Debug for MessageMac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageMac(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mac(current: &str, previous: &[&str], purpose: &str) -> MessageMac {
        let secret = |text: &&str| MasterKey::new(&text.repeat(32)).unwrap();
        let previous = previous.iter().map(secret).collect();
        MessageMac::new(&Secrets { current: secret(&current), previous }, purpose)
    }

    #[test]
    fn signed_message_verifies_for_its_purpose_and_secret_only() {
        let signed = mac("a", &[], "notice").sign("hello");
        assert_eq!(signed.len(), 43);
        assert!(mac("a", &[], "notice").verify("hello", &signed));
        assert!(!mac("a", &[], "notice").verify("hullo", &signed));
        assert!(!mac("a", &[], "other").verify("hello", &signed));
        assert!(!mac("b", &[], "notice").verify("hello", &signed));
    }

    #[test]
    fn message_signed_under_a_previous_secret_verifies() {
        let signed = mac("a", &[], "notice").sign("hello");
        assert!(mac("b", &["a"], "notice").verify("hello", &signed));
    }

    #[test]
    fn malformed_mac_is_rejected() {
        for text in ["", "x", "=", &"A".repeat(43), &"A".repeat(10_000)] {
            assert!(!mac("a", &[], "notice").verify("hello", text), "{text}");
        }
    }
}
