//! The command line of operators, by the binary and beside a running server.

mod accounts;
mod arguments;
mod backups;
mod copies;
mod deletion;
mod health;
mod lists;
mod lost_secret;
mod mails;
mod organisations;
mod sessions;
mod setup;
