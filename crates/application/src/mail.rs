//! The outbox: messages are queued in the transaction that causes them, and delivered later.

pub mod deliver;
pub(crate) mod enqueue;
pub mod list;
pub mod retry;

use self::{deliver::DeliverMail, list::ListMails, retry::RetryMail};
use crate::{Ports, Settings};

/// The use cases.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is named after its use case")]
pub struct UseCases {
    pub deliver: DeliverMail,
    pub list: ListMails,
    pub retry: RetryMail,
}

impl UseCases {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self {
            deliver: DeliverMail::new(ports, settings),
            list: ListMails::new(ports),
            retry: RetryMail::new(ports),
        }
    }
}
