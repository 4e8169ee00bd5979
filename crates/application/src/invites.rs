//! Invites to organizations.

pub mod accept;
pub mod create;
pub mod get;
pub mod info;
pub mod list;
pub mod resend;
pub mod revoke;

use self::{
    accept::AcceptInvite, create::CreateInvite, get::GetInvite, info::GetInviteInfo,
    list::ListInvites, resend::ResendInvite, revoke::RevokeInvite,
};
use crate::{Ports, Settings};

/// The use cases.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is named after its use case")]
pub struct UseCases {
    pub accept: AcceptInvite,
    pub create: CreateInvite,
    pub get: GetInvite,
    pub info: GetInviteInfo,
    pub list: ListInvites,
    pub resend: ResendInvite,
    pub revoke: RevokeInvite,
}

impl UseCases {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self {
            accept: AcceptInvite::new(ports),
            create: CreateInvite::new(ports, settings),
            get: GetInvite::new(ports, settings),
            info: GetInviteInfo::new(ports),
            list: ListInvites::new(ports, settings),
            resend: ResendInvite::new(ports, settings),
            revoke: RevokeInvite::new(ports, settings),
        }
    }
}
