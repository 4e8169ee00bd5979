use async_trait::async_trait;
use doorward_domain::{
    OneTimeTokenId, UserId,
    one_time_token::{IssueOneTimeToken, OneTimePurpose, OneTimeToken},
    ports::{OneTimeTokenRepository, StorageError},
    token::TokenRef,
};
use time::OffsetDateTime;

use super::{
    state::{IssuedToken, State, refers_to_nothing},
    work::Work,
};

impl State {
    fn issue_token(&mut self, issue: &IssueOneTimeToken) -> Result<Option<TokenRef>, StorageError> {
        let IssueOneTimeToken { id, user_id, purpose, ref email, now } = *issue;
        if !self.users.contains(&user_id) {
            return Err(refers_to_nothing());
        }
        let mut token = OneTimeToken {
            id,
            user_id,
            email: email.clone(),
            counter: 1,
            issued_at: now,
            expires_at: now + purpose.lifetime(),
            used_at: None,
        };
        let is_its = |row: &IssuedToken| row.token.user_id == user_id && row.purpose == purpose;
        if let Some(row) = self.one_time_tokens.matching(is_its).next() {
            let is_young = row.token.issued_at > now - OneTimePurpose::INTERVAL;
            if is_young && row.token.email == token.email {
                return Ok(None);
            }
            (token.id, token.counter) = (row.token.id, row.token.counter + 1);
            row.token = token.clone();
        } else {
            self.one_time_tokens.insert(id, IssuedToken { purpose, token: token.clone() });
        }
        Ok(Some(TokenRef { row: token.id.as_uuid(), counter: token.counter }))
    }

    fn consume_token(
        &mut self,
        purpose: OneTimePurpose,
        token: TokenRef,
        now: OffsetDateTime,
    ) -> Option<OneTimeToken> {
        let row = self.one_time_tokens.get_mut(&OneTimeTokenId::from_uuid(token.row))?;
        if row.purpose != purpose || !row.token.is_open(token.counter, now) {
            return None;
        }
        row.token.used_at = Some(now);
        Some(row.token.clone())
    }
}

impl IssuedToken {
    fn void(&mut self, now: OffsetDateTime) {
        self.token.counter += 1;
        self.token.expires_at = now;
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
            let row = state.one_time_tokens.get(&OneTimeTokenId::from_uuid(token.row));
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
            open.for_each(|row| row.void(now));
        })
        .await
    }

    async fn void_all(&mut self, now: OffsetDateTime) -> Result<usize, StorageError> {
        self.write(|state| {
            let open = state.one_time_tokens.matching(|IssuedToken { token, .. }| {
                token.used_at.is_none() && token.expires_at > now
            });
            open.map(|row| row.void(now)).count()
        })
        .await
    }
}
