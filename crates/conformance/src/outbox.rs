//! Clauses of `OutboxRepository`.

use std::collections::BTreeSet;

use doorward_domain::{
    MailId, SessionId,
    mail::{MailKind, MailLane, OutboxEntry, retry},
    ports::Storage,
    token::TokenRef,
};
use time::{Duration, OffsetDateTime, Time, UtcOffset};

use crate::{
    concurrency::{at_once, count_true},
    fixtures::{self, connect},
    samples::{self, NOW, after},
};

/// Leases all due messages for ten seconds.
async fn claim_all(storage: &dyn Storage, now: OffsetDateTime) -> Vec<OutboxEntry> {
    claim(storage, u32::MAX, now).await
}

async fn claim(storage: &dyn Storage, limit: u32, now: OffsetDateTime) -> Vec<OutboxEntry> {
    let lease_until = now + Duration::seconds(10);
    let mut repositories = connect(storage).await;
    repositories.outbox().lease(MailLane::Account, limit, now, lease_until).await.unwrap()
}

fn ids(mails: &[OutboxEntry]) -> Vec<MailId> {
    mails.iter().map(|mail| mail.id).collect()
}

/// Adds messages requested in the seconds after [`NOW`], in the opposite order. Returns them in the order of
/// the requests.
async fn entries(storage: &dyn Storage, count: i64) -> Vec<OutboxEntry> {
    let mut mails: Vec<_> = (0..count).map(|second| samples::mail(after(second))).collect();
    for mail in mails.iter().rev() {
        fixtures::mail(storage, mail.clone()).await;
    }
    mails.sort_by_key(|mail| mail.created_at);
    mails
}

/// Checks that every kind of message is returned unchanged, with its token.
pub async fn message_is_returned_as_it_was_added(storage: &dyn Storage) {
    let token = samples::token_ref();
    let subjects = [
        MailKind::VerificationRequested,
        MailKind::ResetRequested,
        MailKind::VerifyEmail(token),
        MailKind::ResetPassword(token),
        MailKind::Invite(token),
        MailKind::PasswordChanged,
        MailKind::SuspiciousSignIn(SessionId::from_uuid(samples::id())),
        MailKind::AddressTaken,
    ];
    for subject in subjects {
        let mail = fixtures::mail(storage, OutboxEntry { subject, ..samples::mail(NOW) }).await;
        let mut repositories = connect(storage).await;
        let claimed = repositories.outbox().lease(subject.lane(), 9, NOW, after(10)).await.unwrap();
        assert_eq!(claimed, [OutboxEntry { attempts: 1, ..mail }]);
    }
}

/// Checks that a message is due from the time of its request, and not before.
pub async fn message_is_due_from_the_time_of_its_request(storage: &dyn Storage) {
    let mail = fixtures::mail(storage, samples::mail(after(5))).await;
    assert_eq!(claim_all(storage, after(4)).await, []);
    assert_eq!(ids(&claim_all(storage, after(5)).await), [mail.id]);
}

/// Checks that messages are leased oldest first, up to the limit.
pub async fn oldest_messages_are_leased_first(storage: &dyn Storage) {
    let expected = ids(&entries(storage, 5).await);
    assert_eq!(ids(&claim(storage, 2, after(9)).await), expected[..2]);
    assert_eq!(ids(&claim(storage, 2, after(9)).await), expected[2..4]);
    assert_eq!(ids(&claim(storage, 2, after(9)).await), expected[4..]);
    assert_eq!(claim(storage, 2, after(9)).await, []);
}

/// Checks that a message that was due first is leased first, even if another was requested earlier: a message
/// that keeps failing doesn't delay the others.
pub async fn postponed_message_is_leased_after_others(storage: &dyn Storage) {
    let expected = ids(&entries(storage, 2).await);
    let mut repositories = connect(storage).await;
    repositories.outbox().retry(expected[0], after(5), "busy").await.unwrap();
    drop(repositories);
    assert_eq!(ids(&claim(storage, 1, after(9)).await), expected[1..]);
    assert_eq!(ids(&claim(storage, 1, after(9)).await), expected[..1]);
}

/// Checks that a limit of 0 leases no message.
pub async fn nothing_is_leased_beyond_the_limit(storage: &dyn Storage) {
    entries(storage, 3).await;
    assert_eq!(claim(storage, 0, after(9)).await, []);
    assert_eq!(claim_all(storage, after(9)).await.len(), 3);
}

/// Checks that leasing counts an attempt, and that a message is due again when the lease ends, so a worker
/// that crashes loses no message.
pub async fn message_is_due_again_when_the_lease_ends(storage: &dyn Storage) {
    fixtures::mail(storage, samples::mail(NOW)).await;
    for (now, attempts) in [(0, Some(1)), (9, None), (10, Some(2)), (19, None), (25, Some(3))] {
        let claimed = claim_all(storage, after(now)).await;
        assert_eq!(claimed.first().map(|mail| mail.attempts), attempts, "after {now} s");
    }
}

