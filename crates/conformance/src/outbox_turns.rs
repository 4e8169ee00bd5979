//! `OutboxRepository::enqueue`, `claim`, `retry` and `put_back`: whose turn it is.

use doorward_domain::{
    InviteId, MailId,
    mail::{MailLane, MailSender, MailSubject, OutboxEntry, queue::TURN},
    ports::Storage,
    token::TokenRef,
};
use time::{Duration, OffsetDateTime};

use crate::{
    given::{self, connect},
    sample::{self, NOW, after},
};

/// Claims one message after the other, as workers do that send one at a time.
async fn claim_in_turn(
    storage: &dyn Storage,
    lane: MailLane,
    count: usize,
    now: OffsetDateTime,
) -> Vec<MailId> {
    let mut claimed = Vec::new();
    for _ in 0..count {
        let mut repositories = connect(storage).await;
        let batch = repositories.outbox().claim(lane, 1, now, now + Duration::HOUR).await.unwrap();
        claimed.extend(batch.into_iter().map(|mail| mail.id));
    }
    claimed
}

async fn in_turn(storage: &dyn Storage, count: usize, now: OffsetDateTime) -> Vec<MailId> {
    claim_in_turn(storage, MailLane::Account, count, now).await
}

fn sender() -> MailSender {
    sample::mail(NOW).sender
}

/// As many messages of one sender, asked for at the same time.
async fn burst(
    storage: &dyn Storage,
    sender: &MailSender,
    count: usize,
    at: OffsetDateTime,
) -> Vec<MailId> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let entry = OutboxEntry { sender: sender.clone(), ..sample::mail(at) };
        ids.push(given::mail(storage, entry).await.id);
    }
    ids
}

/// `OutboxRepository::claim`: messages of one lane are not taken for the other.
pub async fn lanes_are_claimed_by_themselves(storage: &dyn Storage) {
    let token = TokenRef { row: InviteId::from_uuid(sample::id()).as_uuid(), counter: 1 };
    let invite = OutboxEntry { subject: MailSubject::Invite(token), ..sample::mail(NOW) };
    let invite = given::mail(storage, invite).await.id;
    let notice = given::mail(storage, sample::mail(after(1))).await.id;
    let later = after(9);
    assert_eq!(claim_in_turn(storage, MailLane::Account, 2, later).await, [notice]);
    assert_eq!(claim_in_turn(storage, MailLane::Bulk, 2, later).await, [invite]);
}

/// `OutboxRepository::enqueue`, `claim`: senders take turns.
pub async fn many_messages_of_one_sender_do_not_hold_up_another(storage: &dyn Storage) {
    let (many, few) = (sender(), sender());
    let many = burst(storage, &many, 20, NOW).await;
    let few = burst(storage, &few, 2, after(1)).await;
    let claimed = in_turn(storage, 22, after(9)).await;
    assert_eq!(claimed[..4], [many[0], few[0], many[1], few[1]]);
    assert_eq!(claimed[4..], many[2..]);
}

/// `OutboxRepository::claim`: also where all have waited for long, such as for the mail server's return.
pub async fn new_sender_has_a_turn_soon_however_long_others_have_waited(storage: &dyn Storage) {
    let many = burst(storage, &sender(), 20, NOW).await;
    let later = NOW + TURN - Duration::HOUR;
    let new = burst(storage, &sender(), 1, later).await;
    assert_eq!(in_turn(storage, 3, later).await, [many[0], new[0], many[1]]);
}

/// `OutboxRepository::claim`: whatever is due is taken where nobody else waits, tried before or not.
pub async fn messages_are_claimed_before_their_turn_where_nothing_else_waits(
    storage: &dyn Storage,
) {
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

/// `OutboxRepository::retry`: messages that all fail leave others their turns.
pub async fn messages_that_fail_do_not_hold_up_those_of_another_sender(storage: &dyn Storage) {
    let failing = burst(storage, &sender(), 10, NOW).await;
    assert_eq!(in_turn(storage, 10, NOW).await, failing);
    for id in &failing {
        connect(storage).await.outbox().retry(*id, after(5), "451 later").await.unwrap();
    }
    let other = burst(storage, &sender(), 1, after(60)).await;
    // One that has been tried itself has its turn as well.
    let tried = burst(storage, &sender(), 1, after(60)).await;
    connect(storage).await.outbox().retry(tried[0], after(70), "451 later").await.unwrap();
    let claimed = in_turn(storage, 12, after(80)).await;
    let place = |id| claimed.iter().position(|claimed| *claimed == id).unwrap();
    assert!(place(other[0]) <= 1 && place(tried[0]) <= 2, "{claimed:?} of {failing:?}");
    assert_eq!(claimed.len(), 12);
}

/// `OutboxRepository::put_back`: a message keeps its turn, unless that is before the time it is put back to.
pub async fn message_that_is_put_back_keeps_its_turn(storage: &dyn Storage) {
    let many = burst(storage, &sender(), 3, NOW).await;
    assert_eq!(in_turn(storage, 3, NOW).await, many);
    for id in &many {
        connect(storage).await.outbox().put_back(*id, after(20), "away").await.unwrap();
    }
    let other = burst(storage, &sender(), 1, after(10)).await;
    assert_eq!(in_turn(storage, 4, after(30)).await, [other[0], many[0], many[1], many[2]]);
}

/// `OutboxRepository::enqueue`: what has gone out, or was given up, moves no turn.
pub async fn turns_are_counted_from_messages_that_wait(storage: &dyn Storage) {
    let (sender, other) = (sender(), sender());
    let gone = burst(storage, &sender, 2, NOW).await;
    let mut repositories = connect(storage).await;
    repositories.outbox().mark_sent(gone[0], NOW).await.unwrap();
    repositories.outbox().park(gone[1], NOW, "550 no such box").await.unwrap();
    drop(repositories);
    let next = burst(storage, &sender, 1, after(1)).await;
    let others = burst(storage, &other, 1, after(2)).await;
    assert_eq!(in_turn(storage, 2, after(9)).await, [next[0], others[0]]);
}
