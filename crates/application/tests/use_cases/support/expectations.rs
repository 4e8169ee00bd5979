//! What is expected of mocks in more than one file.

use doorward_domain::{
    OrgId, SessionId, UserId,
    audit::AuditKind,
    client::Client,
    mail::MailSubject,
    mock::{MockPasswordBlocklist, MockPasswordHasher, MockRateLimiter, MockRepositories},
    ports::{Against, HashError, RetryAfter, Verification},
    role::Role,
    token::TokenRef,
};
use mockall::{Sequence, predicate::eq};

use super::{NOW, ann_id, client, globex, hash, session_id, workspace};

/// The audit trail tells, once, what Ann did, and in which organisation and session.
pub(crate) fn expect_audit(
    db: &mut MockRepositories,
    kind: AuditKind,
    place: Option<(OrgId, SessionId)>,
) {
    db.audit
        .expect_record()
        .withf(move |event| {
            event.kind == kind
                && event.at == NOW
                && event.user_id == Some(ann_id())
                && (event.org_id, event.session_id) == place.unzip()
                && event.client == client()
        })
        .once()
        .returning(|_| Ok(()));
}

/// The audit trail tells, once, what an operator did with Ann's account.
pub(crate) fn expect_operators_act(db: &mut MockRepositories, kind: AuditKind) {
    db.audit
        .expect_record()
        .withf(move |event| {
            event.kind == kind
                && event.at == NOW
                && event.user_id == Some(ann_id())
                && event.client == Client::itself()
        })
        .once()
        .returning(|_| Ok(()));
}

/// Globex is looked at by Ann, who has this role there, if any.
pub(crate) fn expect_look(db: &mut MockRepositories, role: Option<Role>) {
    db.orgs
        .expect_find_for()
        .with(eq(globex()), eq(ann_id()))
        .once()
        .returning(move |id, _| Ok(role.map(|role| workspace(id, role))));
}

/// Globex is taken for a change by Ann, who has this role there, if any.
pub(crate) fn expect_change(db: &mut MockRepositories, role: Option<Role>) {
    let mut order = Sequence::new();
    db.orgs.expect_lock().with(eq(globex())).once().in_sequence(&mut order).returning(|_| Ok(true));
    db.orgs
        .expect_find_for()
        .with(eq(globex()), eq(ann_id()))
        .once()
        .in_sequence(&mut order)
        .returning(move |id, _| Ok(role.map(|role| workspace(id, role))));
}

/// The audit trail tells, once, what Ann did in Globex, and whom it concerns.
pub(crate) fn expect_org_audit(db: &mut MockRepositories, kind: AuditKind, concerned: UserId) {
    db.audit
        .expect_record()
        .withf(move |event| {
            let place = (event.org_id, event.session_id);
            (event.kind, event.user_id, event.at) == (kind, Some(concerned), NOW)
                && place == (Some(globex()), Some(session_id()))
                && event.client == client()
        })
        .once()
        .returning(|_| Ok(()));
}

/// A mail to this address is left in the outbox, once.
pub(crate) fn expect_mail(db: &mut MockRepositories, to: &'static str, subject: MailSubject) {
    db.outbox.expect_take().returning(|_| Ok(true));
    db.outbox
        .expect_enqueue()
        .withf(move |mail| {
            (mail.to.as_str(), mail.subject, mail.created_at, mail.attempts)
                == (to, subject, NOW, 0)
        })
        .once()
        .returning(|_| Ok(()));
}

/// A hasher that nobody waits for, and that neither hashes nor compares.
pub(crate) fn idle() -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_is_full().return_const(false);
    hasher
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
        .withf(move |given, _| given.expose() == password.as_bytes())
        .once()
        .returning(move |_, _| Ok(hash(into)));
}

/// A hasher that compares this password with this hash, once, and hashes nothing.
pub(crate) fn comparing(
    password: &'static str,
    against: Option<&'static str>,
    outcome: Result<Verification, HashError>,
) -> MockPasswordHasher {
    let mut hasher = idle();
    hasher
        .expect_verify()
        .withf(move |given, stored, _| {
            given.expose() == password.as_bytes()
                && match stored {
                    Against::Hash(stored) => Some(stored.expose()) == against,
                    Against::Nothing { .. } => against.is_none(),
                }
        })
        .once()
        .return_once(|_, _, _| outcome);
    hasher
}

/// A hasher that makes no hash, for this reason.
pub(crate) fn failing(error: HashError) -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_hash().once().return_once(|_, _| Err(error));
    hasher
}

/// A limiter whose one bucket is empty.
pub(crate) fn emptied(wait: RetryAfter) -> MockRateLimiter {
    let mut limiter = MockRateLimiter::new();
    limiter.expect_take().times(0..=1).returning(move |_, _| Err(wait));
    limiter.expect_take_any().times(0..=1).returning(move |_| Err(wait));
    limiter
}

/// A blocklist of one password.
pub(crate) fn blocking(password: &'static str) -> MockPasswordBlocklist {
    let mut blocklist = MockPasswordBlocklist::new();
    blocklist.expect_contains().returning(move |given| given.expose() == password);
    blocklist.expect_service_words().returning(Vec::new);
    blocklist
}

/// A wrong password counts for the device or the session that is Ann's, which may be forgotten for it.
pub(crate) fn expect_device_failure(db: &mut MockRepositories, is_forgotten: bool) {
    db.users
        .expect_count_device_failure()
        .withf(|user, device, now| {
            let of_session = TokenRef { row: session_id().as_uuid(), counter: 1 };
            (*user, *device, *now) == (ann_id(), of_session, NOW)
        })
        .once()
        .returning(move |_, _, _| Ok(is_forgotten));
    db.audit
        .expect_record()
        .withf(|event| event.kind == AuditKind::DeviceForgotten && event.user_id == Some(ann_id()))
        .times(usize::from(is_forgotten))
        .returning(|_| Ok(()));
}
