//! The unit of work of a registration.

use std::sync::{Arc, Mutex};

use doorward_domain::{
    account::user::User,
    audit::AuditEvent,
    mail::OutboxEntry,
    mock::{MockRepositories, MockStorage},
    org::{Org, membership::Membership},
    session::Session,
    token::{
        TokenRef,
        one_time::{IssueOneTimeToken, OneTimePurpose},
    },
};

use crate::support::{one_time_token, reference};

/// What was written, in the order of writing.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) orgs: Vec<Org>,
    /// Accounts with their hashes.
    pub(super) users: Vec<(User, String)>,
    pub(super) memberships: Vec<Membership>,
    pub(super) tokens: Vec<IssueOneTimeToken>,
    pub(super) mails: Vec<OutboxEntry>,
    pub(super) sessions: Vec<Session>,
    pub(super) audit: Vec<AuditEvent>,
}

/// Records what is written.
#[derive(Default, Clone)]
pub(super) struct Journal(Arc<Mutex<Written>>);

impl Journal {
    pub(super) fn read(&self) -> Written {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    fn note(&self, note: impl FnOnce(&mut Written)) {
        note(&mut self.0.lock().unwrap());
    }
}

/// The token of the verification email.
pub(super) fn mailed() -> TokenRef {
    reference(&one_time_token(OneTimePurpose::VerifyEmail))
}

/// Returns storage with a unit of work that meets a test's expectations and records everything else.
pub(super) fn writing(
    storage: MockStorage,
    expect: impl FnOnce(&mut MockRepositories),
) -> (MockStorage, Journal) {
    let journal = Journal::default();
    let storage = storage.on_begin(|db| {
        expect(db);
        take_down(db, &journal);
    });
    (storage, journal)
}

fn take_down(db: &mut MockRepositories, journal: &Journal) {
    let to = journal.clone();
    db.orgs.expect_insert().returning(move |org| {
        to.note(|written| written.orgs.push(org.clone()));
        Ok(())
    });
    let to = journal.clone();
    db.users.expect_insert().returning(move |user, hash| {
        let hash = hash.map(|hash| hash.expose().to_owned()).unwrap_or_default();
        to.note(|written| written.users.push((user.clone(), hash)));
        Ok(())
    });
    let to = journal.clone();
    db.memberships.expect_insert().returning(move |membership| {
        to.note(|written| written.memberships.push(*membership));
        Ok(true)
    });
    let to = journal.clone();
    db.one_time_tokens.expect_issue().returning(move |issue| {
        to.note(|written| written.tokens.push(issue.clone()));
        Ok(Some(mailed()))
    });
    let to = journal.clone();
    db.outbox.expect_take().returning(|_| Ok(true));
    db.outbox.expect_enqueue().returning(move |mail| {
        to.note(|written| written.mails.push(mail.clone()));
        Ok(())
    });
    let to = journal.clone();
    db.sessions.expect_open().returning(move |session| {
        to.note(|written| written.sessions.push(session.clone()));
        Ok(())
    });
    let to = journal.clone();
    db.audit.expect_record().returning(move |event| {
        to.note(|written| written.audit.push(event.clone()));
        Ok(())
    });
}
