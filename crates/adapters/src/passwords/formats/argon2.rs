//! argon2id (RFC 9106), used for new hashes, and its variants argon2i and argon2d, in the PHC string format.
//! Django's `argon2$…` is supported as well.

use argon2::{
    Algorithm, Argon2, KeyId, Params, ParamsBuilder, Version,
    password_hash::phc::{self, Output, ParamsString, Salt},
};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use doorward_domain::credential::password::PasswordHash;

use super::{BadHash, MAX_MEMORY, StoredHash, Work, boxed};
use crate::passwords::pepper::{Pepper, PepperId, Peppers};

const FORM: &str = "argon2";
const OUTPUT_LENGTH: usize = 32;
const MAX_LANES: u32 = 16;

/// The length of a new salt in bytes.
pub(crate) const SALT_LENGTH: usize = 16;

fn failed(error: argon2::Error) -> BadHash {
    BadHash::malformed(FORM, error)
}

/// The scheme of new hashes: argon2id, version 1.3, one lane, and the current pepper if there is one.
#[derive(Debug, Clone)]
pub(crate) struct Scheme {
    params: Params,
}

impl Scheme {
    /// # Errors
    /// argon2 doesn't accept these parameters.
    pub(crate) fn new(
        memory_kib: u32,
        passes: u32,
        pepper: Option<&Pepper>,
    ) -> argon2::Result<Self> {
        let mut builder = ParamsBuilder::new();
        builder.m_cost(memory_kib).t_cost(passes).p_cost(1).output_len(OUTPUT_LENGTH);
        if let Some(pepper) = pepper {
            builder.keyid(KeyId::new(&pepper.id())?);
        }
        Ok(Self { params: builder.build()? })
    }

    /// Hashes a password.
    pub(crate) fn hash(
        &self,
        password: &[u8],
        salt: &[u8; SALT_LENGTH],
        work: &mut Work<'_>,
    ) -> Result<PasswordHash, BadHash> {
        let mut hash = self.with(salt.to_vec(), vec![0; OUTPUT_LENGTH]);
        hash.output = hash.compute(password, work)?;
        hash.encode().map(PasswordHash::new)
    }

    /// Returns a hash of this scheme that no password matches.
    pub(crate) fn stand_in(&self) -> Argon2Form {
        self.with(vec![0; SALT_LENGTH], vec![0; OUTPUT_LENGTH])
    }

    /// Returns the number of memory blocks that a hash uses.
    pub(crate) fn blocks(&self) -> usize {
        self.params.block_count()
    }

    fn with(&self, salt: Vec<u8>, output: Vec<u8>) -> Argon2Form {
        let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
        Argon2Form { algorithm, version, params: self.params.clone(), salt, output }
    }
}

/// An argon2 hash.
#[derive(Debug)]
pub(crate) struct Argon2Form {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Vec<u8>,
    output: Vec<u8>,
}

pub(super) fn parse(text: &str) -> Option<Result<Box<dyn StoredHash>, BadHash>> {
    let text =
        text.strip_prefix("argon2").filter(|rest| rest.starts_with("$argon2")).unwrap_or(text);
    text.starts_with("$argon2").then(|| read(text)).and_then(boxed)
}

fn read(text: &str) -> Result<Argon2Form, BadHash> {
    let malformed = |error: &dyn ToString| BadHash::malformed(FORM, error.to_string());
    let parsed =
        phc::PasswordHash::new(&in_canonical_form(text)).map_err(|error| malformed(&error))?;
    let algorithm = Algorithm::new(parsed.algorithm.as_str()).map_err(|error| malformed(&error))?;
    let version = match parsed.version {
        Some(version) => Version::try_from(version).map_err(failed)?,
        None => Version::V0x10,
    };
    let params = Params::try_from(&parsed).map_err(|error| malformed(&error))?;
    let memory = u64::from(params.m_cost()) * 1024;
    let traffic = memory.saturating_mul(params.t_cost().into());
    if traffic > MAX_MEMORY || params.p_cost() > MAX_LANES {
        return Err(BadHash::TooCostly(FORM));
    }
    let (Some(salt), Some(output)) = (parsed.salt, parsed.hash) else {
        return Err(malformed(&"the salt or the output is missing"));
    };
    let (salt, output) =
        (salt.to_vec(), super::encoding::output(FORM, output.as_bytes().to_vec())?);
    Ok(Argon2Form { algorithm, version, params, salt, output })
}

