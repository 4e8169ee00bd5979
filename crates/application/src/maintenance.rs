//! What runs from time to time.

pub mod purge_expired;

use self::purge_expired::PurgeExpired;
use crate::Ports;

/// The use cases.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is named after its use case")]
pub struct UseCases {
    pub purge_expired: PurgeExpired,
}

impl UseCases {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { purge_expired: PurgeExpired::new(ports) }
    }
}
