use doorward_domain::{
    InviteId, OneTimeTokenId,
    mail::{MailSubject, retry},
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
                format!("mail {id} is said to be sent, and nobody has it")
            });
        }
        if mail.parked_at.is_some() {
            let tried = mail.entry.attempts >= retry::MAX_ATTEMPTS;
            journal.check(tried || ledger.is_refused(*id), Invariant::MailGoesOut, || {
                format!("mail {id} was given up, and could have been sent")
            });
        }
    }
    for (id, mail) in before.outbox.iter().filter(|(id, _)| !after.outbox.contains(id)) {
        let went_out = ledger.is_delivered(*id);
        journal.check(went_out || is_of_no_use(change, mail), Invariant::MailGoesOut, || {
            format!("mail {id} was dropped: {}", mail.entry.subject.as_str())
        });
    }
}

/// Whether what a mail is about had come to nothing.
fn is_of_no_use(Change { before, clock, .. }: &Change<'_>, mail: &Mail) -> bool {
    // The worker may have looked before the clock was set back.
    let now = clock.now() + Duration::MINUTE;
    let is_open = |TokenRef { row, counter }: TokenRef| {
        let token = before.one_time_tokens.get(&OneTimeTokenId::from_uuid(row));
        token.is_some_and(|row| row.token.is_open(counter, now))
    };
    let account = || before.users.rows().find(|row| row.user.email.key() == mail.entry.to.key());
    match mail.entry.subject {
        // A reset of the password verifies the address, too.
        MailSubject::VerifyEmail(token) => {
            !is_open(token) || account().is_none_or(|account| account.user.is_verified())
        }
        MailSubject::ResetPassword(token) => !is_open(token) || account().is_none(),
        MailSubject::Invite(TokenRef { row, counter }) => {
            let invite = before.invites.get(&InviteId::from_uuid(row));
            invite.is_none_or(|invite| !invite.is_open(counter, now))
        }
        // The account has another address by now.
        MailSubject::PasswordChanged
        | MailSubject::SuspiciousSignIn(_)
        | MailSubject::AddressTaken => account().is_none(),
        MailSubject::EmailChanged => false,
        MailSubject::VerificationRequested => {
            account().is_none_or(|account| account.user.is_verified()) || has_one(before, mail)
        }
        MailSubject::ResetRequested => account().is_none() || has_one(before, mail),
    }
}

/// Whether the account was sent such a mail a moment ago.
fn has_one(before: &State, mail: &Mail) -> bool {
    before.one_time_tokens.rows().any(|row| row.token.email.key() == mail.entry.to.key())
}
