//! What an attacker would try, and the pages that say which test shows what.

mod accounts;
mod answers;
mod bearer;
mod canary;
mod foreign_pages;
mod forged;
mod input;
mod logs;
mod mail;
mod networks;
mod pages;
mod squatting;
mod storms;
mod tenants;
mod tls;
mod tokens;