/// Checks that two concurrent workers never get the same message. Each leases one batch after another, so
/// that they often run at the same time.
pub async fn concurrent_workers_never_get_the_same_message(storage: &dyn Storage) {
    let expected: BTreeSet<_> = ids(&entries(storage, 120).await).into_iter().collect();
    let mut claimed = at_once(8, async |_| {
        let mut mine = Vec::new();
        loop {
            let batch = ids(&claim(storage, 3, after(200)).await);
            assert!(batch.len() <= 3);
            if batch.is_empty() {
                return mine;
            }
            mine.extend(batch);
        }
    });
    // A worker may have stopped because another one was about to lease the remaining messages.
    claimed.push(ids(&claim_all(storage, after(200)).await));
    let claimed = claimed.concat();
    assert_eq!(claimed.len(), expected.len());
    assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>(), expected);
}

/// Checks that a lease lasts as long as it takes to send a batch of messages that all time out, even if the
/// clock of this worker is behind and that of another one is ahead.
pub async fn lease_holds_despite_clock_skew(storage: &dyn Storage) {
    let (behind, ahead) =
        (|at: OffsetDateTime| at - retry::CLOCK_SKEW, |at: OffsetDateTime| at + retry::CLOCK_SKEW);
    let mail = fixtures::mail(storage, samples::mail(behind(NOW))).await;
    let claim = async |now: OffsetDateTime| {
        let mut repositories = connect(storage).await;
        let outbox = repositories.outbox();
        let lane = MailLane::Account;
        ids(&outbox.lease(lane, retry::BATCH, now, now + retry::LEASE).await.unwrap())
    };
    assert_eq!(claim(behind(NOW)).await, [mail.id]);
    let done = NOW + retry::SEND_TIMEOUT * retry::BATCH;
    assert_eq!(claim(ahead(NOW)).await, []);
    assert_eq!(claim(ahead(done)).await, []);
    // The message isn't lost: if the first worker had crashed, the other one would get it eventually.
    assert_eq!(claim(ahead(behind(NOW) + retry::LEASE - retry::CLOCK_SKEW)).await, [mail.id]);
}

/// Checks that one message per day is added for each email address, without regard to case, and each kind.
pub async fn daily_message_is_added_once(storage: &dyn Storage) {
    let of = |to: &str, subject, created_at| OutboxEntry {
        to: samples::email(to),
        subject,
        ..samples::mail(created_at)
    };
    let taken = MailKind::AddressTaken;
    let midnight = NOW.replace_time(Time::MIDNIGHT) + Duration::DAY;
    let mut added = Vec::new();
    for (entry, expected) in [
        (of("Ann@example.com", taken, NOW), true),
        (of("Ann@example.com", taken, NOW), false),
        (of("ANN@EXAMPLE.COM", taken, midnight - Duration::MICROSECOND), false),
        (of("bob@example.com", taken, NOW), true),
        (of("Ann@example.com", MailKind::PasswordChanged, NOW), true),
        (of("Ann@example.com", taken, midnight), true),
        (
            of(
                "Ann@example.com",
                taken,
                midnight.to_offset(UtcOffset::from_hms(-5, 0, 0).unwrap()),
            ),
            false,
        ),
    ] {
        let mut repositories = connect(storage).await;
        let answer = repositories.outbox().enqueue_once_a_day(&entry).await.unwrap();
        assert_eq!(answer, expected, "{entry:?}");
        added.extend(expected.then_some(OutboxEntry { attempts: 1, ..entry }));
    }
    // Messages added by `enqueue` are neither limited nor counted.
    let mail = fixtures::mail(storage, of("Ann@example.com", taken, midnight)).await;
    added.push(OutboxEntry { attempts: 1, ..mail });
    let mut claimed = claim_all(storage, midnight).await;
    claimed.sort_by_key(|mail| mail.id);
    assert_eq!(claimed, added);
}

/// Checks that a message counts even if it was sent meanwhile, but not if it was discarded.
pub async fn sent_daily_message_is_not_added_again(storage: &dyn Storage) {
    let entry = || OutboxEntry { subject: MailKind::AddressTaken, ..samples::mail(NOW) };
    let first = entry();
    let mut repositories = connect(storage).await;
    let outbox = repositories.outbox();
    assert!(outbox.enqueue_once_a_day(&first).await.unwrap());
    outbox.mark_sent(first.id, after(1)).await.unwrap();
    assert!(!outbox.enqueue_once_a_day(&entry()).await.unwrap());
    outbox.discard(&first).await.unwrap();
    assert!(outbox.enqueue_once_a_day(&entry()).await.unwrap());
}

/// Checks that of many concurrent callers exactly one adds the message.
pub async fn concurrent_daily_messages_are_added_once(storage: &dyn Storage) {
    let added = at_once(8, async |_| {
        let entry = OutboxEntry { subject: MailKind::AddressTaken, ..samples::mail(NOW) };
        connect(storage).await.outbox().enqueue_once_a_day(&entry).await.unwrap()
    });
    assert_eq!(count_true(added), 1);
    assert_eq!(claim_all(storage, NOW).await.len(), 1);
}

