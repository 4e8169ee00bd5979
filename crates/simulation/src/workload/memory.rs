use std::cell::RefCell;

use doorward_domain::{
    SessionId, UserId,
    ports::OpaqueTokens,
    token::{TokenPurpose, TokenRef},
};

use crate::ports::SumTokens;

/// The tokens of a device.
#[derive(Debug, Clone)]
pub(super) struct Signed {
    pub(super) user: UserId,
    pub(super) session: SessionId,
    pub(super) generation: u32,
    pub(super) access: String,
    pub(super) refresh: String,
}

impl Signed {
    pub(super) fn new(user: UserId, access: &str, refresh: &str) -> Option<Self> {
        let (session, generation) = opened(refresh)?;
        let (access, refresh) = (access.to_owned(), refresh.to_owned());
        Some(Self { user, session, generation, access, refresh })
    }
}

/// Returns the session and the generation of a refresh token.
pub(super) fn opened(refresh: &str) -> Option<(SessionId, u32)> {
    let TokenRef { id: row, counter } = SumTokens.verify(TokenPurpose::Refresh, refresh)?;
    Some((SessionId::from_uuid(row), counter))
}

/// Copies of tokens from users' devices.
#[derive(Debug, Default)]
pub struct Loot {
    /// Refresh tokens, consumed or not.
    pub refresh: RefCell<Vec<String>>,
    /// Access tokens, valid or not.
    pub access: RefCell<Vec<String>>,
}
