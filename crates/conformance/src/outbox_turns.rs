//! Clauses of `OutboxRepository::enqueue`, `claim`, `retry`, and `release` about the order of messages.

use doorward_domain::{
    InviteId, MailId,
    mail::{MailKind, MailLane, MailSender, OutboxEntry, queue::TURN},
    ports::Storage,
    token::TokenRef,
};
use time::{Duration, OffsetDateTime};

use crate::{
    fixtures::{self, connect},
    samples::{self, NOW, after},
};

/// Leases one message after another, like workers that each send one at a time.
async fn claim_in_turn(
    storage: &dyn Storage,
    lane: MailLane,
    count: usize,
    now: OffsetDateTime,
) -> Vec<MailId> {
    let mut claimed = Vec::new();
    for _ in 0..count {
        let mut repositories = connect(storage).await;
        let batch = repositories.outbox().lease(lane, 1, now, now + Duration::HOUR).await.unwrap();
        claimed.extend(batch.into_iter().map(|mail| mail.id));
    }
    claimed
}

async fn in_turn(storage: &dyn Storage, count: usize, now: OffsetDateTime) -> Vec<MailId> {
    claim_in_turn(storage, MailLane::Account, count, now).await
}

fn sender() -> MailSender {
    samples::mail(NOW).sender
}

/// Adds `count` messages of one sender, requested at the same time.
async fn burst(
    storage: &dyn Storage,
    sender: &MailSender,
    count: usize,
    at: OffsetDateTime,
) -> Vec<MailId> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let entry = OutboxEntry { sender: sender.clone(), ..samples::mail(at) };
        ids.push(fixtures::mail(storage, entry).await.id);
    }
    ids
}

/// Checks that messages in one lane aren't leased for the other.
pub async fn lanes_are_leased_separately(storage: &dyn Storage) {
    let token = TokenRef { id: InviteId::from_uuid(samples::id()).as_uuid(), counter: 1 };
    let invite = OutboxEntry { subject: MailKind::Invite(token), ..samples::mail(NOW) };
    let invite = fixtures::mail(storage, invite).await.id;
    let notice = fixtures::mail(storage, samples::mail(after(1))).await.id;
    let later = after(9);
    assert_eq!(claim_in_turn(storage, MailLane::Account, 2, later).await, [notice]);
    assert_eq!(claim_in_turn(storage, MailLane::Bulk, 2, later).await, [invite]);
}

/// Checks that senders take turns.
pub async fn many_messages_of_one_sender_do_not_delay_another(storage: &dyn Storage) {
    let (many, few) = (sender(), sender());
    let many = burst(storage, &many, 20, NOW).await;
    let few = burst(storage, &few, 2, after(1)).await;
    let claimed = in_turn(storage, 22, after(9)).await;
    assert_eq!(claimed[..4], [many[0], few[0], many[1], few[1]]);
    assert_eq!(claimed[4..], many[2..]);
}

/// Checks that a new sender has a turn soon, even if other messages have waited for long, for example until
/// the mail server recovered.
pub async fn new_sender_gets_a_turn_before_long_waiting_messages(storage: &dyn Storage) {
    let many = burst(storage, &sender(), 20, NOW).await;
    let later = NOW + TURN - Duration::HOUR;
    let new = burst(storage, &sender(), 1, later).await;
    assert_eq!(in_turn(storage, 3, later).await, [many[0], new[0], many[1]]);
}

/// Checks that every due message is leased if no other sender waits, whether it was tried before or not.
pub async fn messages_are_leased_before_their_turn_if_no_other_sender_waits(storage: &dyn Storage) {
    let many = burst(storage, &sender(), 3, NOW).await;
    assert_eq!(in_turn(storage, 3, NOW).await, many);
    let mut repositories = connect(storage).await;
    for id in &many {
        repositories.outbox().retry(*id, after(5), "451 later").await.unwrap();
    }
    drop(repositories);
    assert_eq!(in_turn(storage, 3, after(4)).await, []);
    assert_eq!(in_turn(storage, 4, after(5)).await.len(), 3);
}

/// Checks that a message that keeps failing leaves other senders their turns.
pub async fn failing_messages_do_not_delay_other_senders(storage: &dyn Storage) {
    let failing = burst(storage, &sender(), 10, NOW).await;
    assert_eq!(in_turn(storage, 10, NOW).await, failing);
    for id in &failing {
        connect(storage).await.outbox().retry(*id, after(5), "451 later").await.unwrap();
    }
    let other = burst(storage, &sender(), 1, after(60)).await;
    // A message that was tried before also has its turn.
    let tried = burst(storage, &sender(), 1, after(60)).await;
    connect(storage).await.outbox().retry(tried[0], after(70), "451 later").await.unwrap();
    let claimed = in_turn(storage, 12, after(80)).await;
    let place = |id| claimed.iter().position(|claimed| *claimed == id).unwrap();
    assert!(place(other[0]) <= 1 && place(tried[0]) <= 2, "{claimed:?} of {failing:?}");
    assert_eq!(claimed.len(), 12);
}

/// Checks that a message keeps its turn, unless that is before the time at which it becomes due.
pub async fn released_message_keeps_its_turn(storage: &dyn Storage) {
    let many = burst(storage, &sender(), 3, NOW).await;
    assert_eq!(in_turn(storage, 3, NOW).await, many);
    for id in &many {
        connect(storage).await.outbox().release(*id, after(20), "away").await.unwrap();
    }
    let other = burst(storage, &sender(), 1, after(10)).await;
    assert_eq!(in_turn(storage, 4, after(30)).await, [other[0], many[0], many[1], many[2]]);
}

/// Checks that messages that were sent or have failed don't affect the turns of new ones.
pub async fn turns_are_computed_from_waiting_messages(storage: &dyn Storage) {
    let (sender, other) = (sender(), sender());
    let gone = burst(storage, &sender, 2, NOW).await;
    let mut repositories = connect(storage).await;
    repositories.outbox().mark_sent(gone[0], NOW).await.unwrap();
    repositories.outbox().mark_failed(gone[1], NOW, "550 no such box").await.unwrap();
    drop(repositories);
    let next = burst(storage, &sender, 1, after(1)).await;
    let others = burst(storage, &other, 1, after(2)).await;
    assert_eq!(in_turn(storage, 2, after(9)).await, [next[0], others[0]]);
}
