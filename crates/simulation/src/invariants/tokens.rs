use doorward_domain::{
    org::invite::{Invite, InviteState},
    session::SessionState,
    token::one_time::OneTimePurpose,
};

use super::Change;
use crate::{journal::Invariant, storage::IssuedToken};

pub(super) fn judge(change: &Change<'_>) {
    let Change { before, after, journal, .. } = change;
    for (id, row) in after.one_time_tokens.iter() {
        if let Some(earlier) = before.one_time_tokens.get(id) {
            goes_forward(change, earlier, row);
        }
    }
    for (id, invite) in after.invites.iter() {
        match before.invites.get(id).map(|earlier| earlier.state) {
            Some(InviteState::Pending) | None => is_joined(change, invite),
            Some(ended) => journal.check(invite.state == ended, Invariant::OnceAtMost, || {
                format!("invite {id} changed after its end")
            }),
        }
    }
}

fn goes_forward(change: &Change<'_>, earlier: &IssuedToken, row: &IssuedToken) {
    let (id, journal) = (row.token.id, change.journal);
    let (from, to) = (earlier.token.counter, row.token.counter);
    journal.check(to >= from, Invariant::RevokedStays, || {
        format!("an earlier token of {id} is valid again")
    });
    if from == to {
        match (earlier.token.used_at, row.token.used_at) {
            (None, Some(_)) => has_effect(change, row),
            (Some(first), again) => {
                journal.check(again == Some(first), Invariant::OnceAtMost, || {
                    format!("token {id} was used twice")
                });
            }
            (None, None) => {}
        }
    }
}

/// Checks that the effect of a token is in the same commit as its use.
fn has_effect(Change { before, after, journal, .. }: &Change<'_>, row: &IssuedToken) {
    let user_id = row.token.user_id;
    let (Some(was), Some(is)) = (before.users.get(&user_id), after.users.get(&user_id)) else {
        return journal.violated(Invariant::NoHalfRows, "a token of an unknown user was used");
    };
    let happened = match row.purpose {
        OneTimePurpose::VerifyEmail => is.user.is_verified() && is.user.email == row.token.email,
        OneTimePurpose::ResetPassword => {
            let all_ended = after
                .sessions
                .rows()
                .all(|session| session.user_id != user_id || session.state != SessionState::Live);
            is.password_version > was.password_version
                && is.user.is_verified()
                && is.user.email == row.token.email
                && all_ended
        }
    };
    journal.check(happened, Invariant::OnceAtMost, || {
        format!("token {} was consumed without an effect", row.token.id)
    });
}

/// Checks that a user who accepts an invite is a member from the same commit on.
fn is_joined(Change { after, journal, .. }: &Change<'_>, invite: &Invite) {
    if !matches!(invite.state, InviteState::Accepted { .. }) {
        return;
    }
    let invited = after.users.rows().find(|account| account.user.email.key() == invite.email.key());
    let joined = invited
        .is_some_and(|account| after.memberships.contains(&(account.user.id, invite.org_id)));
    journal.check(joined, Invariant::NoHalfRows, || {
        format!("invite {} was used, but no user joined", invite.id)
    });
}
