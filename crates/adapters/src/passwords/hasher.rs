use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use doorward_domain::{
    password::{Password, PasswordHash},
    ports::{Against, HashError, PasswordHasher, Priority, Randomness, UnusableHash, Verification},
};

use super::{
    census::Census,
    forms::{self, BadHash, SALT_LENGTH, Scheme, StoredHash, Work},
    observe::Observer,
    pepper::Peppers,
    pool::{HashPool, Memory, QueueFull},
};
use crate::secret::Secrets;

/// How much a hash costs, and how many are computed at a time.
#[derive(Debug, Clone, Copy)]
pub struct HashingOptions {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Threads that hash. The memory in use is this many times `memory_kib`.
    pub threads: usize,
    /// How many may wait. One more is told to come back later.
    pub queue: usize,
    /// How long one may wait. After that it is told to come back later.
    pub wait: Duration,
    /// How much lower the threads' priority is than the others' (0–19).
    pub nice: i32,
}

impl Default for HashingOptions {
    /// The parameters that OWASP's password storage cheat sheet gives, and every core, at a priority
    /// that leaves it to the others when they want it.
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
    /// Whether a hash costs less than OWASP's password storage cheat sheet asks for: 46 MiB and one
    /// pass, 19 MiB and two, or 12 MiB and three.
    pub fn is_cheap(&self) -> bool {
        let least = match self.passes {
            0 | 1 => 47_104,
            2 => 19_456,
            3.. => 12_288,
        };
        self.memory_kib < least
    }
}

