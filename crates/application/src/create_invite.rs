//! Asking somebody into an organisation.

use doorward_domain::{
    InviteId, MailId, OrgId, SessionId, UserId,
    audit::AuditKind,
    client::Client,
    email::EmailAddress,
    invite::{Invite, InviteState},
    mail::{Allowance, MailSender, MailSubject, OutboxEntry},
    org::Workspace,
    ports::{RetryAfter, StorageError, UnitOfWork},
    role::{Permission, Role},
};
use time::OffsetDateTime;
use tracing::instrument;

use crate::{
    Caller, Ports, Settings, audit,
    authorize::{self, Forbidden},
    in_org::{self, OrgDenied},
};

/// Invites an address, and sends it the link. Inviting it again renews the invite that is pending: the link before is void.
#[derive(Debug)]
pub struct CreateInvite {
    ports: Ports,
    settings: Settings,
}

/// Nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum CreateInviteError {
    /// The caller may not invite, or not into this role.
    #[error(transparent)]
    Denied(#[from] OrgDenied),
    /// The organisation is somebody's personal one.
    #[error("a personal organization is not shared")]
    Personal,
    /// Too many invitations were sent today, by the account or to the address.
    #[error(transparent)]
    TooMany(#[from] RetryAfter),
    /// The settings don't allow invitations to the address's domain.
    #[error("addresses of this domain may not be invited")]
    DomainNotAllowed,
    /// The address is that of a member.
    #[error("they are a member already")]
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

/// Who is invited, and as what.
#[derive(Debug, Clone)]
pub struct CreateInviteCommand {
    /// The address.
    pub email: EmailAddress,
    /// The role that they get.
    pub role: Role,
}

impl CreateInvite {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Invites on behalf of the caller, whose email address has to be verified whatever the settings say: an
    /// invitation is an email to an address of their choice.
    ///
    /// # Errors
    /// See [`CreateInviteError`].
    #[instrument(level = "debug", name = "create invite", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        command: CreateInviteCommand,
    ) -> Result<Invite, CreateInviteError> {
        let needed = Permission::InviteCreate;
        let (work, workspace) =
            in_org::change(&self.ports, &self.settings, caller, org_id, needed).await?;
        if !workspace.org.kind.is_shared() {
            return Err(CreateInviteError::Personal);
        }
        authorize::always_verified(caller)?;
        if !self.settings.invites.allows(&command.email) {
            return Err(CreateInviteError::DomainNotAllowed);
        }
        let by = (caller.user.id, &caller.client, Some(caller.session_id));
        let policy = Some(Allowances::of(caller, &self.settings));
        self.store(work, workspace, by, command, policy).await
    }

    /// Invites on behalf of a member who may: for operators, who are asked nothing here. The invite lasts
    /// as long as the member's right.
    ///
    /// # Errors
    /// See [`CreateInviteError`].
    #[instrument(level = "debug", name = "create invite on behalf of", skip_all)]
    pub async fn on_behalf_of(
        &self,
        user_id: UserId,
        org_id: OrgId,
        command: CreateInviteCommand,
    ) -> Result<Invite, CreateInviteError> {
        let needed = Permission::InviteCreate;
        let (work, workspace) = in_org::change_by(&self.ports, user_id, org_id, needed).await?;
        self.store(work, workspace, (user_id, &Client::itself(), None), command, None).await
    }

    async fn store(
        &self,
        mut work: Box<dyn UnitOfWork>,
        Workspace { org, role }: Workspace,
        (user_id, client, session_id): (UserId, &Client, Option<SessionId>),
        command: CreateInviteCommand,
        allowances: Option<Allowances>,
    ) -> Result<Invite, CreateInviteError> {
        if !role.may_invite_as(command.role) {
            return Err(OrgDenied::from(Forbidden::from(Permission::InviteCreate)).into());
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
            event = kind.as_str(), org_id = %org.id, %user_id, invite_id = %invite.id, "invited"
        );
        Ok(invite)
    }
}

/// How many invitations a caller may send today, and an address may be sent. Platform administrators may send any number.
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

    /// Counts an invitation. An allowance that is taken here is there again if the unit of work is dropped.
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

/// The mail with the link of an invite.
pub(crate) fn mail(ports: &Ports, invite: &Invite, now: OffsetDateTime) -> OutboxEntry {
    OutboxEntry {
        id: MailId::from_uuid(ports.ids.next()),
        to: invite.email.clone(),
        subject: MailSubject::Invite(invite.token()),
        sender: MailSender::user(invite.invited_by),
        created_at: now,
        attempts: 0,
    }
}
