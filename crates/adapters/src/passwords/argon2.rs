use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::phc::{self, Output, ParamsString, Salt},
};
use async_trait::async_trait;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use doorward_domain::{
    password::{Password, PasswordHash},
    ports::{HashError, PasswordHasher, Randomness, Verification},
};

use super::pool::{HashPool, Memory, QueueFull};

const SALT_LENGTH: usize = 16;
const OUTPUT_LENGTH: usize = 32;

/// Stored hashes that would cost more memory than this are not computed: 1 GiB, in KiB.
const MAX_STORED_MEMORY: u32 = 1024 * 1024;
const MAX_STORED_PASSES: u32 = 64;
const MAX_STORED_LANES: u32 = 16;

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

    /// The parameters as argon2 takes them. One lane: the threads have enough to do with one hash each.
    ///
    /// # Errors
    /// argon2 does not take them.
    pub fn params(&self) -> argon2::Result<Params> {
        Params::new(self.memory_kib, self.passes, 1, Some(OUTPUT_LENGTH))
    }
}

/// The hasher can't work so.
#[derive(Debug, thiserror::Error)]
pub enum InvalidHashingOptions {
    /// argon2 does not take these parameters.
    #[error("argon2 does not take these parameters: {0}")]
    Parameters(argon2::Error),
    /// No threads.
    #[error("the hashing threads could not be started")]
    Threads(#[from] std::io::Error),
}

/// argon2id (RFC 9106) on threads of its own.
pub struct Argon2Hasher {
    params: Params,
    pool: HashPool,
    randomness: Arc<dyn Randomness>,
}

#[derive(Debug, thiserror::Error)]
enum BadHash {
    #[error("the stored hash is not one of argon2")]
    Algorithm,
    #[error("the stored hash would cost too much")]
    TooCostly,
    #[error("the stored hash can't be read: {0}")]
    Format(String),
    #[error("argon2 failed: {0}")]
    Argon2(argon2::Error),
}

impl From<argon2::Error> for BadHash {
    fn from(error: argon2::Error) -> Self {
        Self::Argon2(error)
    }
}

impl Argon2Hasher {
    /// Starts the threads.
    ///
    /// # Errors
    /// See [`InvalidHashingOptions`].
    pub fn start(
        options: &HashingOptions,
        randomness: Arc<dyn Randomness>,
    ) -> Result<Self, InvalidHashingOptions> {
        let params = options.params().map_err(InvalidHashingOptions::Parameters)?;
        let pool =
            HashPool::start(options.threads.max(1), options.queue, options.wait, options.nice)?;
        Ok(Self { params, pool, randomness })
    }

    fn salt(&self) -> [u8; SALT_LENGTH] {
        let mut salt = [0; SALT_LENGTH];
        self.randomness.fill(&mut salt);
        salt
    }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    fn is_full(&self) -> bool {
        self.pool.is_full()
    }

    async fn hash(&self, password: Password) -> Result<PasswordHash, HashError> {
        let (params, salt) = (self.params.clone(), self.salt());
        let hashed = self.pool.run(move |memory| {
            let scheme = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let output = compute(&scheme, &password, &salt, OUTPUT_LENGTH, memory)?;
            encode(&scheme, &salt, &output)
        });
        outcome(hashed.await)
    }

    async fn verify(
        &self,
        password: Password,
        against: Option<PasswordHash>,
    ) -> Result<Verification, HashError> {
        let current = self.params.clone();
        let verified = self.pool.run(move |memory| match against {
            Some(stored) => verify(&current, &password, &stored, memory),
            None => {
                let scheme = Argon2::new(Algorithm::Argon2id, Version::V0x13, current);
                compute(&scheme, &password, &[0; SALT_LENGTH], OUTPUT_LENGTH, memory)?;
                Ok(Verification::Wrong)
            }
        });
        outcome(verified.await)
    }
}

fn outcome<T>(result: Result<Result<T, BadHash>, QueueFull>) -> Result<T, HashError> {
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(HashError::Failed(Box::new(error))),
        Err(QueueFull) => Err(HashError::Busy),
    }
}

fn compute(
    scheme: &Argon2<'_>,
    password: &Password,
    salt: &[u8],
    length: usize,
    memory: &mut Memory,
) -> Result<Vec<u8>, BadHash> {
    let mut output = vec![0; length];
    let blocks = memory.blocks(scheme.params().block_count());
    scheme.hash_password_into_with_memory(password.expose(), salt, &mut output, blocks)?;
    Ok(output)
}

