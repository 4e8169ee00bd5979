use async_trait::async_trait;
use doorward_domain::{
    OneTimeTokenId, UserId,
    ports::{OneTimeTokenRepository, StorageError},
    token::{
        TokenRef,
        one_time::{IssueOneTimeToken, OneTimePurpose, OneTimeToken},
    },
};
use time::OffsetDateTime;

use super::{
    state::{IssuedToken, State, refers_to_nothing},
    work::Work,
};

impl State {
    fn issue_token(&mut self, issue: &IssueOneTimeToken) -> Result<Option<TokenRef>, StorageError> {
        let IssueOneTimeToken { id, user_id, purpose, .. } = *issue;
        if !self.users.contains(&user_id) {
            return Err(refers_to_nothing());
        }
        let is_its = |row: &IssuedToken| row.token.user_id == user_id && row.purpose == purpose;
        let token = if let Some(row) = self.one_time_tokens.matching(is_its).next() {
            let Some(next) = row.token.next(issue) else { return Ok(None) };
            row.token = next.clone();
            next
        } else {
            let token = OneTimeToken::first(issue);
            self.one_time_tokens.insert(id, IssuedToken { purpose, token: token.clone() });
            token
        };
        Ok(Some(TokenRef { id: token.id.as_uuid(), counter: token.counter }))
    }

    fn consume_token(
        &mut self,
        purpose: OneTimePurpose,
        token: TokenRef,
        now: OffsetDateTime,
    ) -> Option<OneTimeToken> {
        let row = self.one_time_tokens.get_mut(&OneTimeTokenId::from_uuid(token.id))?;
        if row.purpose != purpose || !row.token.is_open(token.counter, now) {
            return None;
        }
        row.token.use_up(now);
        Some(row.token.clone())
    }
}

#[async_trait]
impl OneTimeTokenRepository for Work {
    async fn issue(&mut self, issue: &IssueOneTimeToken) -> Result<Option<TokenRef>, StorageError> {
        self.try_write(|state| state.issue_token(issue)).await
    }

    async fn find(
        &mut self,
        purpose: OneTimePurpose,
        token: TokenRef,
    ) -> Result<Option<OneTimeToken>, StorageError> {
        self.read(|state| {
            let row = state.one_time_tokens.get(&OneTimeTokenId::from_uuid(token.id));
            row.filter(|row| row.purpose == purpose).map(|row| row.token.clone())
        })
        .await
    }

    async fn consume(
        &mut self,
        purpose: OneTimePurpose,
        token: TokenRef,
        now: OffsetDateTime,
    ) -> Result<Option<OneTimeToken>, StorageError> {
        self.write(|state| state.consume_token(purpose, token, now)).await
    }

    async fn void(
        &mut self,
        purpose: OneTimePurpose,
        user_id: UserId,
        now: OffsetDateTime,
    ) -> Result<(), StorageError> {
        self.write(|state| {
            let open = state.one_time_tokens.matching(|IssuedToken { purpose: its, token }| {
                token.user_id == user_id
                    && *its == purpose
                    && token.used_at.is_none()
                    && token.expires_at > now
            });
            open.for_each(|row| row.token.void(now));
        })
        .await
    }

    async fn void_all(&mut self, now: OffsetDateTime) -> Result<usize, StorageError> {
        self.write(|state| {
            let open = state.one_time_tokens.matching(|IssuedToken { token, .. }| {
                token.used_at.is_none() && token.expires_at > now
            });
            open.map(|row| row.token.void(now)).count()
        })
        .await
    }
}
