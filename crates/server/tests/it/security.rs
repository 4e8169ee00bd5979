//! Attacks, and the pages that list which test covers which requirement.

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
