//! The audit trail.

pub(crate) mod audit;
pub mod list;

use self::list::ListEvents;
use crate::{Ports, Settings};

/// The use cases.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is named after its use case")]
pub struct UseCases {
    pub list: ListEvents,
}

impl UseCases {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { list: ListEvents::new(ports, settings) }
    }
}
