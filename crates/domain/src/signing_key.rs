//! The stored keys that sign access tokens, and their schedule.

use time::{Duration, OffsetDateTime};

/// A stored signing key. Its private key is encrypted with the master key, so a leaked database can't be
/// used to sign tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// The ID of the key: its JWK thumbprint (RFC 7638).
    pub kid: String,
    /// The JWS algorithm, such as `EdDSA` (RFC 8037).
    pub algorithm: String,
    /// The public key: for Ed25519 the 32 bytes of RFC 8032, for P-256 the uncompressed point of SEC 1,
    /// section 2.3.3.
    pub public_key: Vec<u8>,
    /// The encrypted private key.
    pub encrypted_private_key: Vec<u8>,
    /// When it was created.
    pub created_at: OffsetDateTime,
    /// When it starts to sign. It is published before that.
    pub activates_at: OffsetDateTime,
    /// When it stops being published, once another key signs.
    pub expires_at: Option<OffsetDateTime>,
}

/// The state of a key at a given time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It is published, so that verifiers know it before it signs.
    Next,
    /// It signs.
    Active,
    /// It no longer signs, and is published until the last token that it signed has expired.
    Retired,
    /// It has expired and is no longer published.
    Expired,
}

/// When keys are rotated.
///
/// By default, a key signs for 90 days and is published one day earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeySchedule {
    /// How long a key signs before the next one does; `None` to rotate only manually.
    pub rotate_every: Option<Duration>,
    /// How long a key is published before it signs. It has to be longer than any client caches the key set.
    pub publish_before: Duration,
}

impl Default for KeySchedule {
    fn default() -> Self {
        Self { rotate_every: Some(Duration::days(90)), publish_before: Duration::DAY }
    }
}

impl SigningKey {
    /// Returns `true` if tokens that the key signed may still be valid at `now`.
    pub fn is_published(&self, now: OffsetDateTime) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

impl KeyState {
    /// Returns the state of each key. `keys` are in the order of creation.
    pub fn of(keys: &[SigningKey], now: OffsetDateTime) -> impl Iterator<Item = Self> {
        let active = active(keys, now).map(|key| &key.kid);
        keys.iter().map(move |key| match key {
            _ if !key.is_published(now) => Self::Expired,
            _ if Some(&key.kid) == active => Self::Active,
            _ if now < key.activates_at => Self::Next,
            _ => Self::Retired,
        })
    }

    /// Returns the name of the state for display.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Active => "active",
            Self::Retired => "retired",
            Self::Expired => "gone",
        }
    }
}

impl KeySchedule {
    /// Returns `true` if the next key should be created now, so that it is published early enough.
    ///
    /// ```
    /// use doorward_domain::signing_key::{KeySchedule, SigningKey};
    /// use time::{Duration, OffsetDateTime};
    ///
    /// let now = OffsetDateTime::UNIX_EPOCH;
    /// let keys = [SigningKey {
    ///     activates_at: now,
    ///     expires_at: None,
    ///     // ...
    /// #     kid: "a".to_owned(),
    /// #     algorithm: "EdDSA".to_owned(),
    /// #     public_key: Vec::new(),
    /// #     encrypted_private_key: Vec::new(),
    /// #     created_at: now,
    /// }];
    /// let schedule = KeySchedule::default();
    /// assert!(!schedule.is_due(&keys, now + Duration::days(88)));
    /// assert!(schedule.is_due(&keys, now + Duration::days(89)));
    /// ```
    pub fn is_due(&self, keys: &[SigningKey], now: OffsetDateTime) -> bool {
        let (Some(every), Some(newest)) = (self.rotate_every, keys.last()) else { return false };
        now >= newest.activates_at + every - self.publish_before
    }

    /// Returns when the next key starts to sign, or `None` if no rotation is scheduled. A time in the past
    /// means that the rotation is overdue.
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

/// Returns the key that signs at `now`: of the keys whose time has come, the one created last. If a clock is
/// behind that of the replica that created the first key, no key's time has come, and the first one signs.
pub fn active(keys: &[SigningKey], now: OffsetDateTime) -> Option<&SigningKey> {
    let good = || keys.iter().filter(|key| key.is_published(now));
    good().rev().find(|key| key.activates_at <= now).or_else(|| good().next())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-01-01 12:00 UTC);

    /// Returns a key that signs from `activates` hours on, and is published until `expires` hours, if given.
    fn key(kid: &str, activates: i64, expires: Option<i64>) -> SigningKey {
        SigningKey {
            kid: kid.to_owned(),
            algorithm: "EdDSA".to_owned(),
            public_key: Vec::new(),
            encrypted_private_key: Vec::new(),
            created_at: NOW - Duration::days(9),
            activates_at: NOW + Duration::hours(activates),
            expires_at: expires.map(|hours| NOW + Duration::hours(hours)),
        }
    }

    #[test]
    fn next_key_signs_at_its_activation_or_after_the_rotation_period() {
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
    fn keys_go_from_next_to_active_to_retired_to_expired() {
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
    fn slow_clock_signs_with_the_first_key() {
        let keys = [key("a", 1, None), key("b", 9, None)];
        assert_eq!(active(&keys, NOW).unwrap().kid, "a");
        assert_eq!(active(&[], NOW), None);
    }

    #[test]
    fn expired_key_does_not_sign() {
        let keys = [key("a", -9, None), key("b", -1, Some(0))];
        assert_eq!(active(&keys, NOW).unwrap().kid, "a");
    }

    #[test]
    fn next_key_is_due_early_enough_to_be_published() {
        let schedule = KeySchedule::default();
        let keys = [key("a", 0, None)];
        assert!(!schedule.is_due(&keys, NOW + Duration::days(88)));
        assert!(schedule.is_due(&keys, NOW + Duration::days(89)));
        assert!(!schedule.is_due(&[], NOW));
        let never = KeySchedule { rotate_every: None, ..schedule };
        assert!(!never.is_due(&keys, NOW + Duration::days(999)));
    }
}
