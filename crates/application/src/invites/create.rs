//! Inviting a user to an organization.

use doorward_domain::{
    InviteId, MailId, OrgId, SessionId, UserId,
    account::email::EmailAddress,
    audit::AuditKind,
    mail::{Allowance, MailKind, MailSender, OutboxEntry},
    org::{
        OrgWithRole,
        invite::{Invite, InviteState},
        role::{Permission, Role},
    },
    ports::{RetryAfter, StorageError, UnitOfWork},
    request_context::RequestContext,
};
use time::OffsetDateTime;
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    access::{
        denied::{self, Forbidden},
        org::{self, OrgAccessError},
    },
    events::audit,
};

/// Creates an invite for an email address, and queues the email with its link. Inviting the address again renews the
/// pending invite, which invalidates the earlier link.
#[derive(Debug)]
pub struct CreateInvite {
    ports: Ports,
    settings: Settings,
}

/// Errors returned by [`CreateInvite::run`], [`CreateInvite::on_behalf_of`], and
/// [`ResendInvite::run`](crate::invites::resend::ResendInvite::run).
#[derive(Debug, thiserror::Error)]
pub enum CreateInviteError {
    /// The caller may not invite, or may not invite with this role.
    #[error(transparent)]
    Denied(#[from] OrgAccessError),
    /// The organization is a user's personal one.
    #[error("a personal organization can't have other members")]
    Personal,
    /// The account has sent, or the email address has been sent, too many invitations today.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// The settings don't allow invitations to the domain of the email address.
    #[error("email addresses of this domain can't be invited")]
    DomainNotAllowed,
    /// A member of the organization has this email address.
    #[error("the user is already a member of the organization")]
    AlreadyMember,
}

impl From<Forbidden> for CreateInviteError {
    fn from(error: Forbidden) -> Self {
        Self::Denied(error.into())
    }
}

impl From<StorageError> for CreateInviteError {
    fn from(error: StorageError) -> Self {
        Self::Denied(error.into())
    }
}

/// The input of [`CreateInvite::run`].
#[derive(Debug, Clone)]
pub struct CreateInviteCommand {
    /// The email address to invite.
    pub email: EmailAddress,
    /// The role that the user gets.
    pub role: Role,
}

impl CreateInvite {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Creates an invite from the caller. Requires [`Permission::InviteCreate`], a role that may grant the role of the invite
    /// ([`Role::may_invite_as`]), and a verified email address, whatever the settings are: an invite sends an email to an
    /// address of the caller's choice.
    ///
    /// # Errors
    /// See [`CreateInviteError`].
    #[instrument(level = "debug", name = "create_invite", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        command: CreateInviteCommand,
    ) -> Result<Invite, CreateInviteError> {
        let needed = Permission::InviteCreate;
        let (work, workspace) =
            org::authorize_write(&self.ports, &self.settings, caller, org_id, needed).await?;
        if !workspace.org.kind.is_shared() {
            return Err(CreateInviteError::Personal);
        }
        denied::always_verified(caller)?;
        if !self.settings.invites.allows(&command.email) {
            return Err(CreateInviteError::DomainNotAllowed);
        }
        let by = (caller.user.id, &caller.client, Some(caller.session_id));
        let policy = Some(Allowances::of(caller, &self.settings));
        self.store(work, workspace, by, command, policy).await
    }

    /// Creates an invite from a member who may invite. Doesn't authenticate the member; call only on behalf of a trusted
    /// operator. The invite is valid only while the member may invite.
    ///
    /// # Errors
    /// See [`CreateInviteError`].
    #[instrument(level = "debug", name = "create_invite_on_behalf_of", skip_all)]
    pub async fn on_behalf_of(
        &self,
        user_id: UserId,
        org_id: OrgId,
        command: CreateInviteCommand,
    ) -> Result<Invite, CreateInviteError> {
        let needed = Permission::InviteCreate;
        let (work, workspace) =
            org::authorize_write_as(&self.ports, user_id, org_id, needed).await?;
        self.store(work, workspace, (user_id, &RequestContext::internal(), None), command, None)
            .await
    }

    async fn store(
        &self,
        mut work: Box<dyn UnitOfWork>,
        OrgWithRole { org, role }: OrgWithRole,
        (user_id, client, session_id): (UserId, &RequestContext, Option<SessionId>),
        command: CreateInviteCommand,
        allowances: Option<Allowances>,
    ) -> Result<Invite, CreateInviteError> {
        if !role.may_invite_as(command.role) {
            return Err(OrgAccessError::from(Forbidden::from(Permission::InviteCreate)).into());
        }
        if !org.kind.is_shared() {
            return Err(CreateInviteError::Personal);
        }
        if work.memberships().has_email(org.id, &command.email).await? {
            return Err(CreateInviteError::AlreadyMember);
        }
        let now = self.ports.clock.now();
        if let Some(allowances) = allowances {
            allowances.take(work.as_mut(), &command.email, now).await?;
        }
        let new = Invite {
            id: InviteId::from_uuid(self.ports.ids.next()),
            org_id: org.id,
            email: command.email,
            role: command.role,
            invited_by: user_id,
            counter: Invite::FIRST_COUNTER,
            created_at: now,
            expires_at: now + Invite::LIFETIME,
            state: InviteState::Pending,
        };
        let invite = work.invites().upsert(&new).await?;
        work.outbox().enqueue(&mail(&self.ports, &invite, now)).await?;
        let is_new = invite.id == new.id;
        let kind = if is_new { AuditKind::InviteCreated } else { AuditKind::InviteRenewed };
        let event = audit::event(&self.ports, kind, client, user_id, Some(org.id), session_id);
        work.audit().record(&event).await?;
        work.commit().await?;
        tracing::info!(
            event = kind.as_str(), org_id = %org.id, %user_id, invite_id = %invite.id, "invite created"
        );
        Ok(invite)
    }
}

/// How many invitations a caller may send, and an email address may be sent, per day. Platform administrators may send any
/// number.
pub(crate) struct Allowances {
    user_id: UserId,
    per_account: u32,
    per_recipient: u32,
}

impl Allowances {
    pub(crate) fn of(caller: &Caller, settings: &Settings) -> Self {
        let policy = &settings.invites;
        let per_account = if caller.user.is_platform_admin { 0 } else { policy.per_account };
        Self { user_id: caller.user.id, per_account, per_recipient: policy.per_recipient }
    }

    /// Counts an invitation. The count is undone if the unit of work is dropped.
    pub(crate) async fn take(
        self,
        work: &mut dyn UnitOfWork,
        to: &EmailAddress,
        now: OffsetDateTime,
    ) -> Result<(), CreateInviteError> {
        let allowances = [
            Allowance::invitations_by(self.user_id, self.per_account, now),
            Allowance::invitations_to(to, self.per_recipient, now),
        ];
        for allowance in allowances.into_iter().flatten() {
            if !work.outbox().take(&allowance).await? {
                return Err(allowance.retry_after(now).into());
            }
        }
        Ok(())
    }
}

/// Returns the email with the link of an invite.
pub(crate) fn mail(ports: &Ports, invite: &Invite, now: OffsetDateTime) -> OutboxEntry {
    OutboxEntry {
        id: MailId::from_uuid(ports.ids.next()),
        to: invite.email.clone(),
        subject: MailKind::Invite(invite.token()),
        sender: MailSender::user(invite.invited_by),
        created_at: now,
        attempts: 0,
    }
}
