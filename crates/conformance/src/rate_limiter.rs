//! Clauses of `RateLimiter`. They determine the size of each limit by reaching it.

use doorward_domain::{
    mock::FrozenClock,
    ports::{Bucket, Limit, RateLimiter, RetryAfter},
};
use time::Duration;

use crate::concurrency::{at_once, count_true};

const LIMITS: [Limit; 6] = [
    Limit::Register,
    Limit::Login,
    Limit::LoginFailures,
    Limit::Refresh,
    Limit::Mail,
    Limit::Other,
];

/// A number above every limit. A bucket that isn't empty after this many calls is considered unlimited.
const BOUNDLESS: usize = 100_000;

/// Takes tokens until the bucket is empty. Returns their number and the time to wait.
async fn exhaust(limiter: &dyn RateLimiter, limit: Limit, key: &str) -> (usize, RetryAfter) {
    for taken in 0..BOUNDLESS {
        if let Err(wait) = limiter.take(limit, key).await {
            return (taken, wait);
        }
    }
    panic!("{limit:?} limits nothing");
}

fn pass(clock: &FrozenClock, wait: RetryAfter) {
    clock.advance(Duration::try_from(wait.0).unwrap());
}

/// Checks that a bucket holds at least one token and a limited number of them.
pub async fn every_bucket_is_limited(limiter: &dyn RateLimiter, _clock: &FrozenClock) {
    for limit in LIMITS {
        let (taken, wait) = exhaust(limiter, limit, "ann").await;
        assert!(taken > 0, "{limit:?}");
        assert!(!wait.0.is_zero() && wait.0 <= std::time::Duration::from_secs(60), "{limit:?}");
        assert!(limiter.take(limit, "ann").await.is_err(), "{limit:?}");
    }
}

/// Checks that a call succeeds after the returned time.
pub async fn token_is_available_after_the_returned_wait(
    limiter: &dyn RateLimiter,
    clock: &FrozenClock,
) {
    for limit in LIMITS {
        let (_, mut wait) = exhaust(limiter, limit, "ann").await;
        for _ in 0..3 {
            pass(clock, wait);
            assert_eq!(limiter.take(limit, "ann").await, Ok(()), "{limit:?}");
            wait = exhaust(limiter, limit, "ann").await.1;
        }
    }
}

/// Checks that a bucket is refilled after a minute, and never beyond its capacity.
pub async fn bucket_is_refilled_after_a_minute(limiter: &dyn RateLimiter, clock: &FrozenClock) {
    for limit in LIMITS {
        let (full, _) = exhaust(limiter, limit, "ann").await;
        for minutes in [1, 60] {
            clock.advance(Duration::minutes(minutes));
            assert_eq!(exhaust(limiter, limit, "ann").await.0, full, "{limit:?}");
        }
    }
}

/// Checks that a bucket is refilled evenly: half of it in half a minute.
pub async fn half_a_bucket_is_refilled_after_half_a_minute(
    limiter: &dyn RateLimiter,
    clock: &FrozenClock,
) {
    for limit in LIMITS {
        let (full, _) = exhaust(limiter, limit, "ann").await;
        clock.advance(Duration::seconds(30));
        let (half, _) = exhaust(limiter, limit, "ann").await;
        assert!(half.abs_diff(full / 2) <= 1, "{limit:?}: {half} of {full}");
    }
}

/// Checks that each key has its own bucket.
pub async fn keys_are_counted_separately(limiter: &dyn RateLimiter, _clock: &FrozenClock) {
    let (full, _) = exhaust(limiter, Limit::Login, "ann").await;
    for key in ["bob", "ANN", "ann ", ""] {
        assert_eq!(exhaust(limiter, Limit::Login, key).await.0, full, "{key:?}");
    }
}

/// Checks that each limit has its own buckets.
pub async fn limits_are_counted_separately(limiter: &dyn RateLimiter, _clock: &FrozenClock) {
    exhaust(limiter, Limit::Login, "ann").await;
    for limit in LIMITS.into_iter().filter(|limit| *limit != Limit::Login) {
        assert_eq!(limiter.take(limit, "ann").await, Ok(()), "{limit:?}");
    }
}

/// Checks that a returned token can be taken again, once.
pub async fn returned_token_can_be_taken_again(limiter: &dyn RateLimiter, _clock: &FrozenClock) {
    for limit in LIMITS {
        exhaust(limiter, limit, "ann").await;
        limiter.release(limit, "ann").await;
        assert_eq!(exhaust(limiter, limit, "ann").await.0, 1, "{limit:?}");
    }
}

/// Checks that a token is returned only to this key's bucket of this limit.
pub async fn token_is_returned_to_its_own_bucket(limiter: &dyn RateLimiter, _clock: &FrozenClock) {
    exhaust(limiter, Limit::Login, "ann").await;
    exhaust(limiter, Limit::Mail, "ann").await;
    exhaust(limiter, Limit::Login, "bob").await;
    limiter.release(Limit::Login, "ann").await;
    assert!(limiter.take(Limit::Mail, "ann").await.is_err());
    assert!(limiter.take(Limit::Login, "bob").await.is_err());
}

