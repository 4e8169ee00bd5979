//! `RateLimiter`. What a limit is, the clauses find out by reaching it.

use doorward_domain::{
    mock::FrozenClock,
    ports::{Bucket, Limit, RateLimiter, RetryAfter},
};
use time::Duration;

use crate::concurrency::{at_once, count_yes};

const LIMITS: [Limit; 6] = [
    Limit::Register,
    Limit::Login,
    Limit::LoginFailures,
    Limit::Refresh,
    Limit::Mail,
    Limit::Other,
];

/// No limit is as high as this: a bucket that is not empty by then never will be.
const BOUNDLESS: usize = 100_000;

/// Takes all there is, and answers how much it was and what was heard then.
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

/// `RateLimiter::take`: a bucket holds something, and not everything.
pub async fn every_bucket_runs_empty(limiter: &dyn RateLimiter, _clock: &FrozenClock) {
    for limit in LIMITS {
        let (taken, wait) = exhaust(limiter, limit, "ann").await;
        assert!(taken > 0, "{limit:?}");
        assert!(!wait.0.is_zero() && wait.0 <= std::time::Duration::from_secs(60), "{limit:?}");
        assert!(limiter.take(limit, "ann").await.is_err(), "{limit:?}");
    }
}

/// `RateLimiter::take`: the time in the answer is honest: a call after it succeeds.
pub async fn after_the_wait_one_more_is_taken(limiter: &dyn RateLimiter, clock: &FrozenClock) {
    for limit in LIMITS {
        let (_, mut wait) = exhaust(limiter, limit, "ann").await;
        for _ in 0..3 {
            pass(clock, wait);
            assert_eq!(limiter.take(limit, "ann").await, Ok(()), "{limit:?}");
            wait = exhaust(limiter, limit, "ann").await.1;
        }
    }
}

/// Each limit is a bucket that is refilled over a minute: no fuller than it was, however long
/// nobody takes from it.
pub async fn a_minute_refills_the_bucket(limiter: &dyn RateLimiter, clock: &FrozenClock) {
    for limit in LIMITS {
        let (full, _) = exhaust(limiter, limit, "ann").await;
        for minutes in [1, 60] {
            clock.advance(Duration::minutes(minutes));
            assert_eq!(exhaust(limiter, limit, "ann").await.0, full, "{limit:?}");
        }
    }
}

/// Each limit is a bucket that is refilled evenly: half of it comes back in half a minute.
pub async fn half_a_minute_refills_half_the_bucket(limiter: &dyn RateLimiter, clock: &FrozenClock) {
    for limit in LIMITS {
        let (full, _) = exhaust(limiter, limit, "ann").await;
        clock.advance(Duration::seconds(30));
        let (half, _) = exhaust(limiter, limit, "ann").await;
        assert!(half.abs_diff(full / 2) <= 1, "{limit:?}: {half} of {full}");
    }
}

/// Each key has a bucket of its own.
pub async fn keys_are_counted_by_themselves(limiter: &dyn RateLimiter, _clock: &FrozenClock) {
    let (full, _) = exhaust(limiter, Limit::Login, "ann").await;
    for key in ["bob", "ANN", "ann ", ""] {
        assert_eq!(exhaust(limiter, Limit::Login, key).await.0, full, "{key:?}");
    }
}

/// Each limit has buckets of its own.
pub async fn limits_are_counted_by_themselves(limiter: &dyn RateLimiter, _clock: &FrozenClock) {
    exhaust(limiter, Limit::Login, "ann").await;
    for limit in LIMITS.into_iter().filter(|limit| *limit != Limit::Login) {
        assert_eq!(limiter.take(limit, "ann").await, Ok(()), "{limit:?}");
    }
}

