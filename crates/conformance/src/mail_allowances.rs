//! `OutboxRepository::take` and `delete_allowances`.

use doorward_domain::{mail::Allowance, ports::Storage};
use time::{Duration, OffsetDateTime};

use crate::{
    concurrency::{at_once, count_yes},
    given::{begin, connect},
    sample::{self, NOW},
};

fn to(address: &str, limit: u32, at: OffsetDateTime) -> Allowance {
    Allowance::invitations_to(&sample::email(address), limit, at).unwrap()
}

async fn take(storage: &dyn Storage, allowance: &Allowance) -> bool {
    connect(storage).await.outbox().take(allowance).await.unwrap()
}

/// As many as the limit says, for each key and each day.
pub async fn allowance_is_taken_up_to_its_limit(storage: &dyn Storage) {
    let ann = to("ann@example.com", 2, NOW);
    let taken = [take(storage, &ann).await, take(storage, &ann).await, take(storage, &ann).await];
    assert_eq!(taken, [true, true, false]);
    assert!(take(storage, &to("bob@example.com", 2, NOW)).await);
    assert!(take(storage, &to("ann@example.com", 2, NOW + Duration::DAY)).await);
    // What was taken counts against another limit, too.
    assert!(take(storage, &to("ann@example.com", 3, NOW)).await);
    assert!(!take(storage, &to("ann@example.com", 1, NOW)).await);
}

/// Of many callers at the same moment no more than the limit MUST get one.
pub async fn of_many_callers_no_more_than_the_allowance_get_one(storage: &dyn Storage) {
    let ann = to("ann@example.com", 3, NOW);
    let taken = at_once(8, async |_| take(storage, &ann).await);
    assert_eq!(count_yes(taken), 3);
}

/// What was taken in a unit of work that is dropped MUST be there again.
pub async fn allowance_of_a_dropped_unit_is_there_again(storage: &dyn Storage) {
    let ann = to("ann@example.com", 1, NOW);
    let mut work = begin(storage).await;
    assert!(work.outbox().take(&ann).await.unwrap());
    drop(work);
    let mut work = begin(storage).await;
    assert!(work.outbox().take(&ann).await.unwrap());
    work.commit().await.unwrap();
    assert!(!take(storage, &ann).await);
}

/// `OutboxRepository::delete_allowances`: those of earlier days, and no others.
pub async fn allowances_of_earlier_days_are_forgotten(storage: &dyn Storage) {
    let (old, new) = (to("ann@example.com", 1, NOW), to("ann@example.com", 1, NOW + Duration::DAY));
    assert!(take(storage, &old).await && take(storage, &new).await);
    let forget = async || connect(storage).await.outbox().delete_allowances(new.day()).await;
    assert_eq!(forget().await.unwrap(), 1);
    assert_eq!(forget().await.unwrap(), 0);
    assert!(take(storage, &old).await && !take(storage, &new).await);
}
