//! Limits on the hashes that go first in the queue.

use doorward_domain::{
    UserId,
    ports::{Bucket, Limit, Priority, RateLimiter, RetryAfter},
    request_context::RequestContext,
};

/// How many times as many hashes one network may cause as one account, because users share networks.
const PER_NETWORK: u32 = 6;

/// Takes one hash from the budgets of an account and of the client's network. It is spent even if the password is
/// correct: otherwise one account could keep the queue full, and unrecognized clients would wait. `what` names the kind
/// of request; each kind has its own budget, so that one can't use up that of another.
///
/// # Errors
/// Returns [`RetryAfter`] if a budget is exhausted. Nothing is taken then.
pub(crate) async fn spend(
    limiter: &dyn RateLimiter,
    what: &str,
    user: UserId,
    client: &RequestContext,
) -> Result<(), RetryAfter> {
    let mut all = vec![Bucket::new(Limit::RecognizedHashes, format!("{what}:{user}"))];
    all.extend(of_network(what, client));
    limiter.take_any(vec![all]).await.map(drop)
}

/// Takes one hash for the holder of a reset link. Only this account's links spend its budget, so more requests are
/// rejected. If the network's budget is exhausted, which others may have done, the hash has the priority of any other
/// client.
///
/// # Errors
/// Returns [`RetryAfter`] if the account's budget is exhausted.
pub(crate) async fn of_link(
    limiter: &dyn RateLimiter,
    user: UserId,
    client: &RequestContext,
) -> Result<Priority, RetryAfter> {
    limiter.take(Limit::RecognizedHashes, &format!("reset:{user}")).await?;
    match limiter.take_any(vec![of_network("reset", client)]).await {
        Ok(_) => Ok(Priority::Recognized),
        Err(_exhausted) => Ok(Priority::Unrecognized),
    }
}

/// Takes one hash as [`spend`] does. Returns the priority of a recognized client, or that of any other client if a
/// budget is exhausted.
pub(crate) async fn priority(
    limiter: &dyn RateLimiter,
    what: &str,
    user: UserId,
    client: &RequestContext,
) -> Priority {
    match spend(limiter, what, user, client).await {
        Ok(()) => Priority::Recognized,
        Err(_exhausted) => Priority::Unrecognized,
    }
}

/// Returns the budgets of the client's network.
fn of_network(what: &str, client: &RequestContext) -> Vec<Bucket> {
    let networks =
        Bucket::of_network(Limit::RecognizedHashes, &format!("{what}@"), client.ip_prefix());
    let wider = |bucket: Bucket| Bucket { times: bucket.times * PER_NETWORK, ..bucket };
    networks.into_iter().map(wider).collect()
}
