//! How often a password may be tried.

use doorward_domain::{
    client::{Client, Network},
    ports::{Bucket, Limit, RateLimiter, RetryAfter},
    token::TokenRef,
    user::{Credentials, LoginName},
};

/// An attempt that was counted as a failed one until its outcome is known.
pub(super) struct Attempt {
    taken: Vec<Bucket>,
    /// Whether the password may be compared. Where it may not, the response is that of a wrong one.
    pub(super) is_checked: bool,
}

impl Attempt {
    /// Counts an attempt, before the password is looked at: attempts at the same moment can't pass the limit.
    ///
    /// A device that the account knows has a budget of its own. All other clients are counted twice: by the name that
    /// was typed, which decides whether they are told to wait, and by the account behind it. Names of one account
    /// share the account's budget, and no response tells that they belong together.
    pub(super) async fn count(
        limiter: &dyn RateLimiter,
        name: &str,
        found: Option<&Credentials>,
        client: &Client,
        device: Option<TokenRef>,
    ) -> Result<Self, RetryAfter> {
        if let (Some(found), Some(device)) = (found.filter(|found| found.knows_device), device) {
            let own =
                Bucket::new(Limit::LoginFailures, format!("user:{}#{}", found.user.id, device.row));
            let taken = limiter.take_any(vec![vec![own]]).await?;
            return Ok(Self { taken, is_checked: true });
        }
        let network = client.network();
        let is_known = found.is_some_and(|found| found.knows_network);
        let name = match LoginName::parse(name) {
            Ok(name) => name.key(),
            // No account can have it. All such names are one, so that they take no memory.
            Err(_) => format!("nobody@{network}"),
        };
        let mut taken =
            limiter.take_any(budgets(&format!("name:{name}"), network, is_known)).await?;
        // Without an account the work is the same.
        let account =
            found.map_or_else(|| format!("none:{name}"), |found| format!("user:{}", found.user.id));
        let by_account = limiter.take_any(budgets(&account, network, is_known)).await;
        let is_checked = by_account.is_ok();
        taken.extend(by_account.unwrap_or_default());
        Ok(Self { taken, is_checked })
    }

    /// Takes the count back: the attempt did not fail.
    pub(super) async fn has_not_failed(&mut self, limiter: &dyn RateLimiter) {
        let taken = std::mem::take(&mut self.taken);
        if !taken.is_empty() {
            limiter.give_back_all(taken).await;
        }
    }
}

/// The budgets of which one has to be left: a small one of the network that no other client can spend, and either the
/// one that all unrecognized clients share, or that of a known network.
fn budgets(subject: &str, network: Network, is_known: bool) -> Vec<Vec<Bucket>> {
    let at = format!("{subject}@");
    let shared = if is_known { format!("{at}{network}") } else { subject.to_owned() };
    vec![
        Bucket::of_network(Limit::LoginReserve, &at, network),
        vec![Bucket::new(Limit::LoginFailures, shared)],
    ]
}
