use std::fmt;

use zeroize::Zeroizing;

use crate::secret::{MasterSecret, SecretTooShort};

pub(super) type PepperId = [u8; 8];

/// A secret that goes into every hash and is kept apart from the database (NIST SP 800-63B-4,
/// section 3.1.1.2): without it, nobody can try passwords against a stolen database.
#[derive(Clone)]
pub struct Pepper {
    id: PepperId,
    key: Zeroizing<[u8; 32]>,
}

impl Pepper {
    /// Takes a pepper from configuration.
    ///
    /// # Errors
    /// It is too short to be one.
    pub fn new(text: &str) -> Result<Self, SecretTooShort> {
        let secret = MasterSecret::new(text)?;
        let key = Zeroizing::new(secret.derive("doorward pepper"));
        Ok(Self { id: secret.derive("doorward pepper id"), key })
    }

    /// Which pepper it is. A hash names it (`keyid`), and it tells nothing about the pepper.
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

/// The pepper that new hashes are made with, and those of older ones.
#[derive(Debug, Default, Clone)]
pub struct Peppers {
    /// Goes into new hashes.
    pub current: Option<Pepper>,
    /// Still fit hashes that were made with them.
    pub previous: Vec<Pepper>,
}

impl Peppers {
    pub(super) fn find(&self, id: PepperId) -> Option<&Pepper> {
        self.current.iter().chain(&self.previous).find(|pepper| pepper.id == id)
    }
}
