//! What the use cases need of the world besides storage and time, small and honest.

mod hasher;
mod limiter;
mod mailer;
mod nothing;
mod tokens;

pub use hasher::{PlainHasher, password_of};
pub use limiter::OpenLimiter;
pub use mailer::{Delivered, Mailbox};
pub use nothing::{NoBlocklist, NoKeys};
pub use tokens::{StoredAccessTokens, SumTokens};
