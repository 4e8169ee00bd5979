use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use doorward_domain::{
    credential::password::{Password, PasswordHash},
    ports::{
        HashError, PasswordHasher, Priority, Randomness, UnusableHash, Verification, VerifyTarget,
    },
};

use super::{
    decoys::DecoySelector,
    formats::{self, BadHash, SALT_LENGTH, Scheme, StoredHash, Work},
    observe::HashMetrics,
    pepper::Peppers,
    pool::{HashPool, Memory, QueueFull},
};
use crate::secret::Secrets;

/// The cost of a hash, and the number of concurrent hashes.
#[derive(Debug, Clone, Copy)]
pub struct HashingOptions {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Iterations over the memory.
    pub passes: u32,
    /// The number of hashing threads. They use up to `threads` × `memory_kib` KiB of memory.
    pub threads: usize,
    /// The maximum number of queued passwords. When the queue is full, further ones are rejected at once.
    pub queue: usize,
    /// How long a password may wait in the queue. After that, it is rejected.
    pub wait: Duration,
    /// How much lower the priority of the threads is than that of other threads (0 to 19).
    pub nice: i32,
}

impl Default for HashingOptions {
    /// The parameters of OWASP's password storage cheat sheet, and one thread per core, at a priority that yields
    /// to other threads.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            memory_kib: 19_456,
            passes: 2,
            threads: cores,
            queue: 256,
            wait: Duration::from_secs(3),
            nice: 10,
        }
    }
}

impl HashingOptions {
    /// Returns `true` if a hash costs less than OWASP's password storage cheat sheet requires: 46 MiB and one
    /// iteration, 19 MiB and two, or 12 MiB and three.
    pub fn is_cheap(&self) -> bool {
        let least = match self.passes {
            0 | 1 => 47_104,
            2 => 19_456,
            3.. => 12_288,
        };
        self.memory_kib < least
    }
}

