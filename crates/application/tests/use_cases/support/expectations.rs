//! Expectations of mocks that several files share.

use doorward_domain::{
    OrgId, SessionId, UserId,
    audit::AuditKind,
    mail::MailKind,
    mock::{MockPasswordBlocklist, MockPasswordHasher, MockRateLimiter, MockRepositories},
    org::role::Role,
    ports::{Bucket, HashError, Limit, RetryAfter, Verification, VerifyTarget},
    request_context::RequestContext,
    session::Session,
    token::TokenRef,
};
use mockall::{Sequence, predicate::eq};

use super::{NOW, ann_id, client, globex, hash, session_id, workspace};

/// Expects one audit event for what Ann did, with its organization and session.
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

/// Expects one audit event for what an operator did with Ann's account.
pub(crate) fn expect_operator_audit(db: &mut MockRepositories, kind: AuditKind) {
    db.audit
        .expect_record()
        .withf(move |event| {
            event.kind == kind
                && event.at == NOW
                && event.user_id == Some(ann_id())
                && event.client == RequestContext::internal()
        })
        .once()
        .returning(|_| Ok(()));
}

/// Expects that Ann, with this role, if any, reads Globex.
pub(crate) fn expect_org_read(db: &mut MockRepositories, role: Option<Role>) {
    db.orgs
        .expect_find_for()
        .with(eq(globex()), eq(ann_id()))
        .once()
        .returning(move |id, _| Ok(role.map(|role| workspace(id, role))));
}

/// Expects that Ann, with this role, if any, locks Globex for a change.
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

/// Expects one audit event for what Ann did in Globex, with the user whom it concerns.
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

/// Expects that one message to this address is queued.
pub(crate) fn expect_mail(db: &mut MockRepositories, to: &'static str, subject: MailKind) {
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

/// A hasher with an empty queue that neither hashes nor compares.
pub(crate) fn idle() -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_is_saturated().return_const(false);
    hasher
}

/// A hasher that returns this hash for this password, once, and compares nothing.
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
                    VerifyTarget::Hash(stored) => Some(stored.expose()) == against,
                    VerifyTarget::Decoy { .. } => against.is_none(),
                }
        })
        .once()
        .return_once(|_, _, _| outcome);
    hasher
}

/// A hasher that fails with this error.
pub(crate) fn failing(error: HashError) -> MockPasswordHasher {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_hash().once().return_once(|_, _| Err(error));
    hasher
}

/// A limiter whose only bucket is empty.
pub(crate) fn emptied(wait: RetryAfter) -> MockRateLimiter {
    let mut limiter = MockRateLimiter::new();
    limiter.expect_take().times(0..=1).returning(move |_, _| Err(wait));
    limiter.expect_take_any().times(0..=1).returning(move |_| Err(wait));
    limiter
}

/// The budgets of hashes with priority, of Ann's account and the client's network.
pub(crate) fn hash_budgets(what: &str) -> Vec<Vec<Bucket>> {
    let of = |key, times| Bucket { limit: Limit::RecognizedHashes, key, times };
    vec![vec![of(format!("{what}:{}", ann_id()), 1), of(format!("{what}@192.0.2.1"), 6)]]
}

/// Expects that a hash is taken from these budgets, once, and never returned.
pub(crate) fn expect_hash_budget(
    limiter: &mut MockRateLimiter,
    what: &'static str,
    outcome: Result<(), RetryAfter>,
) {
    limiter
        .expect_take_any()
        .with(eq(hash_budgets(what)))
        .once()
        .returning(move |groups| outcome.map(|()| groups.concat()));
}

/// A blocklist with one password.
pub(crate) fn blocking(password: &'static str) -> MockPasswordBlocklist {
    let mut blocklist = MockPasswordBlocklist::new();
    blocklist.expect_contains().returning(move |given| given.expose() == password);
    blocklist.expect_service_words().returning(Vec::new);
    blocklist
}

/// Expects that an incorrect password is counted for Ann's device or session, which may be forgotten because of it.
pub(crate) fn expect_device_failure(db: &mut MockRepositories, is_forgotten: bool) {
    db.users
        .expect_count_device_failure()
        .withf(|user, device, now| {
            let of_session = TokenRef { id: session_id().as_uuid(), counter: 1 };
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

/// Expects that sessions of Ann beyond the limit end.
pub(crate) fn expect_limit_of_sessions(db: &mut MockRepositories) {
    db.sessions
        .expect_end_excess()
        .with(eq(ann_id()), eq(Session::MAX_RECOGNIZED), eq(NOW))
        .once()
        .returning(|_, _, _| Ok(0));
}
