use doorward_domain::{
    mail::MailKind, ports::Clock, session::SessionState, token::one_time::OneTimePurpose,
};
use time::Duration;

use super::Change;
use crate::{
    journal::Invariant,
    storage::{Account, IssuedToken},
};

pub(super) fn judge(change: &Change<'_>) {
    let Change { before, after, journal, .. } = change;
    if before.users.is_same(&after.users) {
        return;
    }
    for (id, account) in after.users.iter() {
        match before.users.get(id) {
            None => is_whole(change, account),
            Some(earlier) => {
                goes_forward(change, earlier, account);
                if earlier.user.email != account.user.email {
                    is_moved(change, earlier, account);
                }
            }
        }
    }
    for (id, _) in before.users.iter() {
        journal.check(after.users.contains(id), Invariant::AcknowledgedLasts, || {
            format!("account {id} disappeared without a deletion")
        });
    }
}

fn is_whole(Change { after, journal, .. }: &Change<'_>, account: &Account) {
    let id = account.user.id;
    let has = |text: &'static str, has: bool| {
        journal
            .check(has, Invariant::NoHalfRows, || format!("account {id} was added without {text}"));
    };
    has("a password", account.password.is_some());
    has("an organization", after.memberships.rows().any(|membership| membership.user_id == id));
    has("a session", after.sessions.rows().any(|session| session.user_id == id));
    let mailed = after.outbox.rows().any(|mail| mail.entry.to == account.user.email);
    has("a way to be verified", account.user.is_verified() || mailed);
}

fn goes_forward(change: &Change<'_>, earlier: &Account, account: &Account) {
    let (journal, id) = (change.journal, account.user.id);
    journal.check(
        account.user.is_verified() || !earlier.user.is_verified(),
        Invariant::AcknowledgedLasts,
        || format!("account {id} is no longer verified"),
    );
    if earlier.password_version == account.password_version {
        return;
    }
    journal.check(
        account.password_version == earlier.password_version + 1,
        Invariant::OnceAtMost,
        || format!("account {id} got more than one password at once"),
    );
    password_ends_sessions(change, account);
}

/// Checks a new email address: it has to be verified, no link sent to the previous address is valid, and no
/// other account has it.
fn is_moved(
    Change { after, clock, journal, .. }: &Change<'_>,
    earlier: &Account,
    account: &Account,
) {
    let (id, email) = (account.user.id, &account.user.email);
    journal.check(!earlier.user.is_verified(), Invariant::NothingOpens, || {
        format!("account {id} replaced a verified email address")
    });
    journal.check(!account.user.is_verified(), Invariant::NothingOpens, || {
        format!("account {id} got a new email address that is already verified")
    });
    let tokens = || after.one_time_tokens.rows().filter(|row| row.token.user_id == id);
    // The clock may have been set back since.
    let now = clock.now() + Duration::minutes(3);
    let good = |row: &&IssuedToken| row.token.is_open(row.token.counter, now);
    let stale = tokens().filter(good).any(|row| row.token.email != *email);
    journal.check(!stale, Invariant::RevokedStays, || {
        format!("account {id} got a new email address, but a link to the previous one is valid")
    });
    let mailed = tokens()
        .filter(|row| row.purpose == OneTimePurpose::VerifyEmail)
        .any(|row| row.token.email == *email);
    journal.check(mailed, Invariant::MailGoesOut, || {
        format!("account {id} got a new email address, but no message is sent there")
    });
    let holders = after.users.rows().filter(|other| other.user.email.key() == email.key());
    journal.check(holders.count() == 1, Invariant::OnceAtMost, || {
        format!("account {id} got the email address of another account")
    });
}

/// Checks that a new password ends all sessions except the one in which it was changed, and that the owner is
/// notified.
fn password_ends_sessions(change: &Change<'_>, account: &Account) {
    let Change { before, after, journal, .. } = change;
    let id = account.user.id;
    let live = after
        .sessions
        .rows()
        .filter(|session| session.user_id == id && session.state == SessionState::Live);
    journal.check(live.count() <= 1, Invariant::RevokedStays, || {
        format!("account {id} got a new password, but sessions of the old one are live")
    });
    let told = after.outbox.rows().any(|mail| {
        mail.entry.subject == MailKind::PasswordChanged
            && mail.entry.to == account.user.email
            && !before.outbox.contains(&mail.entry.id)
    });
    journal.check(told, Invariant::MailGoesOut, || {
        format!("account {id} got a new password, but no message reports it")
    });
}
