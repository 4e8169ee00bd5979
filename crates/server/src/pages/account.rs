//! `/account`: the pages for a user's account and organizations.

pub(super) mod deletion;
pub(super) mod invites;
pub(super) mod members;
pub(super) mod organization;
pub(super) mod organizations;
pub(super) mod password;
pub(super) mod profile;
mod question;
pub(super) mod sessions;
pub(super) mod when;

use super::visit::{PageRequest, PageResult};

/// Redirects `/` to the account, or to the sign-in page if the user isn't signed in.
pub(super) async fn begin(visit: PageRequest) -> PageResult {
    visit.redirect(if visit.caller.is_some() { "/account" } else { "/sign-in" })
}