/// Errors returned by [`Argon2Hasher::start`].
#[derive(Debug, thiserror::Error)]
pub enum InvalidHashingOptions {
    /// argon2 doesn't accept these parameters.
    #[error("argon2 does not accept these parameters: {0}")]
    Parameters(#[from] argon2::Error),
    /// The hashing threads can't be started.
    #[error("cannot start the hashing threads")]
    Threads(#[from] std::io::Error),
}

/// argon2id (RFC 9106) on dedicated threads. Also verifies the hashes of other systems, so that accounts can be
/// imported.
pub struct Argon2Hasher {
    scheme: Scheme,
    peppers: Arc<Peppers>,
    census: DecoySelector,
    pool: HashPool,
    randomness: Arc<dyn Randomness>,
}

impl Argon2Hasher {
    /// Starts the threads.
    ///
    /// # Errors
    /// See [`InvalidHashingOptions`].
    pub fn start(
        options: &HashingOptions,
        peppers: Peppers,
        secrets: &Secrets,
        randomness: Arc<dyn Randomness>,
    ) -> Result<Self, InvalidHashingOptions> {
        let scheme = Scheme::new(options.memory_kib, options.passes, peppers.current.as_ref())?;
        let HashingOptions { queue, wait, nice, .. } = *options;
        let pool = HashPool::start(options.threads.max(1), queue, wait, nice, scheme.blocks())?;
        let census = DecoySelector::new(secrets, &scheme);
        Ok(Self { scheme, peppers: Arc::new(peppers), census, pool, randomness })
    }

    /// Observes every hash.
    #[must_use]
    pub fn observed_by(self, observer: Arc<dyn HashMetrics>) -> Self {
        Self { pool: self.pool.observed_by(observer), ..self }
    }

    /// Parses a stored hash. If it is unusable, returns a hash that no password matches, so that verification takes as long
    /// as for other accounts and reports a mismatch.
    fn readable(&self, hash: &PasswordHash) -> Box<dyn StoredHash> {
        match formats::parse(hash).and_then(|stored| stored.check(&self.peppers).map(|()| stored)) {
            Ok(stored) => stored,
            Err(error) => {
                tracing::warn!(%error, "cannot verify a stored password hash; the user must reset the password");
                Box::new(self.scheme.stand_in())
            }
        }
    }

    /// Returns the number of passwords that are waiting to be hashed.
    pub fn waiting(&self) -> usize {
        self.pool.waiting()
    }

    /// Returns the number of passwords that are being hashed.
    pub fn busy(&self) -> usize {
        self.pool.busy()
    }

    /// Runs a comparison or a hash on the threads.
    async fn work<T: Send + 'static>(
        &self,
        priority: Priority,
        job: impl FnOnce(&mut Work<'_>) -> Result<T, BadHash> + Send + 'static,
    ) -> Result<T, HashError> {
        let peppers = self.peppers.clone();
        let job = move |memory: &mut Memory| job(&mut Work { memory, peppers: &peppers });
        match self.pool.run(priority, job).await {
            Ok(outcome) => outcome.map_err(|error| HashError::Failed(Box::new(error))),
            Err(QueueFull) => Err(HashError::Busy),
        }
    }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    fn is_saturated(&self, priority: Priority) -> bool {
        self.pool.is_full(priority)
    }

    async fn hash(
        &self,
        password: Password,
        priority: Priority,
    ) -> Result<PasswordHash, HashError> {
        let scheme = self.scheme.clone();
        let mut salt = [0; SALT_LENGTH];
        self.randomness.fill(&mut salt);
        self.work(priority, move |work| scheme.hash(password.expose(), &salt, work)).await
    }

    async fn verify(
        &self,
        password: Password,
        against: VerifyTarget,
        priority: Priority,
    ) -> Result<Verification, HashError> {
        let scheme = self.scheme.clone();
        let stored = match against {
            VerifyTarget::Hash(hash) => self.readable(&hash),
            VerifyTarget::Decoy { name } => self.census.decoy_for(&name),
        };
        self.work(priority, move |work| compare(&scheme, &password, &*stored, work)).await
    }

    fn validate_hash(&self, hash: &PasswordHash) -> Result<(), UnusableHash> {
        let checked = formats::parse(hash).and_then(|stored| stored.check(&self.peppers));
        checked.map_err(|error| match error {
            BadHash::UnknownPepper => UnusableHash::PepperMissing,
            other => UnusableHash::Unreadable(other.to_string()),
        })
    }

    fn calibrate_decoys(&self, sample: &[PasswordHash]) {
        let usable = sample.iter().filter(|hash| self.validate_hash(hash).is_ok());
        self.census.take(usable);
    }
}

/// Compares with each spelling of the password, since other systems may have hashed it without normalization.
fn compare(
    scheme: &Scheme,
    password: &Password,
    stored: &dyn StoredHash,
    work: &mut Work<'_>,
) -> Result<Verification, BadHash> {
    // All are computed, even after a match, so that the timing reveals nothing.
    let composed = stored.fits(password.expose(), work)?;
    let typed = match password.as_typed() {
        Some(typed) => stored.fits(typed, work)?,
        None => false,
    };
    Ok(match (composed, typed) {
        (true, _) if stored.is_of(scheme) => Verification::Match,
        (true, _) | (_, true) => Verification::MatchNeedsRehash,
        (false, false) => Verification::Mismatch,
    })
}

impl std::fmt::Debug for Argon2Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Argon2Hasher").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{passwords::pepper::Pepper, secret::MasterKey, system::SystemRandomness};

    fn hasher_with(memory_kib: u32, peppers: Peppers) -> Argon2Hasher {
        let options = HashingOptions {
            memory_kib,
            passes: 1,
            threads: 1,
            queue: 4,
            ..HashingOptions::default()
        };
        let current = MasterKey::new(&"s".repeat(32)).unwrap();
        let secrets = Secrets { current, previous: vec![] };
        Argon2Hasher::start(&options, peppers, &secrets, Arc::new(SystemRandomness)).unwrap()
    }

    fn hasher(memory_kib: u32) -> Argon2Hasher {
        hasher_with(memory_kib, Peppers::default())
    }

    fn peppers(current: &str, previous: &[&str]) -> Peppers {
        let pepper = |text: &str| Pepper::new(&text.repeat(32)).unwrap();
        let previous = previous.iter().map(|text| pepper(text)).collect();
        Peppers { current: Some(pepper(current)), previous }
    }

    fn password(text: &str) -> Password {
        Password::new(text)
    }

    async fn verify(hasher: &Argon2Hasher, text: &str, hash: &PasswordHash) -> Verification {
        hasher
            .verify(password(text), VerifyTarget::Hash(hash.clone()), Priority::Recognized)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn hash_verifies_only_its_password() {
        let hasher = hasher(64);
        let hash = hasher.hash(password("correct horse"), Priority::Recognized).await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", hash.expose());
        assert_eq!(verify(&hasher, "correct horse", &hash).await, Verification::Match);
        assert_eq!(verify(&hasher, "correct horsf", &hash).await, Verification::Mismatch);
    }

    #[tokio::test]
    async fn hashes_of_the_same_password_differ() {
        let hasher = hasher(64);
        let (a, b) = (
            hasher.hash(password("x"), Priority::Recognized).await,
            hasher.hash(password("x"), Priority::Recognized).await,
        );
        assert_ne!(a.unwrap().expose(), b.unwrap().expose());
    }

    #[test]
    fn cost_below_owasp_recommendation_is_cheap() {
        let cheap = |memory_kib, passes| {
            HashingOptions { memory_kib, passes, ..HashingOptions::default() }.is_cheap()
        };
        assert!(!HashingOptions::default().is_cheap());
        for (memory, passes) in [(47_104, 1), (19_456, 2), (12_288, 3), (12_288, 9)] {
            assert!(!cheap(memory, passes) && cheap(memory - 1, passes), "{memory} {passes}");
        }
    }

    #[tokio::test]
    async fn hash_with_previous_parameters_matches_but_needs_rehash() {
        let old = hasher(64).hash(password("x"), Priority::Recognized).await.unwrap();
        assert_eq!(verify(&hasher(128), "x", &old).await, Verification::MatchNeedsRehash);
    }

    #[tokio::test]
    async fn without_a_hash_no_password_matches() {
        let hasher = hasher(64);
        let old = PasswordHash::new(
            "$2b$04$VaS092qg94cLuKhhqxgaTea66Jq.zBxIQutjeHLizBS8NfjpUZiZW".into(),
        );
        for sample in [vec![], vec![old]] {
            hasher.calibrate_decoys(&sample);
            let against = VerifyTarget::Decoy { name: "ann".to_owned() };
            let verified = hasher
                .verify(password("correct horse"), against, Priority::Recognized)
                .await
                .unwrap();
            assert_eq!(verified, Verification::Mismatch);
        }
    }

    #[tokio::test]
    async fn hash_that_needs_too_much_memory_is_not_computed() {
        let bomb = "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA";
        let (hasher, bomb) = (hasher(64), PasswordHash::new(bomb.into()));
        let refused = hasher.validate_hash(&bomb).unwrap_err().to_string();
        assert!(refused.contains("too much memory"), "{refused}");
        assert_eq!(verify(&hasher, "x", &bomb).await, Verification::Mismatch);
    }

    #[tokio::test]
    async fn hash_of_the_reference_implementation_verifies() {
        // echo -n "password" | argon2 somesalt -id -t 2 -k 256 -p 1 -e
        let reference =
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        let stored = PasswordHash::new(reference.into());
        assert_eq!(verify(&hasher(64), "password", &stored).await, Verification::MatchNeedsRehash);
    }

    #[tokio::test]
    async fn password_hashed_without_normalization_verifies_as_typed() {
        // passlib, bcrypt: of "e" and U+0301, which NFC composes into one character.
        let stored = "$2b$04$qB0xGMtrWwj/GTLhdm31S.BIOYDyeuD5vCUm1wKhONYUJBOIffdgm";
        let stored = PasswordHash::new(stored.into());
        let verified = verify(&hasher(64), "cafe\u{301} noir", &stored).await;
        assert_eq!(verified, Verification::MatchNeedsRehash);
    }

    #[tokio::test]
    async fn new_pepper_requires_rehash_and_missing_pepper_prevents_verification() {
        let hash = hasher_with(64, peppers("a", &[]))
            .hash(password("x"), Priority::Recognized)
            .await
            .unwrap();
        assert!(hash.expose().contains(",keyid="), "{}", hash.expose());
        let rotated = hasher_with(64, peppers("b", &["a"]));
        assert_eq!(verify(&rotated, "x", &hash).await, Verification::MatchNeedsRehash);
        let forgotten = hasher_with(64, peppers("b", &[]));
        assert_eq!(verify(&forgotten, "x", &hash).await, Verification::Mismatch);
        let refused = forgotten.validate_hash(&hash).unwrap_err().to_string();
        assert!(refused.contains("pepper"), "{refused}");
    }

    #[tokio::test]
    async fn first_pepper_requires_rehash_of_unpeppered_hashes() {
        let hash = hasher(64).hash(password("x"), Priority::Recognized).await.unwrap();
        let peppered = hasher_with(64, peppers("a", &[]));
        assert_eq!(verify(&peppered, "x", &hash).await, Verification::MatchNeedsRehash);
        let renewed = peppered.hash(password("x"), Priority::Recognized).await.unwrap();
        assert_eq!(verify(&peppered, "x", &renewed).await, Verification::Match);
    }

    #[test]
    fn debug_output_contains_no_pepper() {
        assert!(!format!("{:?}", peppers("hunter22", &["hunter33"])).contains("hunter"));
    }
}
