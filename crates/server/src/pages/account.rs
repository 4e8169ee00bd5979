//! `/account`: what people do with their own account and in their organisations.

pub(super) mod deletion;
pub(super) mod invites;
pub(super) mod members;
pub(super) mod organisation;
pub(super) mod organisations;
pub(super) mod password;
pub(super) mod profile;
mod question;
pub(super) mod sessions;
pub(super) mod when;

use super::visit::{Answer, Visit};

/// `/` leads to the account, and from there to the sign-in.
pub(super) async fn begin(visit: Visit) -> Answer {
    visit.go(if visit.caller.is_some() { "/account" } else { "/sign-in" })
}
