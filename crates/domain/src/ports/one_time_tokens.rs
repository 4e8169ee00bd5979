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
    /// Counts an email and returns the reference of the token that it is for, by the rule of
    /// [`OneTimeToken::next`]: a young token MUST stay the same, and an old one MUST stay valid for the rest of its
    /// time beside the next. Returns `None`, and MUST change nothing, if no email may go out. It MUST be one
    /// conditional statement.
    async fn issue(&mut self, issue: &IssueOneTimeToken) -> Result<Option<TokenRef>, StorageError>;

    /// The row that a token names, if it is of this purpose.
    async fn find(
        &mut self,
        purpose: OneTimePurpose,
        token: TokenRef,
    ) -> Result<Option<OneTimeToken>, StorageError>;

    /// Uses up all tokens of a row by [`OneTimeToken::use_up`], if the one that is presented is open, and returns the row. Of many callers at
    /// the same moment exactly one MUST get it.
    async fn consume(
        &mut self,
        purpose: OneTimePurpose,
        token: TokenRef,
        now: OffsetDateTime,
    ) -> Result<Option<OneTimeToken>, StorageError>;

    /// Invalidates a user's tokens of a purpose, if there is an open one. They MUST stay invalid when a clock is set
    /// back.
    async fn void(
        &mut self,
        purpose: OneTimePurpose,
        user_id: UserId,
        now: OffsetDateTime,
    ) -> Result<(), StorageError>;

    /// Voids all open tokens of everybody, and says how many it were.
    async fn void_all(&mut self, now: OffsetDateTime) -> Result<usize, StorageError>;
}
