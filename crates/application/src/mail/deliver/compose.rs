use doorward_domain::{
    InviteId, SessionId,
    account::user::User,
    audit::{AuditEvent, AuditKind},
    mail::{
        ActionLink, MailContent, MailKind, OutboxEntry, OutgoingMail, Registration, SignInOrigin,
        quoted,
    },
    pagination::{PageQuery, PageSize},
    ports::StorageError,
    request_context::device_name,
    session::{Session, SessionContext},
    token::{TokenPurpose, TokenRef, one_time::OneTimePurpose},
};
use time::Duration;

use super::{DeliverMail, wants};

/// The maximum time between a message and an audit event of the same transaction.
const SAME_TRANSACTION: Duration = Duration::seconds(30);

const fn is_change_of_password(kind: AuditKind) -> bool {
    matches!(kind, AuditKind::PasswordChanged | AuditKind::PasswordReset | AuditKind::PasswordSet)
}

/// Returns the origin of an audit event. Clients choose their user agent, so it must not contain a link.
fn origin_of(event: AuditEvent) -> SignInOrigin {
    let user_agent = event.client.user_agent.as_deref().and_then(device_name);
    SignInOrigin { network: event.client.ip_prefix(), user_agent }
}

/// The recipient of an email, if they have an account, and its content.
type Draft = (Option<User>, MailContent);

impl DeliverMail {
    /// Returns the email of an outbox entry, or `None` if it is no longer applicable.
    pub(super) async fn compose(
        &self,
        entry: &OutboxEntry,
    ) -> Result<Option<OutgoingMail>, StorageError> {
        let draft = match entry.subject {
            MailKind::VerifyEmail(token) => {
                let holder = self.holder(OneTimePurpose::VerifyEmail, token).await?;
                match holder {
                    Some(user) => Some(self.verification(user, token).await?),
                    None => None,
                }
            }
            MailKind::ResetPassword(token) => {
                let holder = self.holder(OneTimePurpose::ResetPassword, token).await?;
                let link = self.link(TokenPurpose::ResetPassword, token);
                holder.map(|user| (Some(user), MailContent::ResetPassword { link }))
            }
            MailKind::Invite(token) => self.invitation(entry, token).await?,
            MailKind::PasswordChanged => Some(self.password_changed(entry).await?),
            MailKind::SuspiciousSignIn(session) => Some(self.sign_in(entry, session).await?),
            MailKind::AddressTaken => {
                let page = self.settings.frontend_url.forgot_password_page();
                let owner = self.owner(entry).await?;
                owner.map(|user| (Some(user), MailContent::AddressTaken { page }))
            }
            // The address belongs to no account now, or to another one.
            MailKind::EmailChanged => Some((None, MailContent::EmailChanged)),
            // Requests become one of the messages above before they get here.
            MailKind::VerificationRequested | MailKind::ResetRequested => None,
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

    /// Returns the verification email. Its reader might not be the user who registered, so it states what was
    /// registered and how to delete it.
    async fn verification(&self, user: User, token: TokenRef) -> Result<Draft, StorageError> {
        let link = self.link(TokenPurpose::VerifyEmail, token);
        let registration = if user.is_provisional {
            let latest = PageQuery { limit: PageSize::DEFAULT, after: None };
            let mut repositories = self.ports.storage.connect().await?;
            let events = repositories.audit().list(Some(user.id), latest).await?.items;
            let origin = events.into_iter().find(|event| event.kind == AuditKind::Registered);
            let token = self.ports.opaque_tokens.issue(TokenPurpose::VerifyEmail, token);
            let disown = ActionLink::disown(&self.settings.public_url, &token);
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

    /// Returns the account that has the email address of the message.
    async fn owner(&self, entry: &OutboxEntry) -> Result<Option<User>, StorageError> {
        self.ports.storage.connect().await?.users().find_by_email(&entry.to).await
    }

    /// Returns the notice of a new password. Its origin is in the audit event, which was recorded in the same
    /// transaction as the message.
    async fn password_changed(&self, entry: &OutboxEntry) -> Result<Draft, StorageError> {
        let page = self.settings.frontend_url.forgot_password_page();
        let mut repositories = self.ports.storage.connect().await?;
        let user = repositories.users().find_by_email(&entry.to).await?;
        let origin = match &user {
            Some(user) => {
                let latest = PageQuery { limit: PageSize::DEFAULT, after: None };
                let events = repositories.audit().list(Some(user.id), latest).await?.items;
                let away = |event: &AuditEvent| (event.at - entry.created_at).abs();
                let changes = events.into_iter().filter(|event| is_change_of_password(event.kind));
                changes.min_by_key(away).filter(|event| away(event) < SAME_TRANSACTION)
            }
            None => None,
        };
        // The origin of an operator's command is not meaningful to the user.
        let origin = origin.filter(|event| event.kind != AuditKind::PasswordSet).map(origin_of);
        Ok((user, MailContent::PasswordChanged { origin, page }))
    }

    /// Returns the warning about a suspicious sign-in. It is sent even if the session or the account was deleted: an
    /// attacker must not be able to suppress it that way.
    async fn sign_in(&self, entry: &OutboxEntry, id: SessionId) -> Result<Draft, StorageError> {
        let page = self.settings.frontend_url.forgot_password_page();
        let mut repositories = self.ports.storage.connect().await?;
        let (user, origin) = match repositories.sessions().find_with_user(id, None).await? {
            Some(SessionContext { session: Session { network, user_agent, .. }, user, .. }) => {
                let user_agent = user_agent.as_deref().and_then(device_name);
                (Some(user), Some(SignInOrigin { network, user_agent }))
            }
            None => (repositories.users().find_by_email(&entry.to).await?, None),
        };
        Ok((user, MailContent::SuspiciousSignIn { origin, page }))
    }

    /// Returns the account that a valid token belongs to, if it still needs the token: a password reset may have
    /// verified the address since the email was requested.
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
        let invite = repositories.invites().find(InviteId::from_uuid(token.id)).await?;
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

    fn link(&self, purpose: TokenPurpose, token: TokenRef) -> ActionLink {
        let token = self.ports.opaque_tokens.issue(purpose, token);
        ActionLink::new(&self.settings.frontend_url, purpose, &token)
    }
}
