//! The keys that sign access tokens, as storage keeps them, and when each of them does what.

use time::{Duration, OffsetDateTime};

/// A signing key at rest: its private half is sealed under the master secret, so that a stolen
/// database signs nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// The key's id: its JWK thumbprint (RFC 7638).
    pub kid: String,
    /// The JWS algorithm it is for, such as `EdDSA`.
    pub algorithm: String,
    /// The public half: for Ed25519 the 32 octets of RFC 8032, for P-256 the uncompressed point of
    /// SEC 1, section 2.3.3.
    pub public_key: Vec<u8>,
    /// The private half, sealed.
    pub sealed_private_key: Vec<u8>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// From when it signs. It is published before.
    pub activates_at: OffsetDateTime,
    /// Until when it is published, once another signs.
    pub expires_at: Option<OffsetDateTime>,
}

/// What a key does at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It is published, so that verifiers know it before it signs.
    Next,
    /// It signs.
    Active,
    /// It signs no more, and is published until the last token that it signed has expired.
    Retired,
    /// It is no good any more.
    Gone,
}

/// When keys follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeySchedule {
    /// How long a key signs before the next one does; `None` for as long as nobody rotates.
    pub rotate_every: Option<Duration>,
    /// How long a key is published before it signs: longer than anybody keeps the key set.
    pub publish_before: Duration,
}

impl Default for KeySchedule {
    fn default() -> Self {
        Self { rotate_every: Some(Duration::days(90)), publish_before: Duration::DAY }
    }
}

impl SigningKey {
    /// Whether tokens that it signed may still be good.
    pub fn is_published(&self, now: OffsetDateTime) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

impl KeyState {
    /// What each of the keys does, which are in the order that they were made in.
    pub fn of(keys: &[SigningKey], now: OffsetDateTime) -> impl Iterator<Item = Self> {
        let active = active(keys, now).map(|key| &key.kid);
        keys.iter().map(move |key| match key {
            _ if !key.is_published(now) => Self::Gone,
            _ if Some(&key.kid) == active => Self::Active,
            _ if now < key.activates_at => Self::Next,
            _ => Self::Retired,
        })
    }

    /// The state's name, for people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Active => "active",
            Self::Retired => "retired",
            Self::Gone => "gone",
        }
    }
}

impl KeySchedule {
    /// Whether the next key should be made by now, so that it is published in time.
    pub fn is_due(&self, keys: &[SigningKey], now: OffsetDateTime) -> bool {
        let (Some(every), Some(newest)) = (self.rotate_every, keys.last()) else { return false };
        now >= newest.activates_at + every - self.publish_before
    }

    /// When the next key is to sign: what is in the past is overdue.
    pub fn next_signs_at(
        &self,
        keys: &[SigningKey],
        now: OffsetDateTime,
    ) -> Option<OffsetDateTime> {
        let newest = keys.last()?;
        if now < newest.activates_at {
            return Some(newest.activates_at);
        }
        self.rotate_every.map(|every| newest.activates_at + every)
    }
}

/// The key that signs: of those whose time has come, the one made last. A clock that is behind the
/// one of whoever made the first key finds that.
pub fn active(keys: &[SigningKey], now: OffsetDateTime) -> Option<&SigningKey> {
    let good = || keys.iter().filter(|key| key.is_published(now));
    good().rev().find(|key| key.activates_at <= now).or_else(|| good().next())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-01-01 12:00 UTC);

    /// A key that signs from so many hours on, and is published until so many, if until any.
    fn key(kid: &str, activates: i64, expires: Option<i64>) -> SigningKey {
        SigningKey {
            kid: kid.to_owned(),
            algorithm: "EdDSA".to_owned(),
            public_key: Vec::new(),
            sealed_private_key: Vec::new(),
            created_at: NOW - Duration::days(9),
            activates_at: NOW + Duration::hours(activates),
            expires_at: expires.map(|hours| NOW + Duration::hours(hours)),
        }
    }

    #[test]
    fn the_next_key_signs_when_it_says_so_or_when_the_last_one_has_signed_for_long_enough() {
        let schedule =
            KeySchedule { rotate_every: Some(Duration::hours(9)), ..KeySchedule::default() };
        let never = KeySchedule { rotate_every: None, ..schedule };
        let hours = |schedule: KeySchedule, keys: &[SigningKey]| {
            schedule.next_signs_at(keys, NOW).map(|at| (at - NOW).whole_hours())
        };
        assert_eq!(hours(schedule, &[key("a", -2, None)]), Some(7));
        assert_eq!(hours(schedule, &[key("a", -12, None)]), Some(-3), "it is overdue");
        assert_eq!(hours(schedule, &[key("a", -9, None), key("b", 1, None)]), Some(1));
        assert_eq!(hours(never, &[key("a", -9, None)]), None);
        assert_eq!(hours(never, &[key("a", -9, None), key("b", 1, None)]), Some(1), "by hand");
        assert_eq!(hours(schedule, &[]), None);
    }

    #[test]
    fn keys_go_from_next_to_active_to_retired_to_gone() {
        let keys = [
            key("a", -50, Some(-9)),
            key("b", -20, Some(1)),
            key("c", -10, None),
            key("d", 10, None),
        ];
        let states = |hours| {
            KeyState::of(&keys, NOW + Duration::hours(hours))
                .map(KeyState::as_str)
                .collect::<Vec<_>>()
        };
        assert_eq!(states(0), ["gone", "retired", "active", "next"]);
        assert_eq!(states(2), ["gone", "gone", "active", "next"]);
        assert_eq!(states(10), ["gone", "gone", "retired", "active"]);
    }

    #[test]
    fn a_slow_clock_signs_with_the_first_key() {
        let keys = [key("a", 1, None), key("b", 9, None)];
        assert_eq!(active(&keys, NOW).unwrap().kid, "a");
        assert_eq!(active(&[], NOW), None);
    }

    #[test]
    fn a_key_that_was_taken_back_signs_nothing() {
        let keys = [key("a", -9, None), key("b", -1, Some(0))];
        assert_eq!(active(&keys, NOW).unwrap().kid, "a");
    }

    #[test]
    fn the_next_key_is_due_early_enough_to_be_published() {
        let schedule = KeySchedule::default();
        let keys = [key("a", 0, None)];
        assert!(!schedule.is_due(&keys, NOW + Duration::days(88)));
        assert!(schedule.is_due(&keys, NOW + Duration::days(89)));
        assert!(!schedule.is_due(&[], NOW));
        let never = KeySchedule { rotate_every: None, ..schedule };
        assert!(!never.is_due(&keys, NOW + Duration::days(999)));
    }
}