/// The hasher can't work so.
#[derive(Debug, thiserror::Error)]
pub enum InvalidHashingOptions {
    /// argon2 does not take these parameters.
    #[error("argon2 does not take these parameters: {0}")]
    Parameters(#[from] argon2::Error),
    /// No threads.
    #[error("the hashing threads could not be started")]
    Threads(#[from] std::io::Error),
}

/// argon2id (RFC 9106) on threads of its own. It also compares with the hashes of other systems, whose
/// accounts were taken over.
pub struct Argon2Hasher {
    scheme: Scheme,
    peppers: Arc<Peppers>,
    census: Census,
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
        let census = Census::new(secrets, &scheme);
        Ok(Self { scheme, peppers: Arc::new(peppers), census, pool, randomness })
    }

    /// Tells somebody of every hash.
    #[must_use]
    pub fn observed_by(self, observer: Arc<dyn Observer>) -> Self {
        Self { pool: self.pool.observed_by(observer), ..self }
    }

    /// A stored hash, or one that no password fits where nothing can be compared with it: that takes as
    /// long, and is an answer as any other.
    fn readable(&self, hash: &PasswordHash) -> Box<dyn StoredHash> {
        match forms::parse(hash).and_then(|stored| stored.check(&self.peppers).map(|()| stored)) {
            Ok(stored) => stored,
            Err(error) => {
                tracing::warn!(%error, "a stored password can't be verified: its owner has to reset it");
                Box::new(self.scheme.stand_in())
            }
        }
    }

    /// How many passwords wait to be hashed.
    pub fn waiting(&self) -> usize {
        self.pool.waiting()
    }

    /// How many are hashed at this moment.
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
    fn is_full(&self, priority: Priority) -> bool {
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
        against: Against,
        priority: Priority,
    ) -> Result<Verification, HashError> {
        let scheme = self.scheme.clone();
        let stored = match against {
            Against::Hash(hash) => self.readable(&hash),
            Against::Nothing { name } => self.census.stand_in(&name),
        };
        self.work(priority, move |work| compare(&scheme, &password, &*stored, work)).await
    }

    fn check(&self, hash: &PasswordHash) -> Result<(), UnusableHash> {
        let checked = forms::parse(hash).and_then(|stored| stored.check(&self.peppers));
        checked.map_err(|error| match error {
            BadHash::UnknownPepper => UnusableHash::PepperMissing,
            other => UnusableHash::Unreadable(other.to_string()),
        })
    }

    fn imitate(&self, sample: &[PasswordHash]) {
        let usable = sample.iter().filter(|hash| self.check(hash).is_ok());
        self.census.take(usable);
    }
}

/// Compares with each spelling of the password in turn: other systems may have hashed it as it was
/// typed.
fn compare(
    scheme: &Scheme,
    password: &Password,
    stored: &dyn StoredHash,
    work: &mut Work<'_>,
) -> Result<Verification, BadHash> {
    // Both are computed, whichever fits: the time is not to tell.
    let composed = stored.fits(password.expose(), work)?;
    let typed = match password.as_typed() {
        Some(typed) => stored.fits(typed, work)?,
        None => false,
    };
    Ok(match (composed, typed) {
        (true, _) if stored.is_of(scheme) => Verification::Right,
        (true, _) | (_, true) => Verification::RightButStale,
        (false, false) => Verification::Wrong,
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
    use crate::{passwords::pepper::Pepper, secret::MasterSecret, system::SystemRandomness};

    fn hasher_with(memory_kib: u32, peppers: Peppers) -> Argon2Hasher {
        let options = HashingOptions {
            memory_kib,
            passes: 1,
            threads: 1,
            queue: 4,
            ..HashingOptions::default()
        };
        let current = MasterSecret::new(&"s".repeat(32)).unwrap();
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
        Password::presented(text)
    }

    async fn verify(hasher: &Argon2Hasher, text: &str, hash: &PasswordHash) -> Verification {
        hasher
            .verify(password(text), Against::Hash(hash.clone()), Priority::Recognized)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_and_no_other() {
        let hasher = hasher(64);
        let hash = hasher.hash(password("correct horse"), Priority::Recognized).await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", hash.expose());
        assert_eq!(verify(&hasher, "correct horse", &hash).await, Verification::Right);
        assert_eq!(verify(&hasher, "correct horsf", &hash).await, Verification::Wrong);
    }

    #[tokio::test]
    async fn two_hashes_of_one_password_differ() {
        let hasher = hasher(64);
        let (a, b) = (
            hasher.hash(password("x"), Priority::Recognized).await,
            hasher.hash(password("x"), Priority::Recognized).await,
        );
        assert_ne!(a.unwrap().expose(), b.unwrap().expose());
    }

    #[test]
    fn what_costs_less_than_owasp_asks_for_is_cheap() {
        let cheap = |memory_kib, passes| {
            HashingOptions { memory_kib, passes, ..HashingOptions::default() }.is_cheap()
        };
        assert!(!HashingOptions::default().is_cheap());
        for (memory, passes) in [(47_104, 1), (19_456, 2), (12_288, 3), (12_288, 9)] {
            assert!(!cheap(memory, passes) && cheap(memory - 1, passes), "{memory} {passes}");
        }
    }

    #[tokio::test]
    async fn a_hash_of_former_parameters_is_right_but_stale() {
        let old = hasher(64).hash(password("x"), Priority::Recognized).await.unwrap();
        assert_eq!(verify(&hasher(128), "x", &old).await, Verification::RightButStale);
    }

    #[tokio::test]
    async fn without_a_hash_nothing_matches() {
        let hasher = hasher(64);
        let old = PasswordHash::new(
            "$2b$04$VaS092qg94cLuKhhqxgaTea66Jq.zBxIQutjeHLizBS8NfjpUZiZW".into(),
        );
        for sample in [vec![], vec![old]] {
            hasher.imitate(&sample);
            let against = Against::Nothing { name: "ann".to_owned() };
            let verified = hasher
                .verify(password("correct horse"), against, Priority::Recognized)
                .await
                .unwrap();
            assert_eq!(verified, Verification::Wrong);
        }
    }

    #[tokio::test]
    async fn a_hash_that_would_eat_the_memory_is_not_computed() {
        let bomb = "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA";
        let (hasher, bomb) = (hasher(64), PasswordHash::new(bomb.into()));
        let refused = hasher.check(&bomb).unwrap_err().to_string();
        assert!(refused.contains("too much memory"), "{refused}");
        assert_eq!(verify(&hasher, "x", &bomb).await, Verification::Wrong);
    }

    #[tokio::test]
    async fn a_hash_of_the_reference_implementation_is_understood() {
        // echo -n "password" | argon2 somesalt -id -t 2 -k 256 -p 1 -e
        let reference =
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        let stored = PasswordHash::new(reference.into());
        assert_eq!(verify(&hasher(64), "password", &stored).await, Verification::RightButStale);
    }

    #[tokio::test]
    async fn a_password_that_was_hashed_as_it_was_typed_is_known_in_that_spelling() {
        // passlib, bcrypt: of "e" and U+0301, which NFC makes one.
        let stored = "$2b$04$qB0xGMtrWwj/GTLhdm31S.BIOYDyeuD5vCUm1wKhONYUJBOIffdgm";
        let stored = PasswordHash::new(stored.into());
        let verified = verify(&hasher(64), "cafe\u{301} noir", &stored).await;
        assert_eq!(verified, Verification::RightButStale);
    }

    #[tokio::test]
    async fn a_new_pepper_makes_hashes_stale_and_a_forgotten_one_makes_them_useless() {
        let hash = hasher_with(64, peppers("a", &[]))
            .hash(password("x"), Priority::Recognized)
            .await
            .unwrap();
        assert!(hash.expose().contains(",keyid="), "{}", hash.expose());
        let rotated = hasher_with(64, peppers("b", &["a"]));
        assert_eq!(verify(&rotated, "x", &hash).await, Verification::RightButStale);
        let forgotten = hasher_with(64, peppers("b", &[]));
        assert_eq!(verify(&forgotten, "x", &hash).await, Verification::Wrong);
        let refused = forgotten.check(&hash).unwrap_err().to_string();
        assert!(refused.contains("pepper"), "{refused}");
    }

    #[tokio::test]
    async fn a_first_pepper_makes_the_hashes_without_one_stale() {
        let hash = hasher(64).hash(password("x"), Priority::Recognized).await.unwrap();
        let peppered = hasher_with(64, peppers("a", &[]));
        assert_eq!(verify(&peppered, "x", &hash).await, Verification::RightButStale);
        let renewed = peppered.hash(password("x"), Priority::Recognized).await.unwrap();
        assert_eq!(verify(&peppered, "x", &renewed).await, Verification::Right);
    }

    #[test]
    fn no_pepper_is_shown() {
        assert!(!format!("{:?}", peppers("hunter22", &["hunter33"])).contains("hunter"));
    }
}
