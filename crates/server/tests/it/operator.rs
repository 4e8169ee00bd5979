//! The command line of operators, by the binary and beside a running server.

mod accounts;
mod backups;
mod copies;
mod deletion;
mod lists;
mod mails;
mod organisations;
mod sessions;
mod setup;
