use std::fmt;

use zeroize::Zeroizing;

use crate::secret::{MasterKey, SecretTooShort};

pub(super) type PepperId = [u8; 8];

/// A secret that is part of every hash and stored apart from the database (NIST SP 800-63B-4, section 3.1.1.2):
/// without it, an attacker can't test passwords against a stolen database.
#[derive(Clone)]
pub struct Pepper {
    id: PepperId,
    key: Zeroizing<[u8; 32]>,
}

impl Pepper {
    /// Creates a pepper from configuration.
    ///
    /// # Errors
    /// It is too short.
    pub fn new(text: &str) -> Result<Self, SecretTooShort> {
        let secret = MasterKey::new(text)?;
        let key = Zeroizing::new(secret.derive("doorward pepper"));
        Ok(Self { id: secret.derive("doorward pepper id"), key })
    }

    /// Returns the ID of the pepper. A hash contains it (`keyid`), and it reveals nothing about the pepper.
    pub(super) fn id(&self) -> PepperId {
        self.id
    }

    pub(super) fn expose(&self) -> &[u8] {
        self.key.as_slice()
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper(…)")
    }
}

/// The pepper of new hashes, and those of older ones.
#[derive(Debug, Default, Clone)]
pub struct Peppers {
    /// Used for new hashes.
    pub current: Option<Pepper>,
    /// Still used to verify hashes that were created with them.
    pub previous: Vec<Pepper>,
}

impl Peppers {
    pub(super) fn find(&self, id: PepperId) -> Option<&Pepper> {
        self.current.iter().chain(&self.previous).find(|pepper| pepper.id == id)
    }
}
