use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use aws_lc_rs::hmac;
use doorward_domain::credential::password::PasswordHash;

use super::formats::{self, Scheme, StoredHash};
use crate::secret::Secrets;

/// The formats and costs of stored password hashes, from a sample of accounts. Sign-ins to unknown accounts
/// imitate them.
///
/// The duration of a sign-in depends on the format and the cost of the stored hash. Each unknown name is therefore
/// assigned one of those in use, in proportion to their frequency, so timing doesn't distinguish unknown names
/// from existing accounts. A name always gets the same one, since otherwise repeated attempts would reveal that it
/// is unknown.
pub(super) struct DecoySelector {
    key: hmac::Key,
    current: Scheme,
    counts: RwLock<Arc<Counts>>,
}

#[derive(Default)]
struct Counts {
    /// A decoy hash for each format and cost, and how many hashes of the sample it represents.
    by_stand_in: BTreeMap<String, u64>,
    total: u64,
}

impl DecoySelector {
    /// Creates a census without a sample: every account is assumed to be stored by the current scheme.
    pub(super) fn new(secrets: &Secrets, scheme: &Scheme) -> Self {
        let key = secrets.current.derive::<32>("doorward stand-ins");
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, &key),
            current: scheme.clone(),
            counts: RwLock::default(),
        }
    }

    /// Replaces the sample.
    pub(super) fn take<'a>(&self, sample: impl IntoIterator<Item = &'a PasswordHash>) {
        let mut counts = Counts::default();
        for hash in sample.into_iter().filter_map(|hash| formats::parse(hash).ok()) {
            *counts.by_stand_in.entry(hash.stand_in()).or_default() += 1;
            counts.total += 1;
        }
        *self.counts.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(counts);
    }

    /// Returns the decoy hash for a name without an account.
    pub(super) fn decoy_for(&self, name: &str) -> Box<dyn StoredHash> {
        let counts = self.counts.read().unwrap_or_else(PoisonError::into_inner).clone();
        let chosen = counts.choose(self.place(name)).map(|text| PasswordHash::new(text.to_owned()));
        let chosen = chosen.and_then(|stand_in| formats::parse(&stand_in).ok());
        chosen.unwrap_or_else(|| Box::new(self.current.stand_in()))
    }

    /// Returns a number that is unpredictable, and always the same for a name.
    fn place(&self, name: &str) -> u64 {
        let tag = hmac::sign(&self.key, name.as_bytes());
        tag.as_ref().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
    }
}

impl Counts {
    /// Returns the decoy hash at this position among all `u64` values, where each has a share in proportion to its
    /// frequency.
    fn choose(&self, place: u64) -> Option<&str> {
        let mut rest = u64::try_from((u128::from(place) * u128::from(self.total)) >> 64).ok()?;
        self.by_stand_in.iter().find_map(|(stand_in, count)| {
            let is_here = rest < *count;
            rest = rest.saturating_sub(*count);
            is_here.then_some(stand_in.as_str())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::MasterKey;

    const BCRYPT: &str = "$2b$04$VaS092qg94cLuKhhqxgaTea66Jq.zBxIQutjeHLizBS8NfjpUZiZW";
    const ARGON2: &str =
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    fn census() -> DecoySelector {
        let current = MasterKey::new(&"s".repeat(32)).unwrap();
        DecoySelector::new(
            &Secrets { current, previous: vec![] },
            &Scheme::new(64, 1, None).unwrap(),
        )
    }

    fn hashes(of: &[(&str, usize)]) -> Vec<PasswordHash> {
        let each = of.iter().flat_map(|(hash, count)| vec![*hash; *count]);
        each.map(|hash| PasswordHash::new(hash.to_owned())).collect()
    }

    fn names() -> impl Iterator<Item = String> {
        (0..1000).map(|number| format!("unknown{number}"))
    }

    #[test]
    fn decoys_of_unknown_names_follow_the_proportions_of_the_sample() {
        let census = census();
        census.take(&hashes(&[(BCRYPT, 30), (ARGON2, 10), ("no hash", 5)]));
        let looks: Vec<String> = names().map(|name| census.decoy_for(&name).stand_in()).collect();
        let like_bcrypt = looks.iter().filter(|look| look.starts_with("$2b$04$")).count();
        assert!((700..800).contains(&like_bcrypt), "{like_bcrypt} of 1000");
        assert!(looks.iter().all(|look| look.starts_with("$2b$04$") || look.contains("m=256,t=2")));
    }

    #[test]
    fn name_always_gets_the_same_decoy() {
        let (here, elsewhere) = (census(), census());
        for census in [&here, &elsewhere] {
            census.take(&hashes(&[(BCRYPT, 1), (ARGON2, 1)]));
        }
        for name in names() {
            assert_eq!(here.decoy_for(&name).stand_in(), elsewhere.decoy_for(&name).stand_in());
        }
    }

    #[test]
    fn without_a_sample_all_decoys_use_the_current_scheme() {
        let census = census();
        for sample in [vec![], hashes(&[("no hash", 3)])] {
            census.take(&sample);
            assert!(census.decoy_for("ann").stand_in().contains("m=64,t=1"));
        }
    }
}
