//! The pages that people see, without a browser; `tests/browser` has them in a real one.

mod account;
mod failures;
mod forgery;
mod invitations;
mod mailed;
mod organisations;
mod sessions;
mod sign_in;
mod theme;
