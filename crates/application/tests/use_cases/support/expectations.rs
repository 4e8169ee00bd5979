//! What is expected of mocks in more than one file.

use doorward_domain::{
    audit::AuditKind,
    mail::MailSubject,
    mock::{MockPasswordBlocklist, MockPasswordHasher, MockRepositories},
    ports::{HashError, Verification},
};

use super::{NOW, client, hash};

/// An entry of the audit trail is written, once.
pub(crate) fn expect_audit(db: &mut MockRepositories, kind: AuditKind) {
    db.audit
        .expect_record()
        .withf(move |event| event.kind == kind && event.at == NOW && event.client == client())
        .once()
        .returning(|_| Ok(()));
}

/// A mail to this address is left in the outbox, once.
pub(crate) fn expect_mail(db: &mut MockRepositories, to: &'static str, subject: MailSubject) {
    db.outbox
        .expect_enqueue()
        .withf(move |mail| {
            (mail.to.as_str(), mail.subject, mail.created_at, mail.attempts)
                == (to, subject, NOW, 0)
        })
        .once()
        .returning(|_| Ok(()));
}

/// A hasher that makes this hash of this password, once, and compares nothing.
pub(crate) fn hashing(password: &'static str, into: &'static str) -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    expect_hash(&mut hasher, password, into);
    hasher
}

pub(crate) fn expect_hash(
    hasher: &mut MockPasswordHasher,
    password: &'static str,
    into: &'static str,
) {
    hasher
        .expect_hash()
        .withf(move |given| given.expose() == password.as_bytes())
        .once()
        .returning(move |_| Ok(hash(into)));
}

/// A hasher that compares this password with this hash, once, and hashes nothing.
pub(crate) fn comparing(
    password: &'static str,
    against: Option<&'static str>,
    outcome: Result<Verification, HashError>,
) -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    hasher
        .expect_verify()
        .withf(move |given, stored| {
            given.expose() == password.as_bytes()
                && stored.as_ref().map(|stored| stored.expose()) == against
        })
        .once()
        .return_once(|_, _| outcome);
    hasher
}

/// A hasher that takes nothing more.
pub(crate) fn busy() -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_hash().once().returning(|_| Err(HashError::Busy));
    hasher
}

/// A blocklist of one password.
pub(crate) fn blocking(password: &'static str) -> MockPasswordBlocklist {
    let mut blocklist = MockPasswordBlocklist::new();
    blocklist.expect_contains().returning(move |given| given.expose() == password);
    blocklist
}
