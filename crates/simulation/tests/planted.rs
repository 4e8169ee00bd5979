//! Checks that the simulation finds deliberate defects: a checker that can't fail would prove nothing.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails, in its helpers too")]

#[path = "planted/ports.rs"]
mod ports;
#[path = "planted/sessions.rs"]
mod sessions;
#[path = "planted/storage.rs"]
mod storage;
#[path = "planted/tokens.rs"]
mod tokens;

use std::sync::Arc;

use doorward_simulation::{Plan, journal::Invariant, run};

use ports::{ForgetfulMailer, InsistentMailer, TrustingHasher};
use storage::{Defect, Tampered};

/// The maximum number of seeds until a defect has to be found.
const SEEDS: u64 = 400;

fn assert_found(plan: Plan, invariant: Invariant) {
    let found = (0..SEEDS)
        .find(|seed| run(*seed, plan).is_err_and(|report| report.violation.invariant == invariant));
    assert!(found.is_some(), "{invariant:?} was not violated within {SEEDS} seeds");
}

macro_rules! with {
    ($defect:expr) => {
        Plan { storage: |storage| Arc::new(Tampered::new(storage, $defect)), ..Plan::default() }
    };
}

#[test]
fn no_violation_is_found_without_a_defect() {
    for seed in 0..20 {
        assert!(run(seed, with!(Defect::None)).is_ok(), "seed {seed}");
    }
}

#[test]
fn lost_commit_is_found() {
    assert_found(with!(Defect::LosesCommits), Invariant::AcknowledgedLasts);
}

#[test]
fn non_atomic_unit_of_work_is_found() {
    assert_found(with!(Defect::HasNoUnits), Invariant::NoHalfRows);
}

#[test]
fn unreleased_lock_is_found() {
    assert_found(with!(Defect::KeepsLock), Invariant::GetsOn);
}

#[test]
fn reusable_single_use_token_is_found() {
    assert_found(with!(Defect::ConsumesTwice), Invariant::OnceAtMost);
}

#[test]
fn refresh_token_with_two_successors_is_found() {
    assert_found(with!(Defect::ForksSessions), Invariant::FamilyConsistent);
}

#[test]
fn session_ended_without_a_cause_is_found() {
    assert_found(with!(Defect::EndsForNothing), Invariant::FamilyConsistent);
}

#[test]
fn session_end_without_effect_is_found() {
    assert_found(with!(Defect::EndsNothing), Invariant::AcknowledgedLasts);
}

#[test]
fn new_password_that_keeps_sessions_is_found() {
    assert_found(with!(Defect::LeavesSessions), Invariant::RevokedStays);
}

#[test]
fn ended_session_treated_as_live_is_found() {
    assert_found(with!(Defect::SeesAllAlive), Invariant::NothingOpens);
}

#[test]
fn valid_link_to_previous_email_is_found() {
    assert_found(with!(Defect::VoidsNothing), Invariant::RevokedStays);
}

#[test]
fn hasher_that_accepts_every_password_is_found() {
    let plan = Plan { hasher: |hasher| Arc::new(TrustingHasher(hasher)), ..Plan::default() };
    assert_found(plan, Invariant::NothingOpens);
}

#[test]
fn unsent_message_marked_as_sent_is_found() {
    let plan = Plan { mailer: |_| Arc::new(ForgetfulMailer), ..Plan::default() };
    assert_found(plan, Invariant::MailGoesOut);
}

#[test]
fn message_sent_twice_is_found() {
    let plan = Plan { mailer: |mailbox| Arc::new(InsistentMailer(mailbox)), ..Plan::default() };
    assert_found(plan, Invariant::MailGoesOut);
}
