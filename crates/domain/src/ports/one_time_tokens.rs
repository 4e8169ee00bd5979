use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::{
    UserId,
    token::{
        TokenRef,
        one_time::{IssueOneTimeToken, OneTimePurpose, OneTimeToken},
    },
};

/// Stores single-use tokens, which are sent by email. Each account has one row per purpose.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait OneTimeTokenRepository: Send {
    /// Counts an email and returns the reference of the token that it contains, by the rule of
    /// [`OneTimeToken::next`]: a young token MUST stay the same, and an old one MUST stay valid for the rest
    /// of its lifetime beside the next. The count MUST include emails to former addresses. Returns `None`, and
    /// MUST change nothing, if no email may be sent. It MUST be one conditional statement.
    async fn issue(&mut self, issue: &IssueOneTimeToken) -> Result<Option<TokenRef>, StorageError>;

    /// Returns the row that a token refers to, if the row has this purpose.
    async fn find(
        &mut self,
        purpose: OneTimePurpose,
        token: TokenRef,
    ) -> Result<Option<OneTimeToken>, StorageError>;

    /// Uses up all tokens of a row as [`OneTimeToken::use_up`] does, if the presented token is open. Returns
    /// the row. Of many concurrent callers, exactly one MUST get it.
    async fn consume(
        &mut self,
        purpose: OneTimePurpose,
        token: TokenRef,
        now: OffsetDateTime,
    ) -> Result<Option<OneTimeToken>, StorageError>;

    /// Invalidates a user's tokens of a purpose as [`OneTimeToken::void`] does, if one of them is open. They MUST stay
    /// invalid even if the clock is set back, and one more email MUST be allowed.
    async fn void(
        &mut self,
        purpose: OneTimePurpose,
        user_id: UserId,
        now: OffsetDateTime,
    ) -> Result<(), StorageError>;

    /// Invalidates all open tokens of all users, as [`OneTimeToken::void`] does. Returns the number of rows
    /// invalidated.
    async fn void_all(&mut self, now: OffsetDateTime) -> Result<usize, StorageError>;
}
