use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::{
    UserId,
    one_time_token::{IssueOneTimeToken, OneTimePurpose, OneTimeToken},
    token::TokenRef,
};

/// Tokens that travel by mail. Each account has one row a purpose.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OneTimeTokenRepository: Send {
    /// Issues a token, which voids the one before, and answers its reference; or `None`, and MUST
    /// change nothing, if the one before is for the same address and younger than
    /// [`OneTimePurpose::INTERVAL`]. It MUST be one conditional statement.
    async fn issue(&mut self, issue: &IssueOneTimeToken) -> Result<Option<TokenRef>, StorageError>;

    /// The row that a token names, if it is of this purpose.
    async fn find(
        &mut self,
        purpose: OneTimePurpose,
        token: TokenRef,
    ) -> Result<Option<OneTimeToken>, StorageError>;

    /// Uses a token up, if it is open, and answers it. Of many callers at the same moment exactly
    /// one MUST get it.
    async fn consume(
        &mut self,
        purpose: OneTimePurpose,
        token: TokenRef,
        now: OffsetDateTime,
    ) -> Result<Option<OneTimeToken>, StorageError>;

    /// Voids a user's token of a purpose, if there is an open one. It MUST stay void when a clock is set back.
    async fn void(
        &mut self,
        purpose: OneTimePurpose,
        user_id: UserId,
        now: OffsetDateTime,
    ) -> Result<(), StorageError>;

    /// Voids all open tokens of everybody, and says how many it were.
    async fn void_all(&mut self, now: OffsetDateTime) -> Result<usize, StorageError>;
}
