//! Who may do what: access tokens, permissions, and roles.

pub mod authenticate;
pub mod caller;
pub mod denied;
pub mod org;

use self::authenticate::Authenticate;
use crate::Ports;

/// The use cases.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is named after its use case")]
pub struct UseCases {
    pub authenticate: Authenticate,
}

impl UseCases {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { authenticate: Authenticate::new(ports) }
    }
}
