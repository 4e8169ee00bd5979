use doorward_domain::{
    InviteId, SessionId,
    audit::{AuditEvent, AuditKind},
    client::agent_in_mail,
    mail::{
        MailContent, MailSubject, OutboxEntry, OutgoingMail, Registration, SecretLink,
        SignInOrigin, quoted,
    },
    one_time_token::OneTimePurpose,
    page::{PageLimit, PageRequest},
    ports::StorageError,
    session::{Session, Standing},
    token::{TokenPurpose, TokenRef},
    user::User,
};
use time::Duration;

use super::{DeliverMail, wants};

/// A message and an entry of the audit trail that are of one transaction are not further apart than this.
const SAME_TRANSACTION: Duration = Duration::seconds(30);

const fn is_change_of_password(kind: AuditKind) -> bool {
    matches!(kind, AuditKind::PasswordChanged | AuditKind::PasswordReset | AuditKind::PasswordSet)
}

/// Where what an entry of the audit trail tells of came from. Clients choose their names: no link may be in one.
fn origin_of(event: AuditEvent) -> SignInOrigin {
    let user_agent = event.client.user_agent.as_deref().and_then(agent_in_mail);
    SignInOrigin { network: event.client.network(), user_agent }
}

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
                match holder {
                    Some(user) => Some(self.verification(user, token).await?),
                    None => None,
                }
            }
            MailSubject::ResetPassword(token) => {
                let holder = self.holder(OneTimePurpose::ResetPassword, token).await?;
                let link = self.link(TokenPurpose::ResetPassword, token);
                holder.map(|user| (Some(user), MailContent::ResetPassword { link }))
            }
            MailSubject::Invite(token) => self.invitation(entry, token).await?,
            MailSubject::PasswordChanged => Some(self.password_changed(entry).await?),
            MailSubject::SuspiciousSignIn(session) => Some(self.sign_in(entry, session).await?),
            MailSubject::AddressTaken => {
                let page = self.settings.frontend_url.forgot_password_page();
                let owner = self.owner(entry).await?;
                owner.map(|user| (Some(user), MailContent::AddressTaken { page }))
            }
            // The address is no account's any more, or another one's by now.
            MailSubject::EmailChanged => Some((None, MailContent::EmailChanged)),
            // They become one of the mails above before they get here.
            MailSubject::VerificationRequested | MailSubject::ResetRequested => None,
        };
        Ok(draft.map(|(user, content)| OutgoingMail {
            id: entry.id,
            to: entry.to.clone(),
            username: user.as_ref().and_then(User::greeting).cloned(),
            locale: user.and_then(|user| user.profile.locale),
            content,
            created_at: entry.created_at,
        }))
    }

    /// The reader may not be the user who registered, so the message says what was registered, and how to delete it.
    async fn verification(&self, user: User, token: TokenRef) -> Result<Draft, StorageError> {
        let link = self.link(TokenPurpose::VerifyEmail, token);
        let registration = if user.is_provisional {
            let latest = PageRequest { limit: PageLimit::DEFAULT, after: None };
            let mut repositories = self.ports.storage.connect().await?;
            let events = repositories.audit().list(Some(user.id), latest).await?.items;
            let origin = events.into_iter().find(|event| event.kind == AuditKind::Registered);
            let token = self.ports.opaque_tokens.issue(TokenPurpose::VerifyEmail, token);
            let disown = SecretLink::disown(&self.settings.public_url, &token);
            Some(Registration {
                username: quoted(user.username.as_str()),
                at: user.created_at,
                origin: origin.map(origin_of),
                disown: self.settings.has_pages.then_some(disown),
            })
        } else {
            None
        };
        Ok((Some(user), MailContent::VerifyEmail { link, registration }))
    }

    /// The account that has the mail's address.
    async fn owner(&self, entry: &OutboxEntry) -> Result<Option<User>, StorageError> {
        self.ports.storage.connect().await?.users().find_by_email(&entry.to).await
    }

    /// The notice of a new password. Where it came from is in the audit trail, whose entry was written in
    /// the same transaction as the message.
    async fn password_changed(&self, entry: &OutboxEntry) -> Result<Draft, StorageError> {
        let page = self.settings.frontend_url.forgot_password_page();
        let mut repositories = self.ports.storage.connect().await?;
        let user = repositories.users().find_by_email(&entry.to).await?;
        let origin = match &user {
            Some(user) => {
                let latest = PageRequest { limit: PageLimit::DEFAULT, after: None };
                let events = repositories.audit().list(Some(user.id), latest).await?.items;
                let away = |event: &AuditEvent| (event.at - entry.created_at).abs();
                let changes = events.into_iter().filter(|event| is_change_of_password(event.kind));
                changes.min_by_key(away).filter(|event| away(event) < SAME_TRANSACTION)
            }
            None => None,
        };
        // An operator's command comes from no address that says anything.
        let origin = origin.filter(|event| event.kind != AuditKind::PasswordSet).map(origin_of);
        Ok((user, MailContent::PasswordChanged { origin, page }))
    }

    /// Whoever ends the session, or deletes the account with it, must not have silenced the mail.
    async fn sign_in(&self, entry: &OutboxEntry, id: SessionId) -> Result<Draft, StorageError> {
        let page = self.settings.frontend_url.forgot_password_page();
        let mut repositories = self.ports.storage.connect().await?;
        let (user, origin) = match repositories.sessions().standing(id, None).await? {
            Some(Standing { session: Session { network, user_agent, .. }, user, .. }) => {
                let user_agent = user_agent.as_deref().and_then(agent_in_mail);
                (Some(user), Some(SignInOrigin { network, user_agent }))
            }
            None => (repositories.users().find_by_email(&entry.to).await?, None),
        };
        Ok((user, MailContent::SuspiciousSignIn { origin, page }))
    }

    /// The account whose open token this is, if the token is of use to it: a reset of the password may have verified the
    /// address meanwhile.
    async fn holder(
        &self,
        purpose: OneTimePurpose,
        token: TokenRef,
    ) -> Result<Option<User>, StorageError> {
        let mut repositories = self.ports.storage.connect().await?;
        let row = repositories.one_time_tokens().find(purpose, token).await?;
        let now = self.ports.clock.now();
        let Some(row) = row.filter(|row| row.is_open(token.counter, now)) else {
            return Ok(None);
        };
        let user = repositories.users().find(row.user_id).await?;
        Ok(user.filter(|user| user.email == row.email && wants(user, purpose)))
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
        let inviter = repositories.users().find(invite.invited_by).await?;
        let content = MailContent::Invite {
            link: self.link(TokenPurpose::Invite, token),
            org: quoted(org.name.as_str()),
            inviter: inviter.map(|inviter| inviter.name_in_mail()),
            role: invite.role,
        };
        Ok(Some((user, content)))
    }

    fn link(&self, purpose: TokenPurpose, token: TokenRef) -> SecretLink {
        let token = self.ports.opaque_tokens.issue(purpose, token);
        SecretLink::new(&self.settings.frontend_url, purpose, &token)
    }
}
