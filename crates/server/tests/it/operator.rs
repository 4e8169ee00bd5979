//! The command line, run as a binary beside a server.

mod accounts;
mod arguments;
mod backups;
mod copies;
mod deletion;
mod health;
mod lists;
mod lost_secret;
mod mails;
mod organizations;
mod sessions;
mod setup;
