//! Sessions and their tokens.

pub mod list;
pub mod logout;
pub mod refresh;
pub mod renew;
pub mod revoke;
pub mod switch_org;
pub(crate) mod tokens;

use self::{
    list::ListSessions, logout::Logout, refresh::Refresh, revoke::RevokeOwnSessions,
    switch_org::SwitchOrg,
};
use crate::{Ports, Settings};

/// The use cases.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is named after its use case")]
pub struct UseCases {
    pub list: ListSessions,
    pub logout: Logout,
    pub refresh: Refresh,
    pub revoke: RevokeOwnSessions,
    pub switch_org: SwitchOrg,
}

impl UseCases {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self {
            list: ListSessions::new(ports, settings),
            logout: Logout::new(ports),
            refresh: Refresh::new(ports, settings),
            revoke: RevokeOwnSessions::new(ports, settings),
            switch_org: SwitchOrg::new(ports, settings),
        }
    }
}
