#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

pub mod access;
pub mod account;
pub mod admin;
mod error;
pub mod events;
pub mod invites;
pub mod keys;
pub mod mail;
pub mod maintenance;
pub mod orgs;
pub mod password;
mod ports;
pub mod sessions;
mod settings;
pub mod sign_in;

pub use access::caller::Caller;
pub use error::CommonError;
pub use ports::Ports;
pub use settings::Settings;

/// All use cases, built on one set of ports and grouped by subject.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is named after its module")]
pub struct Application {
    pub access: access::UseCases,
    pub account: account::UseCases,
    pub admin: admin::UseCases,
    pub events: events::UseCases,
    pub invites: invites::UseCases,
    pub keys: keys::UseCases,
    pub mail: mail::UseCases,
    pub maintenance: maintenance::UseCases,
    pub orgs: orgs::UseCases,
    pub password: password::UseCases,
    pub sessions: sessions::UseCases,
    pub sign_in: sign_in::UseCases,
}

impl Application {
    /// Creates all use cases.
    pub fn new(ports: &Ports, settings: &Settings) -> Self {
        Self {
            access: access::UseCases::new(ports),
            account: account::UseCases::new(ports, settings),
            admin: admin::UseCases::new(ports, settings),
            events: events::UseCases::new(ports, settings),
            invites: invites::UseCases::new(ports, settings),
            keys: keys::UseCases::new(ports, settings),
            mail: mail::UseCases::new(ports, settings),
            maintenance: maintenance::UseCases::new(ports),
            orgs: orgs::UseCases::new(ports, settings),
            password: password::UseCases::new(ports, settings),
            sessions: sessions::UseCases::new(ports, settings),
            sign_in: sign_in::UseCases::new(ports, settings),
        }
    }
}
