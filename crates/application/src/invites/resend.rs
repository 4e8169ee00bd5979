//! Resending an invite.

use doorward_domain::{
    InviteId,
    audit::AuditKind,
    org::{
        invite::{Invite, InviteRenewal},
        role::Permission,
    },
};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    access::{
        denied::{self, Forbidden},
        org::{self, OrgAccessError},
    },
    invites::create::{Allowances, CreateInviteError, mail},
};

/// Renews a pending invite, which may have expired, and sends it again. The earlier link becomes invalid, and the
/// caller becomes the inviter. Requires [`Permission::InviteCreate`] and a verified email address, as a new invite
/// does.
#[derive(Debug)]
pub struct ResendInvite {
    ports: Ports,
    settings: Settings,
}

impl ResendInvite {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Renews and resends the invite. The IDs are parsed as the client sent them.
    ///
    /// # Errors
    /// See [`CreateInviteError`].
    #[instrument(level = "debug", name = "resend_invite", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        invite_id: &str,
    ) -> Result<Invite, CreateInviteError> {
        let needed = Permission::InviteCreate;
        let (mut work, workspace) =
            org::authorize_write(&self.ports, &self.settings, caller, org_id, needed).await?;
        let id: InviteId = invite_id.parse().map_err(|_| OrgAccessError::NotFound)?;
        let (org_id, now) = (workspace.org.id, self.ports.clock.now());
        let renewal = InviteRenewal::new(caller.user.id, now);
        let invite = work.invites().renew(org_id, id, &renewal).await?;
        let invite = invite.ok_or(OrgAccessError::NotFound)?;
        denied::always_verified(caller)?;
        // The role is known only now. On an error nothing is committed.
        let is_allowed = self.settings.invites.allows(&invite.email);
        if !workspace.role.may_invite_as(invite.role) || !is_allowed {
            return Err(Forbidden::from(needed).into());
        }
        let allowances = Allowances::of(caller, &self.settings);
        allowances.take(work.as_mut(), &invite.email, now).await?;
        work.outbox().enqueue(&mail(&self.ports, &invite, now)).await?;
        let kind = AuditKind::InviteRenewed;
        org::commit(&self.ports, work, caller, kind, org_id, caller.user.id).await?;
        Ok(invite)
    }
}