/// Checks that a returned token doesn't fill a bucket beyond its capacity.
pub async fn full_bucket_accepts_no_more_tokens(limiter: &dyn RateLimiter, clock: &FrozenClock) {
    let (full, _) = exhaust(limiter, Limit::Login, "ann").await;
    clock.advance(Duration::MINUTE);
    for _ in 0..3 {
        limiter.release(Limit::Login, "ann").await;
    }
    assert_eq!(exhaust(limiter, Limit::Login, "ann").await.0, full);
}

/// Checks that taking tokens is atomic: concurrent callers can't take the same token.
pub async fn concurrent_takes_do_not_exceed_the_limit(
    limiter: &dyn RateLimiter,
    _clock: &FrozenClock,
) {
    let (full, _) = exhaust(limiter, Limit::Login, "ann").await;
    let answers = at_once(16, async |_| {
        let mut answers = Vec::new();
        for _ in 0..full {
            answers.push(limiter.take(Limit::Login, "bob").await.is_ok());
        }
        answers
    });
    assert_eq!(count_true(answers.concat()), full);
}

/// Checks that returning tokens is atomic: no token that concurrent callers return is lost.
pub async fn concurrently_returned_tokens_are_all_counted(
    limiter: &dyn RateLimiter,
    _clock: &FrozenClock,
) {
    let (full, _) = exhaust(limiter, Limit::Refresh, "ann").await;
    let callers = full.min(16);
    at_once(callers, async |_| limiter.release(Limit::Refresh, "ann").await);
    assert_eq!(exhaust(limiter, Limit::Refresh, "ann").await.0, callers);
}

fn groups(keys: &[&[&str]]) -> Vec<Vec<Bucket>> {
    let group = |keys: &&[&str]| keys.iter().map(|key| Bucket::new(Limit::Login, *key)).collect();
    keys.iter().map(group).collect()
}

/// Checks that `RateLimiter::take_any` takes from every group in which no bucket is empty, and that
/// `RateLimiter::release_all` returns a token to each bucket.
pub async fn take_any_takes_from_groups_with_tokens(
    limiter: &dyn RateLimiter,
    clock: &FrozenClock,
) {
    let (full, _) = exhaust(limiter, Limit::Login, "ann").await;
    let taken = limiter.take_any(groups(&[&["ann"], &["bob"]])).await.unwrap();
    assert_eq!(taken, groups(&[&["bob"]]).concat());
    let taken = limiter.take_any(groups(&[&["bob"], &["cy"]])).await.unwrap();
    assert_eq!(taken, groups(&[&["bob", "cy"]]).concat());
    limiter.release_all(taken).await;
    assert_eq!(exhaust(limiter, Limit::Login, "bob").await.0, full - 1);
    assert_eq!(exhaust(limiter, Limit::Login, "cy").await.0, full);
    let Err(wait) = limiter.take_any(groups(&[&["ann"], &["bob"]])).await else { panic!("taken") };
    pass(clock, wait);
    assert!(limiter.take_any(groups(&[&["ann"], &["bob"]])).await.is_ok());
}

/// Checks that a group with an empty bucket loses nothing, and that a call succeeds after the returned time.
pub async fn group_takes_from_all_of_its_buckets_or_none(
    limiter: &dyn RateLimiter,
    clock: &FrozenClock,
) {
    let (full, _) = exhaust(limiter, Limit::Login, "ann").await;
    for _ in 0..3 {
        let Err(wait) = limiter.take_any(groups(&[&["bob", "ann", "cy"]])).await else {
            panic!("a bucket was empty")
        };
        pass(clock, wait);
        assert!(limiter.take_any(groups(&[&["ann"]])).await.is_ok());
    }
    for key in ["bob", "cy"] {
        assert_eq!(exhaust(limiter, Limit::Login, key).await.0, full, "{key}");
    }
    clock.advance(Duration::MINUTE);
    let taken = limiter.take_any(groups(&[&["bob", "ann", "cy"]])).await.unwrap();
    assert_eq!(taken.len(), 3);
    for key in ["ann", "bob", "cy"] {
        assert_eq!(exhaust(limiter, Limit::Login, key).await.0, full - 1, "{key}");
    }
}

/// Checks that a bucket with a multiple has that multiple of the limit's capacity, refilled over the same
/// minute.
pub async fn bucket_capacity_is_a_multiple_of_the_limit(
    limiter: &dyn RateLimiter,
    clock: &FrozenClock,
) {
    let (full, _) = exhaust(limiter, Limit::Login, "ann").await;
    for times in [4, 16] {
        let bucket = Bucket { times, ..Bucket::new(Limit::Login, format!("wide {times}")) };
        let take = async || limiter.take_any(vec![vec![bucket.clone()]]).await.is_ok();
        for minutes in 0..2 {
            let mut taken = 0;
            while take().await {
                taken += 1;
            }
            assert_eq!(taken, full * times as usize, "{minutes}");
            clock.advance(Duration::MINUTE);
        }
    }
}
