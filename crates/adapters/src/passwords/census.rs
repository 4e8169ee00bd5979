use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use aws_lc_rs::hmac;
use doorward_domain::password::PasswordHash;

use super::forms::{self, Scheme, StoredHash};
use crate::secret::Secrets;

/// How the passwords of the accounts are stored, by a sample: what an account that does not exist is
/// made to look like.
///
/// A sign-in takes as long as the form and the cost of the stored hash. So each unknown name is given one
/// of those that are in use, as often as they are: by the clock, names that nobody has look like
/// names that somebody has. A name keeps its own, or asking twice would tell.
pub(super) struct Census {
    key: hmac::Key,
    current: Scheme,
    counts: RwLock<Arc<Counts>>,
}

#[derive(Default)]
struct Counts {
    /// A stand-in for each form and cost, and how many of the sample are like it.
    by_stand_in: BTreeMap<String, u64>,
    total: u64,
}

impl Census {
    /// Without a sample, every account is taken to be stored by the current scheme.
    pub(super) fn new(secrets: &Secrets, scheme: &Scheme) -> Self {
        let key = secrets.current.derive::<32>("doorward stand-ins");
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, &key),
            current: scheme.clone(),
            counts: RwLock::default(),
        }
    }

    /// Counts a sample, in the place of the one before.
    pub(super) fn take<'a>(&self, sample: impl IntoIterator<Item = &'a PasswordHash>) {
        let mut counts = Counts::default();
        for hash in sample.into_iter().filter_map(|hash| forms::parse(hash).ok()) {
            *counts.by_stand_in.entry(hash.stand_in()).or_default() += 1;
            counts.total += 1;
        }
        *self.counts.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(counts);
    }

    /// What to compare with in the place of the account that this name has not.
    pub(super) fn stand_in(&self, name: &str) -> Box<dyn StoredHash> {
        let counts = self.counts.read().unwrap_or_else(PoisonError::into_inner).clone();
        let chosen = counts.choose(self.place(name)).map(|text| PasswordHash::new(text.to_owned()));
        let chosen = chosen.and_then(|stand_in| forms::parse(&stand_in).ok());
        chosen.unwrap_or_else(|| Box::new(self.current.stand_in()))
    }

    /// A number that nobody can foretell, and always the same for a name.
    fn place(&self, name: &str) -> u64 {
        let tag = hmac::sign(&self.key, name.as_bytes());
        tag.as_ref().first_chunk().map_or(0, |octets| u64::from_be_bytes(*octets))
    }
}

impl Counts {
    /// The stand-in at this place, from 0 to the greatest number there is, where each has as much room as it is
    /// frequent.
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
    use crate::secret::MasterSecret;

    const BCRYPT: &str = "$2b$04$VaS092qg94cLuKhhqxgaTea66Jq.zBxIQutjeHLizBS8NfjpUZiZW";
    const ARGON2: &str =
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    fn census() -> Census {
        let current = MasterSecret::new(&"s".repeat(32)).unwrap();
        Census::new(&Secrets { current, previous: vec![] }, &Scheme::new(64, 1, None).unwrap())
    }

    fn hashes(of: &[(&str, usize)]) -> Vec<PasswordHash> {
        let each = of.iter().flat_map(|(hash, count)| vec![*hash; *count]);
        each.map(|hash| PasswordHash::new(hash.to_owned())).collect()
    }

    fn names() -> impl Iterator<Item = String> {
        (0..1000).map(|number| format!("nobody{number}"))
    }

    #[test]
    fn unknown_names_look_like_accounts_in_the_proportion_of_the_sample() {
        let census = census();
        census.take(&hashes(&[(BCRYPT, 30), (ARGON2, 10), ("no hash", 5)]));
        let looks: Vec<String> = names().map(|name| census.stand_in(&name).stand_in()).collect();
        let like_bcrypt = looks.iter().filter(|look| look.starts_with("$2b$04$")).count();
        assert!((700..800).contains(&like_bcrypt), "{like_bcrypt} of 1000");
        assert!(looks.iter().all(|look| look.starts_with("$2b$04$") || look.contains("m=256,t=2")));
    }

    #[test]
    fn a_name_always_looks_the_same() {
        let (here, elsewhere) = (census(), census());
        for census in [&here, &elsewhere] {
            census.take(&hashes(&[(BCRYPT, 1), (ARGON2, 1)]));
        }
        for name in names() {
            assert_eq!(here.stand_in(&name).stand_in(), elsewhere.stand_in(&name).stand_in());
        }
    }

    #[test]
    fn without_a_sample_all_look_like_new_accounts() {
        let census = census();
        for sample in [vec![], hashes(&[("no hash", 3)])] {
            census.take(&sample);
            assert!(census.stand_in("ann").stand_in().contains("m=64,t=1"));
        }
    }
}
