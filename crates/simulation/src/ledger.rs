//! What was done outside that explains what happens inside: who sent which token, and which mails were taken.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use doorward_domain::{MailId, SessionId};
use time::Duration;

/// See the module.
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
    /// How far the clock had gone when it was sent first.
    first: Duration,
    /// Somebody went on without waiting for what becomes of it.
    abandoned: bool,
}

impl Ledger {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A refresh token is sent.
    pub fn presents(&self, session: SessionId, generation: u32, forward: Duration) {
        let mut entries = self.entries();
        let presented = entries.presented.entry((session, generation));
        presented.or_insert(Presented { first: forward, ..Presented::default() }).times += 1;
    }

    /// Somebody who sent a refresh token goes on while the server may still be at it.
    pub fn abandons(&self, session: SessionId, generation: u32) {
        if let Some(presented) = self.entries().presented.get_mut(&(session, generation)) {
            presented.abandoned = true;
        }
    }

    /// Somebody else has a copy of a session's tokens.
    pub fn is_in_two_hands(&self, session: SessionId) {
        self.entries().in_two_hands.insert(session);
    }

    /// Whoever is signed in by a session wants it to end.
    pub fn gives_up(&self, session: SessionId) {
        self.entries().given_up.insert(session);
    }

    /// Whether anybody wanted a session to end.
    pub fn is_given_up(&self, session: SessionId) -> bool {
        self.entries().given_up.contains(&session)
    }

    /// Writes down the successor of a refresh token, and answers the one that it was given before, if any.
    pub fn succeeds(&self, session: SessionId, generation: u32, successor: u32) -> Option<u32> {
        self.entries().successors.insert((session, generation), successor)
    }

    /// Whether a session that has come to this generation may be taken for stolen: it is, or an old token of
    /// it was sent again after the grace, or a request that its client gave up arrives after two others.
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

    /// A worker takes a mail out of the outbox, after so many faults. The first time counts.
    pub fn claims(&self, mail: MailId, faults: u64) {
        self.entries().claimed.entry(mail).or_insert(faults);
    }

    /// A mail has been taken, after so many faults; says whether there were enough of them for all the times
    /// that it was taken again.
    pub fn delivers(&self, mail: MailId, faults: u64) -> bool {
        let mut entries = self.entries();
        let since_claim = faults - entries.claimed.get(&mail).copied().unwrap_or(faults);
        let times = entries.delivered.entry(mail).or_default();
        *times += 1;
        *times - 1 <= since_claim
    }

    /// Whether a mail has been taken.
    pub fn is_delivered(&self, mail: MailId) -> bool {
        self.entries().delivered.contains_key(&mail)
    }

    /// How often mails were taken.
    pub fn deliveries(&self) -> u64 {
        self.entries().delivered.values().sum()
    }

    /// How often mails were taken again that had been taken.
    pub fn duplicates(&self) -> u64 {
        self.entries().delivered.values().map(|times| times - 1).sum()
    }

    /// A mail has been refused for good.
    pub fn refuses(&self, mail: MailId) {
        self.entries().refused.insert(mail);
    }

    /// Whether a mail has been refused for good.
    pub fn is_refused(&self, mail: MailId) -> bool {
        self.entries().refused.contains(&mail)
    }

    /// A single-use token has succeeded; answers how often it has by now.
    pub fn uses(&self, token: &str) -> u32 {
        let mut entries = self.entries();
        let times = entries.used.entry(token.to_owned()).or_default();
        *times += 1;
        *times
    }
}
