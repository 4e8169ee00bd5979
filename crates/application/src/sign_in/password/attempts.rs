//! Limits on password attempts.

use doorward_domain::{
    account::user::{LoginCandidate, LoginIdentifier},
    ports::{Bucket, Limit, Priority, RateLimiter, RetryAfter},
    request_context::{IpPrefix, RequestContext},
    token::TokenRef,
};

use crate::password::hash_budget;

/// A password attempt, which counts as failed until its outcome is known.
pub(super) struct Attempt {
    taken: Vec<Bucket>,
    /// Whether the password may be compared. If `false`, the response is that of an incorrect password.
    pub(super) is_checked: bool,
    /// The priority of the password's hash. Only a device that the account knows is recognized, within its budget of
    /// sign-ins.
    pub(super) priority: Priority,
}

impl Attempt {
    /// Counts an attempt before its password is verified, so that concurrent attempts can't exceed the limit.
    ///
    /// A device that the account knows has its own budget. If the limit of the client's network is reached
    /// (`over_limit`), only such a device may try, as often as the account's recognized devices may together. Attempts
    /// of all other clients are counted twice: by the typed name, which decides whether the response is [`RetryAfter`],
    /// and by the account. All names of an account share the account's budget, but no response reveals that they belong
    /// to the same account.
    pub(super) async fn count(
        limiter: &dyn RateLimiter,
        name: &str,
        found: Option<&LoginCandidate>,
        client: &RequestContext,
        device: Option<TokenRef>,
        over_limit: Option<RetryAfter>,
    ) -> Result<Self, RetryAfter> {
        if let (Some(found), Some(device)) = (found.filter(|found| found.is_known_device), device) {
            let own =
                Bucket::new(Limit::LoginFailures, format!("user:{}#{}", found.user.id, device.id));
            if over_limit.is_some() {
                // An account can have many devices. The network doesn't count here: others may have spent its budget.
                limiter
                    .take(Limit::RecognizedHashes, &format!("over limit:{}", found.user.id))
                    .await?;
            }
            let taken = limiter.take_any(vec![vec![own]]).await?;
            // Beyond this budget, which correct passwords spend as well, the device waits as other clients do.
            let priority = hash_budget::priority(limiter, "sign-in", found.user.id, client).await;
            return Ok(Self { taken, is_checked: true, priority });
        }
        if let Some(retry) = over_limit {
            return Err(retry);
        }
        let network = client.ip_prefix();
        let is_known = found.is_some_and(|found| found.is_known_ip_prefix);
        let name = match LoginIdentifier::parse(name) {
            Ok(name) => name.key(),
            // No account can have this name. All such names share one key per network, so that they take no memory.
            Err(_) => format!("invalid@{network}"),
        };
        let mut taken =
            limiter.take_any(budgets(&format!("name:{name}"), network, is_known)).await?;
        // The work is the same if the account doesn't exist.
        let account =
            found.map_or_else(|| format!("none:{name}"), |found| format!("user:{}", found.user.id));
        let by_account = limiter.take_any(budgets(&account, network, is_known)).await;
        let is_checked = by_account.is_ok();
        taken.extend(by_account.unwrap_or_default());
        Ok(Self { taken, is_checked, priority: Priority::Unrecognized })
    }

    /// Releases what was counted, because the attempt did not fail.
    pub(super) async fn has_not_failed(&mut self, limiter: &dyn RateLimiter) {
        let taken = std::mem::take(&mut self.taken);
        if !taken.is_empty() {
            limiter.release_all(taken).await;
        }
    }
}

/// Returns the budgets of an attempt, of which at least one must not be exhausted: a small reserve of the network,
/// which clients of other networks can't exhaust; and the budget that all unrecognized clients share or, for a known
/// network, its own.
fn budgets(subject: &str, network: IpPrefix, is_known: bool) -> Vec<Vec<Bucket>> {
    let at = format!("{subject}@");
    let shared = if is_known { format!("{at}{network}") } else { subject.to_owned() };
    vec![
        Bucket::of_network(Limit::LoginReserve, &at, network),
        vec![Bucket::new(Limit::LoginFailures, shared)],
    ]
}
