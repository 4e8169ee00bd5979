use async_trait::async_trait;
use doorward_domain::{
    UserId,
    ports::{OneTimeTokenRepository, StorageError},
    token::{
        TokenRef,
        one_time::{IssueOneTimeToken, OneTimePurpose, OneTimeToken},
    },
};
use time::OffsetDateTime;

use crate::storage::{Defect, Work};

#[async_trait]
impl OneTimeTokenRepository for Work {
    async fn issue(&mut self, issue: &IssueOneTimeToken) -> Result<Option<TokenRef>, StorageError> {
        self.inner().one_time_tokens().issue(issue).await
    }

    async fn find(
        &mut self,
        purpose: OneTimePurpose,
        token: TokenRef,
    ) -> Result<Option<OneTimeToken>, StorageError> {
        let found = self.inner().one_time_tokens().find(purpose, token).await?;
        let twice = self.defect == Defect::ConsumesTwice;
        Ok(found.map(|row| OneTimeToken { used_at: row.used_at.filter(|_| !twice), ..row }))
    }

    async fn consume(
        &mut self,
        purpose: OneTimePurpose,
        token: TokenRef,
        now: OffsetDateTime,
    ) -> Result<Option<OneTimeToken>, StorageError> {
        let consumed = self.inner().one_time_tokens().consume(purpose, token, now).await?;
        if consumed.is_some() || self.defect != Defect::ConsumesTwice {
            return Ok(consumed);
        }
        let found = self.inner().one_time_tokens().find(purpose, token).await?;
        Ok(found.filter(|row| row.was_used(token.counter, now)))
    }

    async fn void(
        &mut self,
        purpose: OneTimePurpose,
        user_id: UserId,
        now: OffsetDateTime,
    ) -> Result<(), StorageError> {
        if self.defect == Defect::VoidsNothing {
            return Ok(());
        }
        self.inner().one_time_tokens().void(purpose, user_id, now).await
    }

    async fn void_all(&mut self, now: OffsetDateTime) -> Result<usize, StorageError> {
        self.inner().one_time_tokens().void_all(now).await
    }
}
