use doorward_domain::{
    InviteId,
    mail::{MailContent, MailSubject, OutboxEntry, OutgoingMail, SecretLink},
    one_time_token::OneTimePurpose,
    ports::StorageError,
    token::{TokenPurpose, TokenRef},
    user::User,
};

use super::DeliverMail;

/// Whom a mail is for, where there is an account, and what it says.
type Draft = (Option<User>, MailContent);

impl DeliverMail {
    /// Makes the mail of an outbox entry, unless what it is about has come to nothing meanwhile.
    pub(super) async fn compose(
        &self,
        entry: &OutboxEntry,
    ) -> Result<Option<OutgoingMail>, StorageError> {
        let draft = match entry.subject {
            MailSubject::VerifyEmail(token) => {
                let holder = self.holder(OneTimePurpose::VerifyEmail, token).await?;
                let link = self.link(TokenPurpose::VerifyEmail, token);
                holder.map(|user| (Some(user), MailContent::VerifyEmail { link }))
            }
            MailSubject::ResetPassword(token) => {
                let holder = self.holder(OneTimePurpose::ResetPassword, token).await?;
                let link = self.link(TokenPurpose::ResetPassword, token);
                holder.map(|user| (Some(user), MailContent::ResetPassword { link }))
            }
            MailSubject::Invite(token) => self.invitation(entry, token).await?,
            MailSubject::PasswordChanged => {
                let mut repositories = self.ports.storage.connect().await?;
                let user = repositories.users().find_by_email(&entry.to).await?;
                Some((user, MailContent::PasswordChanged))
            }
            // They become one of the mails above before they get here.
            MailSubject::VerificationRequested | MailSubject::ResetRequested => None,
        };
        Ok(draft.map(|(user, content)| OutgoingMail {
            id: entry.id,
            to: entry.to.clone(),
            username: user.as_ref().map(|user| user.username.clone()),
            locale: user.and_then(|user| user.profile.locale),
            content,
            created_at: entry.created_at,
        }))
    }

    /// The account whose open token this is.
    async fn holder(
        &self,
        purpose: OneTimePurpose,
        token: TokenRef,
    ) -> Result<Option<User>, StorageError> {
        let mut repositories = self.ports.storage.connect().await?;
        let row = repositories.one_time_tokens().find(purpose, token).await?;
        match row.filter(|row| row.is_open(token.counter, self.ports.clock.now())) {
            Some(row) => repositories.users().find(row.user_id).await,
            None => Ok(None),
        }
    }

    async fn invitation(
        &self,
        entry: &OutboxEntry,
        token: TokenRef,
    ) -> Result<Option<Draft>, StorageError> {
        let mut repositories = self.ports.storage.connect().await?;
        let invite = repositories.invites().find(InviteId::from_uuid(token.row)).await?;
        let now = self.ports.clock.now();
        let Some(invite) = invite.filter(|invite| invite.is_open(token.counter, now)) else {
            return Ok(None);
        };
        let Some(org) = repositories.orgs().find(invite.org_id).await? else { return Ok(None) };
        let user = repositories.users().find_by_email(&entry.to).await?;
        let link = self.link(TokenPurpose::Invite, token);
        Ok(Some((user, MailContent::Invite { link, org: org.name.as_str().to_owned() })))
    }

    fn link(&self, purpose: TokenPurpose, token: TokenRef) -> SecretLink {
        let token = self.ports.opaque_tokens.issue(purpose, token);
        SecretLink::new(&self.settings.frontend_url, purpose, &token)
    }
}
