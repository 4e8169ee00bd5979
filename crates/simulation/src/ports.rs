//! Simple implementations of the ports other than storage and time.

mod hasher;
mod limiter;
mod mailer;
mod noop;
mod tokens;

pub use hasher::{PlainHasher, password_of};
pub use limiter::OpenLimiter;
pub use mailer::{Delivered, Mailbox};
pub use noop::{NoBlocklist, NoKeys};
pub use tokens::{StoredAccessTokens, SumTokens};
