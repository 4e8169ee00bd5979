//! The pages without a browser; `tests/browser` tests them in a real one.

mod account;
mod dead_links;
mod disown;
mod email_change;
mod failures;
mod forgery;
mod invitations;
mod mailed;
mod notices;
mod organizations;
mod password_check;
mod questions;
mod refused;
mod sessions;
mod shared_host;
mod sign_in;
mod theme;
