//! `OutboxRepository`.

use std::collections::BTreeSet;

use doorward_domain::{
    MailId, SessionId,
    mail::{MailLane, MailSubject, OutboxEntry, retry},
    ports::Storage,
    token::TokenRef,
};
use time::{Duration, OffsetDateTime, Time, UtcOffset};

use crate::{
    concurrency::{at_once, count_yes},
    given::{self, connect},
    sample::{self, NOW, after},
};

/// Claims as many as there are, for ten seconds.
async fn claim_all(storage: &dyn Storage, now: OffsetDateTime) -> Vec<OutboxEntry> {
    claim(storage, u32::MAX, now).await
}

async fn claim(storage: &dyn Storage, limit: u32, now: OffsetDateTime) -> Vec<OutboxEntry> {
    let lease_until = now + Duration::seconds(10);
    let mut repositories = connect(storage).await;
    repositories.outbox().claim(MailLane::Account, limit, now, lease_until).await.unwrap()
}

fn ids(mails: &[OutboxEntry]) -> Vec<MailId> {
    mails.iter().map(|mail| mail.id).collect()
}

/// Mails of the seconds after [`NOW`], stored in another order.
async fn mails(storage: &dyn Storage, count: i64) -> Vec<OutboxEntry> {
    let mut mails: Vec<_> = (0..count).map(|second| sample::mail(after(second))).collect();
    for mail in mails.iter().rev() {
        given::mail(storage, mail.clone()).await;
    }
    mails.sort_by_key(|mail| mail.created_at);
    mails
}

/// `OutboxRepository::enqueue`, `claim`: every subject is kept, and so is its token.
pub async fn a_mail_comes_back_as_it_was_added(storage: &dyn Storage) {
    let token = sample::token_ref();
    let subjects = [
        MailSubject::VerificationRequested,
        MailSubject::ResetRequested,
        MailSubject::VerifyEmail(token),
        MailSubject::ResetPassword(token),
        MailSubject::Invite(token),
        MailSubject::PasswordChanged,
        MailSubject::SuspiciousSignIn(SessionId::from_uuid(sample::id())),
        MailSubject::AddressTaken,
    ];
    for subject in subjects {
        let mail = given::mail(storage, OutboxEntry { subject, ..sample::mail(NOW) }).await;
        let mut repositories = connect(storage).await;
        let claimed = repositories.outbox().claim(subject.lane(), 9, NOW, after(10)).await.unwrap();
        assert_eq!(claimed, [OutboxEntry { attempts: 1, ..mail }]);
    }
}

/// `OutboxRepository::enqueue`: due at once, which is when it was asked for and not before.
pub async fn a_mail_is_due_from_the_moment_it_was_asked_for(storage: &dyn Storage) {
    let mail = given::mail(storage, sample::mail(after(5))).await;
    assert_eq!(claim_all(storage, after(4)).await, []);
    assert_eq!(ids(&claim_all(storage, after(5)).await), [mail.id]);
}

/// `OutboxRepository::claim`: up to a limit, oldest first.
pub async fn the_oldest_mails_are_claimed_first(storage: &dyn Storage) {
    let expected = ids(&mails(storage, 5).await);
    assert_eq!(ids(&claim(storage, 2, after(9)).await), expected[..2]);
    assert_eq!(ids(&claim(storage, 2, after(9)).await), expected[2..4]);
    assert_eq!(ids(&claim(storage, 2, after(9)).await), expected[4..]);
    assert_eq!(claim(storage, 2, after(9)).await, []);
}

/// `OutboxRepository::claim`: the mail that is due for longest goes first, not the one asked for
/// first: one that fails again and again does not hold up the others.
pub async fn a_mail_that_was_put_off_goes_to_the_back(storage: &dyn Storage) {
    let expected = ids(&mails(storage, 2).await);
    let mut repositories = connect(storage).await;
    repositories.outbox().retry(expected[0], after(5), "busy").await.unwrap();
    drop(repositories);
    assert_eq!(ids(&claim(storage, 1, after(9)).await), expected[1..]);
    assert_eq!(ids(&claim(storage, 1, after(9)).await), expected[..1]);
}

/// `OutboxRepository::claim`: a limit of none claims none.
pub async fn nothing_is_claimed_beyond_the_limit(storage: &dyn Storage) {
    mails(storage, 3).await;
    assert_eq!(claim(storage, 0, after(9)).await, []);
    assert_eq!(claim_all(storage, after(9)).await.len(), 3);
}

