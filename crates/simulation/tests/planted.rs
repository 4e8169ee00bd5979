//! What is broken on purpose is found: a checker that can't fail would show nothing.
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

/// How many seeds it may take.
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
fn nothing_is_found_where_nothing_is_planted() {
    for seed in 0..20 {
        assert!(run(seed, with!(Defect::None)).is_ok(), "seed {seed}");
    }
}

#[test]
fn a_commit_that_loses_all_now_and_then_is_found() {
    assert_found(with!(Defect::LosesCommits), Invariant::AcknowledgedLasts);
}

#[test]
fn a_unit_of_work_that_lasts_statement_by_statement_is_found() {
    assert_found(with!(Defect::HasNoUnits), Invariant::NoHalfRows);
}

#[test]
fn a_unit_of_work_that_keeps_its_lock_is_found() {
    assert_found(with!(Defect::KeepsLock), Invariant::GetsOn);
}

#[test]
fn a_single_use_token_that_is_good_twice_is_found() {
    assert_found(with!(Defect::ConsumesTwice), Invariant::OnceAtMost);
}

#[test]
fn a_refresh_token_with_two_successors_is_found() {
    assert_found(with!(Defect::ForksSessions), Invariant::FamilyConsistent);
}

#[test]
fn a_session_that_ends_for_nothing_is_found() {
    assert_found(with!(Defect::EndsForNothing), Invariant::FamilyConsistent);
}

#[test]
fn an_end_that_is_only_said_is_found() {
    assert_found(with!(Defect::EndsNothing), Invariant::AcknowledgedLasts);
}

#[test]
fn a_new_password_that_leaves_sessions_is_found() {
    assert_found(with!(Defect::LeavesSessions), Invariant::RevokedStays);
}

#[test]
fn an_ended_session_that_is_taken_for_a_live_one_is_found() {
    assert_found(with!(Defect::SeesAllAlive), Invariant::NothingOpens);
}

#[test]
fn link_to_a_former_address_that_stays_good_is_found() {
    assert_found(with!(Defect::VoidsNothing), Invariant::RevokedStays);
}

#[test]
fn a_password_that_is_right_whatever_it_is_is_found() {
    let plan = Plan { hasher: |hasher| Arc::new(TrustingHasher(hasher)), ..Plan::default() };
    assert_found(plan, Invariant::NothingOpens);
}

#[test]
fn a_mail_that_is_only_said_to_be_sent_is_found() {
    let plan = Plan { mailer: |_| Arc::new(ForgetfulMailer), ..Plan::default() };
    assert_found(plan, Invariant::MailGoesOut);
}

#[test]
fn a_mail_that_goes_out_twice_is_found() {
    let plan = Plan { mailer: |mailbox| Arc::new(InsistentMailer(mailbox)), ..Plan::default() };
    assert_found(plan, Invariant::MailGoesOut);
}
