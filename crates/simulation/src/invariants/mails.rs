use doorward_domain::{
    InviteId, OneTimeTokenId,
    mail::{MailKind, retry},
    ports::Clock,
    token::TokenRef,
};
use time::Duration;

use super::Change;
use crate::{
    journal::Invariant,
    storage::{Mail, State},
};

pub(super) fn judge(change: &Change<'_>) {
    let Change { before, after, faults, ledger, journal, .. } = change;
    if before.outbox.is_same(&after.outbox) {
        return;
    }
    for (id, mail) in after.outbox.iter() {
        let earlier = before.outbox.get(id);
        if mail.entry.attempts > 0 && earlier.is_none_or(|earlier| earlier.entry.attempts == 0) {
            ledger.claims(*id, faults.count());
        }
        if mail.sent_at.is_some() {
            journal.check(ledger.is_delivered(*id), Invariant::MailGoesOut, || {
                format!("message {id} is marked as sent, but was not delivered")
            });
        }
        if mail.failed_at.is_some() {
            let tried = mail.entry.attempts >= retry::MAX_ATTEMPTS;
            journal.check(tried || ledger.is_refused(*id), Invariant::MailGoesOut, || {
                format!("message {id} is marked as failed, but could have been sent")
            });
        }
    }
    for (id, mail) in before.outbox.iter().filter(|(id, _)| !after.outbox.contains(id)) {
        let went_out = ledger.is_delivered(*id);
        journal.check(went_out || is_of_no_use(change, mail), Invariant::MailGoesOut, || {
            format!("message {id} was deleted: {}", mail.entry.subject.as_str())
        });
    }
}

/// Returns `true` if a message is obsolete.
fn is_of_no_use(Change { before, clock, .. }: &Change<'_>, mail: &Mail) -> bool {
    // The worker may have checked before the clock was set back.
    let now = clock.now() + Duration::MINUTE;
    let is_open = |TokenRef { id: row, counter }: TokenRef| {
        let token = before.one_time_tokens.get(&OneTimeTokenId::from_uuid(row));
        token.is_some_and(|row| row.token.is_open(counter, now))
    };
    let account = || before.users.rows().find(|row| row.user.email.key() == mail.entry.to.key());
    match mail.entry.subject {
        // A password reset also verifies the address.
        MailKind::VerifyEmail(token) => {
            !is_open(token) || account().is_none_or(|account| account.user.is_verified())
        }
        MailKind::ResetPassword(token) => !is_open(token) || account().is_none(),
        MailKind::Invite(TokenRef { id: row, counter }) => {
            let invite = before.invites.get(&InviteId::from_uuid(row));
            invite.is_none_or(|invite| !invite.is_open(counter, now))
        }
        // The account has a different address by now.
        MailKind::PasswordChanged | MailKind::SuspiciousSignIn(_) | MailKind::AddressTaken => {
            account().is_none()
        }
        MailKind::EmailChanged => false,
        MailKind::VerificationRequested => {
            account().is_none_or(|account| account.user.is_verified()) || has_one(before, mail)
        }
        MailKind::ResetRequested => account().is_none() || has_one(before, mail),
    }
}

/// Returns `true` if such a message was sent to the account a moment ago.
fn has_one(before: &State, mail: &Mail) -> bool {
    before.one_time_tokens.rows().any(|row| row.token.email.key() == mail.entry.to.key())
}