/// `OutboxRepository::claim`: it counts the try, and makes the mail due again when the lease ends: a
/// worker that dies loses no mail.
pub async fn a_mail_is_due_again_when_the_lease_ends(storage: &dyn Storage) {
    given::mail(storage, sample::mail(NOW)).await;
    for (now, attempts) in [(0, Some(1)), (9, None), (10, Some(2)), (19, None), (25, Some(3))] {
        let claimed = claim_all(storage, after(now)).await;
        assert_eq!(claimed.first().map(|mail| mail.attempts), attempts, "after {now} s");
    }
}

/// `OutboxRepository::claim`: two workers at the same moment MUST NOT get the same mail. Each takes
/// one batch after the other, so that they meet often.
pub async fn of_many_workers_no_two_get_the_same_mail(storage: &dyn Storage) {
    let expected: BTreeSet<_> = ids(&mails(storage, 120).await).into_iter().collect();
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
    // What others were about to claim, a worker may have taken for claimed and gone home.
    claimed.push(ids(&claim_all(storage, after(200)).await));
    let claimed = claimed.concat();
    assert_eq!(claimed.len(), expected.len());
    assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>(), expected);
}

/// `OutboxRepository::claim`: a worker whose clock is behind has what it took for itself as long as it takes
/// to send a batch of mails that all hang, also from one whose clock is ahead.
pub async fn a_lease_holds_between_workers_whose_clocks_differ(storage: &dyn Storage) {
    let (behind, ahead) =
        (|at: OffsetDateTime| at - retry::CLOCK_SKEW, |at: OffsetDateTime| at + retry::CLOCK_SKEW);
    let mail = given::mail(storage, sample::mail(behind(NOW))).await;
    let claim = async |now: OffsetDateTime| {
        let mut repositories = connect(storage).await;
        let outbox = repositories.outbox();
        let lane = MailLane::Account;
        ids(&outbox.claim(lane, retry::BATCH, now, now + retry::LEASE).await.unwrap())
    };
    assert_eq!(claim(behind(NOW)).await, [mail.id]);
    let done = NOW + retry::SEND_TIMEOUT * retry::BATCH;
    assert_eq!(claim(ahead(NOW)).await, []);
    assert_eq!(claim(ahead(done)).await, []);
    // It is not lost: were the first worker dead, the other one would have it in the end.
    assert_eq!(claim(ahead(behind(NOW) + retry::LEASE - retry::CLOCK_SKEW)).await, [mail.id]);
}