/// Converts the parameters to the order of the specification, and Base64 to the form without padding, since some
/// systems write them differently.
fn in_canonical_form(text: &str) -> String {
    let parts = text.split('$').map(|part| {
        if part.starts_with("v=") || !part.contains(['=', ',']) {
            return part.to_owned();
        }
        let unpadded = part.trim_end_matches('=');
        if !unpadded.contains('=') {
            return unpadded.to_owned();
        }
        let mut params: Vec<&str> = part.split(',').collect();
        let place = |param: &&str| {
            ["m=", "t=", "p="].iter().position(|name| param.starts_with(name)).unwrap_or(3)
        };
        params.sort_by_key(place);
        params.join(",")
    });
    parts.collect::<Vec<_>>().join("$")
}

impl Argon2Form {
    fn compute(&self, password: &[u8], work: &mut Work<'_>) -> Result<Vec<u8>, BadHash> {
        let (algorithm, version, params) = (self.algorithm, self.version, self.params.clone());
        let scheme = match self.pepper(work.peppers)? {
            Some(pepper) => Argon2::new_with_secret(pepper.expose(), algorithm, version, params)
                .map_err(failed)?,
            None => Argon2::new(algorithm, version, params),
        };
        let mut output = vec![0; self.output.len()];
        work.memory
            .lend(self.params.block_count(), |blocks| {
                scheme.hash_password_into_with_memory(password, &self.salt, &mut output, blocks)
            })
            .map_err(failed)?;
        Ok(output)
    }

    /// Returns the pepper that the hash refers to.
    fn pepper<'a>(&self, peppers: &'a Peppers) -> Result<Option<&'a Pepper>, BadHash> {
        match self.params.keyid() {
            [] => Ok(None),
            id => {
                let id = PepperId::try_from(id).map_err(|_| BadHash::UnknownPepper)?;
                peppers.find(id).map(Some).ok_or(BadHash::UnknownPepper)
            }
        }
    }

    fn encode(&self) -> Result<String, BadHash> {
        let malformed = |error: &dyn ToString| BadHash::malformed(FORM, error.to_string());
        let hash = phc::PasswordHash {
            algorithm: self.algorithm.ident(),
            version: Some(self.version.into()),
            params: ParamsString::try_from(&self.params).map_err(|error| malformed(&error))?,
            salt: Some(Salt::new(&self.salt).map_err(|error| malformed(&error))?),
            hash: Some(Output::new(&self.output).map_err(|error| malformed(&error))?),
        };
        Ok(hash.to_string())
    }
}

impl StoredHash for Argon2Form {
    fn fits(&self, password: &[u8], work: &mut Work<'_>) -> Result<bool, BadHash> {
        let output = self.compute(password, work)?;
        Ok(verify_slices_are_equal(&output, &self.output).is_ok())
    }

    fn stand_in(&self) -> String {
        let blank = Self {
            algorithm: self.algorithm,
            version: self.version,
            params: self.params.clone(),
            salt: vec![0; self.salt.len()],
            output: vec![0; self.output.len()],
        };
        blank.encode().unwrap_or_default()
    }

    fn check(&self, peppers: &Peppers) -> Result<(), BadHash> {
        self.pepper(peppers).map(|_| ())
    }

    fn is_of(&self, scheme: &Scheme) -> bool {
        let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        self.algorithm == Algorithm::Argon2id
            && self.version == Version::V0x13
            && cost(&self.params) == cost(&scheme.params)
            && self.params.keyid() == scheme.params.keyid()
            && self.params.data().is_empty()
            && (self.salt.len(), self.output.len()) == (SALT_LENGTH, OUTPUT_LENGTH)
    }
}
