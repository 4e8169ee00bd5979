use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use doorward_domain::{
    ports::OpaqueTokens,
    token::{PlainToken, TokenPurpose, TokenRef},
};
use uuid::Uuid;

use crate::secret::{MasterKey, SecretId, Secrets};

const VERSION: u8 = 1;

/// version ‖ secret ID ‖ row ID ‖ counter
const PAYLOAD: usize = 1 + 4 + 16 + 4;
const MAC: usize = 32;

/// Opaque tokens that are never stored, not even as hashes: the ID of a row, the counter of its current token, and
/// an HMAC-SHA-256 over all of it with a subkey for each purpose.
///
/// A leaked database can't be used to create tokens, and a forged token costs no query.
#[derive(Debug)]
pub struct MacTokens {
    current: Keys,
    previous: Vec<Keys>,
}

#[derive(Debug)]
struct Keys {
    id: SecretId,
    by_purpose: [hmac::Key; TokenPurpose::ALL.len()],
}

impl Keys {
    fn new(secret: &MasterKey) -> Self {
        Self {
            id: secret.id(),
            by_purpose: TokenPurpose::ALL.map(|purpose| {
                let info = format!("doorward token {}", purpose.prefix());
                hmac::Key::new(hmac::HMAC_SHA256, &secret.derive::<32>(&info))
            }),
        }
    }

    fn of(&self, purpose: TokenPurpose) -> &hmac::Key {
        let [refresh, verify, reset, invite, device, browser] = &self.by_purpose;
        match purpose {
            TokenPurpose::Refresh => refresh,
            TokenPurpose::VerifyEmail => verify,
            TokenPurpose::ResetPassword => reset,
            TokenPurpose::Invite => invite,
            TokenPurpose::Device => device,
            TokenPurpose::Browser => browser,
        }
    }
}

impl MacTokens {
    /// Creates tokens with the current master key, and also verifies tokens created with previous ones.
    pub fn new(secrets: &Secrets) -> Self {
        Self {
            current: Keys::new(&secrets.current),
            previous: secrets.previous.iter().map(Keys::new).collect(),
        }
    }
}

impl OpaqueTokens for MacTokens {
    fn issue(&self, purpose: TokenPurpose, token: TokenRef) -> PlainToken {
        let mut bytes = Vec::with_capacity(PAYLOAD + MAC);
        bytes.push(VERSION);
        bytes.extend(self.current.id);
        bytes.extend(token.id.as_bytes());
        bytes.extend(token.counter.to_be_bytes());
        let mac = hmac::sign(self.current.of(purpose), &bytes);
        bytes.extend(mac.as_ref());
        let mut text = String::with_capacity(80);
        text.push_str(purpose.prefix());
        BASE64_URL_SAFE_NO_PAD.encode_string(bytes, &mut text);
        PlainToken::new(text)
    }

    fn verify(&self, purpose: TokenPurpose, token: &str) -> Option<TokenRef> {
        let encoded = token.strip_prefix(purpose.prefix())?;
        // 57 bytes are exactly 76 characters of Base64, so a token has only one spelling.
        let mut bytes = [0; PAYLOAD + MAC];
        let length = BASE64_URL_SAFE_NO_PAD.decode_slice(encoded, &mut bytes).ok()?;
        if length != bytes.len() {
            return None;
        }
        let (payload, mac) = bytes.split_at(PAYLOAD);
        let (version, rest) = payload.split_first()?;
        let (id, rest) = rest.split_first_chunk::<4>()?;
        let (row, rest) = rest.split_first_chunk::<16>()?;
        let (counter, _) = rest.split_first_chunk::<4>()?;
        let mut candidates = std::iter::once(&self.current).chain(&self.previous);
        let keys = candidates.find(|keys| keys.id == *id)?;
        // Compares in constant time.
        hmac::verify(keys.of(purpose), payload, mac).ok()?;
        (*version == VERSION)
            .then(|| TokenRef { id: Uuid::from_bytes(*row), counter: u32::from_be_bytes(*counter) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(current: &str, previous: &[&str]) -> Secrets {
        let secret = |text: &str| MasterKey::new(&text.repeat(32)).unwrap();
        Secrets {
            current: secret(current),
            previous: previous.iter().map(|text| secret(text)).collect(),
        }
    }

    fn token() -> TokenRef {
        TokenRef { id: Uuid::from_u128(0x0123_4567_89ab_cdef), counter: 7 }
    }

    #[test]
    fn token_verifies_only_for_its_purpose() {
        let tokens = MacTokens::new(&secrets("a", &[]));
        for purpose in TokenPurpose::ALL {
            let issued = tokens.issue(purpose, token());
            for other in TokenPurpose::ALL {
                let relabelled = issued.expose().replacen(purpose.prefix(), other.prefix(), 1);
                let opened = tokens.verify(other, &relabelled);
                assert_eq!(opened, (purpose == other).then(token), "{purpose:?} as {other:?}");
            }
        }
    }

    #[test]
    fn token_with_a_changed_character_is_rejected() {
        let tokens = MacTokens::new(&secrets("a", &[]));
        let issued = tokens.issue(TokenPurpose::Refresh, token());
        let text = issued.expose();
        assert_eq!(text.len(), 80);
        for at in 0..text.len() {
            for other in ['A', 'b', '-', '=', ' '] {
                let mut changed = text.to_owned();
                changed.replace_range(at..=at, &other.to_string());
                if changed != text {
                    assert_eq!(tokens.verify(TokenPurpose::Refresh, &changed), None, "{changed}");
                }
            }
            assert_eq!(tokens.verify(TokenPurpose::Refresh, &text[..at]), None);
        }
        assert_eq!(tokens.verify(TokenPurpose::Refresh, &format!("{text}A")), None);
        assert_eq!(tokens.verify(TokenPurpose::Refresh, &text.to_uppercase()), None);
    }

    #[test]
    fn token_of_a_previous_secret_still_verifies() {
        let old = MacTokens::new(&secrets("a", &[])).issue(TokenPurpose::Invite, token());
        let rotated = MacTokens::new(&secrets("b", &["a"]));
        assert_eq!(rotated.verify(TokenPurpose::Invite, old.expose()), Some(token()));
        let forgotten = MacTokens::new(&secrets("b", &[]));
        assert_eq!(forgotten.verify(TokenPurpose::Invite, old.expose()), None);
    }
}