/// `OutboxRepository::enqueue_once_a_day`: one a day for each address, in any case, and each subject.
pub async fn a_mail_of_the_day_is_added_once(storage: &dyn Storage) {
    let of = |to: &str, subject, created_at| OutboxEntry {
        to: sample::email(to),
        subject,
        ..sample::mail(created_at)
    };
    let taken = MailSubject::AddressTaken;
    let midnight = NOW.replace_time(Time::MIDNIGHT) + Duration::DAY;
    let mut added = Vec::new();
    for (entry, expected) in [
        (of("Ann@example.com", taken, NOW), true),
        (of("Ann@example.com", taken, NOW), false),
        (of("ANN@EXAMPLE.COM", taken, midnight - Duration::MICROSECOND), false),
        (of("bob@example.com", taken, NOW), true),
        (of("Ann@example.com", MailSubject::PasswordChanged, NOW), true),
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
    // What is sent without a limit is neither held back nor counted.
    let mail = given::mail(storage, of("Ann@example.com", taken, midnight)).await;
    added.push(OutboxEntry { attempts: 1, ..mail });
    let mut claimed = claim_all(storage, midnight).await;
    claimed.sort_by_key(|mail| mail.id);
    assert_eq!(claimed, added);
}

/// `OutboxRepository::enqueue_once_a_day`: also where it was sent meanwhile, and not where it was not needed.
pub async fn a_mail_of_the_day_that_was_sent_is_not_added_again(storage: &dyn Storage) {
    let entry = || OutboxEntry { subject: MailSubject::AddressTaken, ..sample::mail(NOW) };
    let first = entry();
    let mut repositories = connect(storage).await;
    let outbox = repositories.outbox();
    assert!(outbox.enqueue_once_a_day(&first).await.unwrap());
    outbox.mark_sent(first.id, after(1)).await.unwrap();
    assert!(!outbox.enqueue_once_a_day(&entry()).await.unwrap());
    outbox.discard(&first).await.unwrap();
    assert!(outbox.enqueue_once_a_day(&entry()).await.unwrap());
}

/// `OutboxRepository::enqueue_once_a_day`: of many callers at the same moment exactly one MUST add it.
pub async fn of_many_who_add_a_mail_of_the_day_one_does(storage: &dyn Storage) {
    let added = at_once(8, async |_| {
        let entry = OutboxEntry { subject: MailSubject::AddressTaken, ..sample::mail(NOW) };
        connect(storage).await.outbox().enqueue_once_a_day(&entry).await.unwrap()
    });
    assert_eq!(count_yes(added), 1);
    assert_eq!(claim_all(storage, NOW).await.len(), 1);
}

/// `OutboxRepository::resolve`: a request turns into the mail that it leads to, and stays the same
/// row.
pub async fn a_request_turns_into_a_mail(storage: &dyn Storage) {
    let request = given::mail(storage, sample::mail(NOW)).await;
    let other = given::mail(storage, sample::mail(after(1))).await;
    let (to, subject) =
        (sample::email("new@example.com"), MailSubject::ResetPassword(sample::token_ref()));
    claim(storage, 1, NOW).await;
    connect(storage).await.outbox().resolve(request.id, &to, subject).await.unwrap();
    let claimed = claim_all(storage, after(20)).await;
    let resolved = OutboxEntry { to, subject, attempts: 2, ..request };
    assert_eq!(claimed, [resolved, OutboxEntry { attempts: 1, ..other }]);
}

/// `OutboxRepository::mark_sent`: a mail that was sent is never due again.
pub async fn a_sent_mail_is_not_claimed(storage: &dyn Storage) {
    let expected = ids(&mails(storage, 2).await);
    connect(storage).await.outbox().mark_sent(expected[0], NOW).await.unwrap();
    assert_eq!(ids(&claim_all(storage, after(99)).await), expected[1..]);
}

/// `OutboxRepository::discard`: a request that leads to no mail is gone.
pub async fn a_discarded_request_is_not_claimed(storage: &dyn Storage) {
    let expected = mails(storage, 2).await;
    connect(storage).await.outbox().discard(&expected[0]).await.unwrap();
    assert_eq!(ids(&claim_all(storage, after(99)).await), ids(&expected[1..]));
}

/// `OutboxRepository::discard`: what another worker has turned into a mail since it was taken stays, and so does
/// what it has turned into a newer one.
pub async fn what_has_turned_into_a_mail_is_not_discarded(storage: &dyn Storage) {
    let request = given::mail(storage, sample::mail(NOW)).await;
    let first = sample::token_ref();
    let mut earlier = request;
    for counter in 1..=2 {
        let subject = MailSubject::ResetPassword(TokenRef { counter, ..first });
        let mail = OutboxEntry { subject, ..earlier.clone() };
        connect(storage).await.outbox().resolve(mail.id, &mail.to, subject).await.unwrap();
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

/// `OutboxRepository::retry`: due again at that time, earlier or later than the lease says.
pub async fn a_mail_that_failed_is_due_when_it_was_put_off_to(storage: &dyn Storage) {
    for (put_off, not_yet) in [(5, 4), (60, 59)] {
        let mail = given::mail(storage, sample::mail(NOW)).await;
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

/// `OutboxRepository::put_back`: due again at that time, and the try does not count.
pub async fn a_mail_that_is_put_back_has_not_been_tried(storage: &dyn Storage) {
    let mail = given::mail(storage, sample::mail(NOW)).await;
    for second in [0, 5, 60] {
        let claimed = claim_all(storage, after(second)).await;
        assert_eq!(claimed, [OutboxEntry { attempts: 1, ..mail.clone() }], "after {second} s");
        let at = after(if second == 0 { 5 } else { 60 });
        connect(storage).await.outbox().put_back(mail.id, at, "away").await.unwrap();
    }
    assert_eq!(claim_all(storage, after(59)).await, []);
}

/// `OutboxRepository::park`: it waits for somebody, and not for the lease.
pub async fn a_parked_mail_is_not_claimed(storage: &dyn Storage) {
    let expected = ids(&mails(storage, 2).await);
    claim_all(storage, NOW).await;
    connect(storage).await.outbox().park(expected[0], NOW, "550 no such box").await.unwrap();
    assert_eq!(ids(&claim_all(storage, after(99)).await), expected[1..]);
}

/// `OutboxRepository::delete_sent`: those sent before that time, and none that still has to go out
/// or that somebody has to look after.
pub async fn mails_that_were_sent_long_ago_are_deleted(storage: &dyn Storage) {
    let mails = ids(&mails(storage, 5).await);
    let mut repositories = connect(storage).await;
    let outbox = repositories.outbox();
    for (id, second) in [(mails[0], 10), (mails[1], 11), (mails[2], 20)] {
        outbox.mark_sent(id, after(second)).await.unwrap();
    }
    outbox.park(mails[3], after(10), "550 no such box").await.unwrap();
    for (before, deleted) in [(15, 2), (15, 0), (99, 1)] {
        assert_eq!(outbox.delete_sent(after(before)).await.unwrap(), deleted);
    }
    drop(repositories);
    assert_eq!(ids(&claim_all(storage, after(99)).await), mails[4..]);
}