/// `RateLimiter::give_back`: the token can be taken again, once.
pub async fn a_token_given_back_is_taken_again(limiter: &dyn RateLimiter, _clock: &FrozenClock) {
    for limit in LIMITS {
        exhaust(limiter, limit, "ann").await;
        limiter.give_back(limit, "ann").await;
        assert_eq!(exhaust(limiter, limit, "ann").await.0, 1, "{limit:?}");
    }
}

/// `RateLimiter::give_back`: of this key's bucket and no other.
pub async fn a_token_is_given_back_to_its_own_bucket(
    limiter: &dyn RateLimiter,
    _clock: &FrozenClock,
) {
    exhaust(limiter, Limit::Login, "ann").await;
    exhaust(limiter, Limit::Mail, "ann").await;
    exhaust(limiter, Limit::Login, "bob").await;
    limiter.give_back(Limit::Login, "ann").await;
    assert!(limiter.take(Limit::Mail, "ann").await.is_err());
    assert!(limiter.take(Limit::Login, "bob").await.is_err());
}

/// `RateLimiter::give_back`: a bucket that has refilled meanwhile gets no fuller.
pub async fn a_full_bucket_gets_no_fuller(limiter: &dyn RateLimiter, clock: &FrozenClock) {
    let (full, _) = exhaust(limiter, Limit::Login, "ann").await;
    clock.advance(Duration::MINUTE);
    for _ in 0..3 {
        limiter.give_back(Limit::Login, "ann").await;
    }
    assert_eq!(exhaust(limiter, Limit::Login, "ann").await.0, full);
}

/// Taking MUST be atomic: callers at the same moment can't take the same token.
pub async fn takes_at_the_same_moment_never_pass_the_limit(
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
    assert_eq!(count_yes(answers.concat()), full);
}

/// Giving back MUST be atomic as well: what callers at the same moment give back is all there.
pub async fn tokens_given_back_at_the_same_moment_all_count(
    limiter: &dyn RateLimiter,
    _clock: &FrozenClock,
) {
    let (full, _) = exhaust(limiter, Limit::Refresh, "ann").await;
    let callers = full.min(16);
    at_once(callers, async |_| limiter.give_back(Limit::Refresh, "ann").await);
    assert_eq!(exhaust(limiter, Limit::Refresh, "ann").await.0, callers);
}

fn groups(keys: &[&[&str]]) -> Vec<Vec<Bucket>> {
    let group = |keys: &&[&str]| keys.iter().map(|key| Bucket::new(Limit::Login, *key)).collect();
    keys.iter().map(group).collect()
}

/// `RateLimiter::take_any`: from every group in which no bucket is empty; `RateLimiter::give_back_all`: to each of them.
pub async fn any_group_that_has_a_token_left_is_enough(
    limiter: &dyn RateLimiter,
    clock: &FrozenClock,
) {
    let (full, _) = exhaust(limiter, Limit::Login, "ann").await;
    let taken = limiter.take_any(groups(&[&["ann"], &["bob"]])).await.unwrap();
    assert_eq!(taken, groups(&[&["bob"]]).concat());
    let taken = limiter.take_any(groups(&[&["bob"], &["cy"]])).await.unwrap();
    assert_eq!(taken, groups(&[&["bob", "cy"]]).concat());
    limiter.give_back_all(taken).await;
    assert_eq!(exhaust(limiter, Limit::Login, "bob").await.0, full - 1);
    assert_eq!(exhaust(limiter, Limit::Login, "cy").await.0, full);
    let Err(wait) = limiter.take_any(groups(&[&["ann"], &["bob"]])).await else { panic!("taken") };
    pass(clock, wait);
    assert!(limiter.take_any(groups(&[&["ann"], &["bob"]])).await.is_ok());
}

/// `RateLimiter::take_any`: a group in which a bucket is empty MUST lose nothing, and the time is honest.
pub async fn a_group_takes_from_all_of_its_buckets_or_from_none(
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

/// `Bucket::times`: so many times what the limit allows, refilled over the same minute.
pub async fn a_bucket_holds_as_many_times_more_as_it_says(
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
