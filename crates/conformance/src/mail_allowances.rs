//! Clauses of `OutboxRepository::take` and `delete_allowances`.

use doorward_domain::{mail::Allowance, ports::Storage};
use time::{Duration, OffsetDateTime};

use crate::{
    concurrency::{at_once, count_true},
    fixtures::{begin, connect},
    samples::{self, NOW},
};

fn to(address: &str, limit: u32, at: OffsetDateTime) -> Allowance {
    Allowance::invitations_to(&samples::email(address), limit, at).unwrap()
}

async fn take(storage: &dyn Storage, allowance: &Allowance) -> bool {
    connect(storage).await.outbox().take(allowance).await.unwrap()
}

/// Checks that each key can be taken up to the limit on each day.
pub async fn allowance_is_taken_up_to_its_limit(storage: &dyn Storage) {
    let ann = to("ann@example.com", 2, NOW);
    let taken = [take(storage, &ann).await, take(storage, &ann).await, take(storage, &ann).await];
    assert_eq!(taken, [true, true, false]);
    assert!(take(storage, &to("bob@example.com", 2, NOW)).await);
    assert!(take(storage, &to("ann@example.com", 2, NOW + Duration::DAY)).await);
    // Units already taken also count against another limit.
    assert!(take(storage, &to("ann@example.com", 3, NOW)).await);
    assert!(!take(storage, &to("ann@example.com", 1, NOW)).await);
}

/// Checks that many concurrent callers get no more than the limit.
pub async fn concurrent_callers_do_not_exceed_the_allowance(storage: &dyn Storage) {
    let ann = to("ann@example.com", 3, NOW);
    let taken = at_once(8, async |_| take(storage, &ann).await);
    assert_eq!(count_true(taken), 3);
}

/// Checks that a unit taken in a dropped unit of work is available again.
pub async fn allowance_of_a_dropped_unit_is_available_again(storage: &dyn Storage) {
    let ann = to("ann@example.com", 1, NOW);
    let mut work = begin(storage).await;
    assert!(work.outbox().take(&ann).await.unwrap());
    drop(work);
    let mut work = begin(storage).await;
    assert!(work.outbox().take(&ann).await.unwrap());
    work.commit().await.unwrap();
    assert!(!take(storage, &ann).await);
}

/// Checks that only the allowances of earlier days are deleted.
pub async fn allowances_of_earlier_days_are_deleted(storage: &dyn Storage) {
    let (old, new) = (to("ann@example.com", 1, NOW), to("ann@example.com", 1, NOW + Duration::DAY));
    assert!(take(storage, &old).await && take(storage, &new).await);
    let forget =
        async || connect(storage).await.outbox().delete_allowances(new.began_at(), 100).await;
    assert_eq!(forget().await.unwrap(), 1);
    assert_eq!(forget().await.unwrap(), 0);
    assert!(take(storage, &old).await && !take(storage, &new).await);
}
