//! The keys that sign access tokens.

pub mod rotate;

use self::rotate::RotateKeys;
use crate::{Ports, Settings};

/// The use cases.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is named after its use case")]
pub struct UseCases {
    pub rotate: RotateKeys,
}

impl UseCases {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { rotate: RotateKeys::new(ports, settings) }
    }
}
