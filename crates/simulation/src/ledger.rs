//! Facts from outside the server that explain changes inside: the tokens that clients sent, and the messages
//! that were accepted.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use doorward_domain::{MailId, SessionId};
use time::Duration;

/// The facts: see the [module](self).
#[derive(Debug, Default)]
pub struct Ledger(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    presented: BTreeMap<(SessionId, u32), Presented>,
    successors: BTreeMap<(SessionId, u32), u32>,
    in_two_hands: BTreeSet<SessionId>,
    given_up: BTreeSet<SessionId>,
    claimed: BTreeMap<MailId, u64>,
    delivered: BTreeMap<MailId, u64>,
    refused: BTreeSet<MailId>,
    used: BTreeMap<String, u32>,
}

/// How a refresh token was sent.
#[derive(Debug, Clone, Copy, Default)]
struct Presented {
    times: u32,
    /// The clock's progress when it was first sent.
    first: Duration,
    /// Whether a client stopped waiting for the response.
    abandoned: bool,
}

impl Ledger {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records that a refresh token is sent.
    pub fn presents(&self, session: SessionId, generation: u32, forward: Duration) {
        let mut entries = self.entries();
        let presented = entries.presented.entry((session, generation));
        presented.or_insert(Presented { first: forward, ..Presented::default() }).times += 1;
    }

    /// Records that the sender of a refresh token stops waiting while the server may still process the
    /// request.
    pub fn abandons(&self, session: SessionId, generation: u32) {
        if let Some(presented) = self.entries().presented.get_mut(&(session, generation)) {
            presented.abandoned = true;
        }
    }

    /// Records that an attacker has a copy of a session's tokens.
    pub fn is_possibly_stolen(&self, session: SessionId) {
        self.entries().in_two_hands.insert(session);
    }

    /// Records that the user of a session requests its end.
    pub fn gives_up(&self, session: SessionId) {
        self.entries().given_up.insert(session);
    }

    /// Returns `true` if the user of a session requested its end.
    pub fn is_given_up(&self, session: SessionId) -> bool {
        self.entries().given_up.contains(&session)
    }

    /// Records the successor of a refresh token. Returns the successor recorded before, if any.
    pub fn succeeds(&self, session: SessionId, generation: u32, successor: u32) -> Option<u32> {
        self.entries().successors.insert((session, generation), successor)
    }

    /// Returns `true` if a session with this generation may be treated as stolen: an attacker has a copy of
    /// its tokens, an old token was sent again after the reuse interval, or a request whose client stopped
    /// waiting arrives after two others.
    pub fn looks_stolen(
        &self,
        session: SessionId,
        generation: u32,
        forward: Duration,
        grace: Duration,
    ) -> bool {
        let entries = self.entries();
        let of_session = entries.presented.range((session, 0)..(session, generation));
        entries.in_two_hands.contains(&session)
            || of_session.into_iter().any(|((_, old), presented)| {
                let late = presented.times > 1 && forward - presented.first > grace;
                late || (presented.abandoned
                    && (old + 1 < generation || forward - presented.first > grace))
            })
    }

    /// Records that a worker leases a message after `faults` faults. Only the first time counts.
    pub fn claims(&self, mail: MailId, faults: u64) {
        self.entries().claimed.entry(mail).or_insert(faults);
    }

    /// Records that a message was accepted after `faults` faults. Returns `true` if there were enough faults
    /// to explain each repeated delivery.
    pub fn delivers(&self, mail: MailId, faults: u64) -> bool {
        let mut entries = self.entries();
        let since_claim = faults - entries.claimed.get(&mail).copied().unwrap_or(faults);
        let times = entries.delivered.entry(mail).or_default();
        *times += 1;
        *times - 1 <= since_claim
    }

    /// Returns `true` if a message was accepted.
    pub fn is_delivered(&self, mail: MailId) -> bool {
        self.entries().delivered.contains_key(&mail)
    }

    /// Returns the number of times that messages were accepted.
    pub fn deliveries(&self) -> u64 {
        self.entries().delivered.values().sum()
    }

    /// Returns the number of times that messages were accepted again.
    pub fn duplicates(&self) -> u64 {
        self.entries().delivered.values().map(|times| times - 1).sum()
    }

    /// Records that a message was permanently rejected.
    pub fn refuses(&self, mail: MailId) {
        self.entries().refused.insert(mail);
    }

    /// Returns `true` if a message was permanently rejected.
    pub fn is_refused(&self, mail: MailId) -> bool {
        self.entries().refused.contains(&mail)
    }

    /// Records that a single-use token succeeded. Returns how often it has succeeded so far.
    pub fn uses(&self, token: &str) -> u32 {
        let mut entries = self.entries();
        let times = entries.used.entry(token.to_owned()).or_default();
        *times += 1;
        *times
    }
}