fn verify(
    current: &Params,
    password: &Password,
    stored: &PasswordHash,
    memory: &mut Memory,
) -> Result<Verification, BadHash> {
    let parsed = phc::PasswordHash::new(stored.expose())
        .map_err(|error| BadHash::Format(error.to_string()))?;
    let algorithm = Algorithm::new(parsed.algorithm.as_str()).map_err(|_| BadHash::Algorithm)?;
    let version = match parsed.version {
        Some(version) => Version::try_from(version)?,
        None => Version::V0x10,
    };
    let params = Params::try_from(&parsed).map_err(|error| BadHash::Format(error.to_string()))?;
    if params.m_cost() > MAX_STORED_MEMORY
        || params.t_cost() > MAX_STORED_PASSES
        || params.p_cost() > MAX_STORED_LANES
    {
        return Err(BadHash::TooCostly);
    }
    let (Some(salt), Some(expected)) = (parsed.salt, parsed.hash) else {
        return Err(BadHash::Format("salt or output is missing".to_owned()));
    };
    let is_current = algorithm == Algorithm::Argon2id
        && version == Version::V0x13
        && (params.m_cost(), params.t_cost(), params.p_cost())
            == (current.m_cost(), current.t_cost(), current.p_cost());
    let scheme = Argon2::new(algorithm, version, params);
    let output = compute(&scheme, password, &salt, expected.len(), memory)?;
    Ok(match verify_slices_are_equal(&output, expected.as_bytes()) {
        Err(_) => Verification::Wrong,
        Ok(()) if is_current => Verification::Right,
        Ok(()) => Verification::RightButStale,
    })
}

fn encode(scheme: &Argon2<'_>, salt: &[u8], output: &[u8]) -> Result<PasswordHash, BadHash> {
    let format = |error: phc::Error| BadHash::Format(error.to_string());
    let hash = phc::PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(scheme.params())
            .map_err(|e| BadHash::Format(e.to_string()))?,
        salt: Some(Salt::new(salt).map_err(format)?),
        hash: Some(Output::new(output).map_err(format)?),
    };
    Ok(PasswordHash::new(hash.to_string()))
}

impl std::fmt::Debug for Argon2Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Argon2Hasher").field("params", &self.params).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::SystemRandomness;

    fn hasher(memory_kib: u32) -> Argon2Hasher {
        let options = HashingOptions {
            memory_kib,
            passes: 1,
            threads: 1,
            queue: 4,
            ..HashingOptions::default()
        };
        Argon2Hasher::start(&options, Arc::new(SystemRandomness)).unwrap()
    }

    fn password(text: &str) -> Password {
        Password::presented(text)
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_and_no_other() {
        let hasher = hasher(64);
        let hash = hasher.hash(password("correct horse")).await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", hash.expose());
        let verify = |text| hasher.verify(password(text), Some(hash.clone()));
        assert_eq!(verify("correct horse").await.unwrap(), Verification::Right);
        assert_eq!(verify("correct horsf").await.unwrap(), Verification::Wrong);
    }

    #[tokio::test]
    async fn two_hashes_of_one_password_differ() {
        let hasher = hasher(64);
        let (a, b) = (hasher.hash(password("x")).await, hasher.hash(password("x")).await);
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
        let old = hasher(64).hash(password("x")).await.unwrap();
        let verification = hasher(128).verify(password("x"), Some(old)).await.unwrap();
        assert_eq!(verification, Verification::RightButStale);
    }

    #[tokio::test]
    async fn without_a_hash_nothing_matches() {
        assert_eq!(hasher(64).verify(password("x"), None).await.unwrap(), Verification::Wrong);
    }

    #[tokio::test]
    async fn a_hash_that_would_eat_the_memory_is_not_computed() {
        let bomb = "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2hzb21laGFzaA";
        let verified = hasher(64).verify(password("x"), Some(PasswordHash::new(bomb.into()))).await;
        assert!(matches!(verified, Err(HashError::Failed(_))));
    }

    #[tokio::test]
    async fn a_hash_of_the_reference_implementation_is_understood() {
        // echo -n "password" | argon2 somesalt -id -t 2 -k 256 -p 1 -e
        let reference =
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        let stored = PasswordHash::new(reference.into());
        let verified = hasher(64).verify(password("password"), Some(stored)).await.unwrap();
        assert_eq!(verified, Verification::RightButStale);
    }
}
