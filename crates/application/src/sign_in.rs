//! Ways to sign in.

pub mod complete;
pub(crate) mod devices;
pub mod password;

use self::password::Login;
use crate::{Ports, Settings};

/// The use cases.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is named after its use case")]
pub struct UseCases {
    pub password: Login,
}

impl UseCases {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { password: Login::new(ports, settings) }
    }
}