/// Checks that a request is replaced with the message that it results in, in the same row.
pub async fn request_is_replaced_with_a_message(storage: &dyn Storage) {
    let request = fixtures::mail(storage, samples::mail(NOW)).await;
    let other = fixtures::mail(storage, samples::mail(after(1))).await;
    let (to, subject) =
        (samples::email("new@example.com"), MailKind::ResetPassword(samples::token_ref()));
    claim(storage, 1, NOW).await;
    connect(storage).await.outbox().materialize(request.id, &to, subject).await.unwrap();
    let claimed = claim_all(storage, after(20)).await;
    let resolved = OutboxEntry { to, subject, attempts: 2, ..request };
    assert_eq!(claimed, [resolved, OutboxEntry { attempts: 1, ..other }]);
}

/// Checks that a message that was sent is never due again.
pub async fn sent_message_is_not_leased(storage: &dyn Storage) {
    let expected = ids(&entries(storage, 2).await);
    connect(storage).await.outbox().mark_sent(expected[0], NOW).await.unwrap();
    assert_eq!(ids(&claim_all(storage, after(99)).await), expected[1..]);
}

/// Checks that a request that results in no message is deleted.
pub async fn discarded_request_is_not_leased(storage: &dyn Storage) {
    let expected = entries(storage, 2).await;
    connect(storage).await.outbox().discard(&expected[0]).await.unwrap();
    assert_eq!(ids(&claim_all(storage, after(99)).await), ids(&expected[1..]));
}

/// Checks that a message isn't discarded if another worker has replaced the request, or an earlier message,
/// with it.
pub async fn replaced_request_is_not_discarded(storage: &dyn Storage) {
    let request = fixtures::mail(storage, samples::mail(NOW)).await;
    let first = samples::token_ref();
    let mut earlier = request;
    for counter in 1..=2 {
        let subject = MailKind::ResetPassword(TokenRef { counter, ..first });
        let mail = OutboxEntry { subject, ..earlier.clone() };
        connect(storage).await.outbox().materialize(mail.id, &mail.to, subject).await.unwrap();
        connect(storage).await.outbox().discard(&earlier).await.unwrap();
        assert_eq!(
            connect(storage).await.outbox().find(mail.id).await.unwrap().unwrap().id,
            mail.id
        );
        earlier = mail;
    }
    connect(storage).await.outbox().discard(&earlier).await.unwrap();
    assert_eq!(connect(storage).await.outbox().find(earlier.id).await.unwrap(), None);
}

/// Checks that a failed message is due at the given time, before or after the end of the lease.
pub async fn retried_message_is_due_at_the_given_time(storage: &dyn Storage) {
    for (put_off, not_yet) in [(5, 4), (60, 59)] {
        let mail = fixtures::mail(storage, samples::mail(NOW)).await;
        claim_all(storage, NOW).await;
        let mut repositories = connect(storage).await;
        repositories.outbox().retry(mail.id, after(put_off), "451 later").await.unwrap();
        drop(repositories);
        assert_eq!(claim_all(storage, after(not_yet)).await, []);
        let claimed = claim_all(storage, after(put_off)).await;
        assert_eq!(claimed, [OutboxEntry { attempts: 2, ..mail.clone() }]);
        connect(storage).await.outbox().discard(&mail).await.unwrap();
    }
}

/// Checks that a released message is due at the given time, and that the attempt doesn't count.
pub async fn released_message_counts_no_attempt(storage: &dyn Storage) {
    let mail = fixtures::mail(storage, samples::mail(NOW)).await;
    for second in [0, 5, 60] {
        let claimed = claim_all(storage, after(second)).await;
        assert_eq!(claimed, [OutboxEntry { attempts: 1, ..mail.clone() }], "after {second} s");
        let at = after(if second == 0 { 5 } else { 60 });
        connect(storage).await.outbox().release(mail.id, at, "away").await.unwrap();
    }
    assert_eq!(claim_all(storage, after(59)).await, []);
}

/// Checks that a message marked as failed isn't due when the lease ends.
pub async fn failed_message_is_not_leased(storage: &dyn Storage) {
    let expected = ids(&entries(storage, 2).await);
    claim_all(storage, NOW).await;
    connect(storage).await.outbox().mark_failed(expected[0], NOW, "550 no such box").await.unwrap();
    assert_eq!(ids(&claim_all(storage, after(99)).await), expected[1..]);
}

/// Checks that messages are deleted that were sent before the given time, and none that are waiting or have
/// failed.
pub async fn messages_sent_before_the_given_time_are_deleted(storage: &dyn Storage) {
    let mails = ids(&entries(storage, 5).await);
    let mut repositories = connect(storage).await;
    let outbox = repositories.outbox();
    for (id, second) in [(mails[0], 10), (mails[1], 11), (mails[2], 20)] {
        outbox.mark_sent(id, after(second)).await.unwrap();
    }
    outbox.mark_failed(mails[3], after(10), "550 no such box").await.unwrap();
    for (before, deleted) in [(15, 2), (15, 0), (99, 1)] {
        assert_eq!(outbox.delete_sent(after(before), 100).await.unwrap(), deleted);
    }
    drop(repositories);
    assert_eq!(ids(&claim_all(storage, after(99)).await), mails[4..]);
}
