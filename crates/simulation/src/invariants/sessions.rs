use doorward_domain::{
    account::user::LoginCandidate,
    session::{Session, SessionEndReason, SessionLifetimes, SessionState},
};

use super::Change;
use crate::{journal::Invariant, storage::State};

pub(super) fn judge(change: &Change<'_>) {
    let Change { before, after, journal, .. } = change;
    if before.sessions.is_same(&after.sessions) {
        return;
    }
    for (id, session) in after.sessions.iter() {
        match before.sessions.get(id) {
            Some(earlier) if earlier == session => {}
            Some(earlier) => goes_forward(change, earlier, session),
            None => {
                journal.check(
                    after.users.contains(&session.user_id),
                    Invariant::NoHalfRows,
                    || format!("session {id} has no user"),
                );
            }
        }
    }
    // A run is shorter than the time for which ended sessions are kept.
    for (id, _) in before.sessions.iter() {
        journal.check(after.sessions.contains(id), Invariant::AcknowledgedLasts, || {
            format!("session {id} disappeared")
        });
    }
}

fn goes_forward(change: &Change<'_>, earlier: &Session, session: &Session) {
    let (journal, id) = (change.journal, session.id);
    let (from, to) = (earlier.generation, session.generation);
    journal.check(to == from || to == from + 1, Invariant::FamilyConsistent, || {
        format!("session {id} went from generation {from} to {to}")
    });
    match (earlier.state, session.state) {
        (SessionState::Live, SessionState::Live) => {}
        (SessionState::Live, SessionState::Ended { reason, .. }) => {
            ends_for_cause(change, session, reason);
        }
        (SessionState::Ended { .. }, SessionState::Live) => {
            journal
                .violated(Invariant::RevokedStays, format!("session {id} is live after its end"));
        }
        (SessionState::Ended { at: first, .. }, SessionState::Ended { at, .. }) => {
            journal.check(at == first && from == to, Invariant::RevokedStays, || {
                format!("session {id} changes after its end")
            });
        }
    }
}

/// Checks that a session wasn't ended by a fault.
fn ends_for_cause(change: &Change<'_>, session: &Session, reason: SessionEndReason) {
    let Change { before, after, clock, ledger, journal, .. } = change;
    let version =
        |of: &State| of.users.get(&session.user_id).map(|account| account.password_version);
    let cause = match reason {
        SessionEndReason::LoggedOut | SessionEndReason::Revoked => ledger.is_given_up(session.id),
        SessionEndReason::PasswordChanged
        | SessionEndReason::PasswordReset
        | SessionEndReason::Renewed => version(before) != version(after),
        SessionEndReason::TooManyFailures => after
            .users
            .get(&session.user_id)
            .and_then(|account| account.device_failures.get(&session.id.as_uuid()))
            .is_some_and(|failures| *failures >= LoginCandidate::DEVICE_FAILURES_CAP),
        SessionEndReason::TooManySessions => {
            let of_user = before.sessions.rows().filter(|it| it.user_id == session.user_id);
            of_user.count() >= Session::MAX_RECOGNIZED as usize
        }
        SessionEndReason::TokenReused => {
            let grace = SessionLifetimes::default().reuse_interval;
            ledger.looks_stolen(session.id, session.generation, clock.forward(), grace)
        }
    };
    journal.check(cause, Invariant::FamilyConsistent, || {
        format!("session {} was ended without a cause: {}", session.id, reason.as_str())
    });
}
