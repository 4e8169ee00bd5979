//! Sending an invite again.

use doorward_domain::{
    InviteId,
    audit::AuditKind,
    invite::{Invite, InviteRenewal},
    role::Permission,
};
use tracing::instrument;

use crate::{
    Caller, Ports, Settings,
    authorize::{self, Forbidden},
    create_invite::{Allowances, CreateInviteError, mail},
    in_org::{self, OrgDenied},
};

/// Renews a pending invite, which may be past its time, and sends it again. The link before is void, and the caller is who invites from then on.
#[derive(Debug)]
pub struct ResendInvite {
    ports: Ports,
    settings: Settings,
}

impl ResendInvite {
    pub(crate) fn new(ports: &Ports, settings: &Settings) -> Self {
        Self { ports: ports.clone(), settings: settings.clone() }
    }

    /// Runs the use case for ids as they were sent.
    ///
    /// # Errors
    /// See [`CreateInviteError`]. The email address of the caller has to be verified, as for a new invitation.
    #[instrument(level = "debug", name = "resend invite", skip_all)]
    pub async fn run(
        &self,
        caller: &Caller,
        org_id: &str,
        invite_id: &str,
    ) -> Result<Invite, CreateInviteError> {
        let needed = Permission::InviteCreate;
        let (mut work, workspace) =
            in_org::change(&self.ports, &self.settings, caller, org_id, needed).await?;
        let id: InviteId = invite_id.parse().map_err(|_| OrgDenied::NotFound)?;
        let (org_id, now) = (workspace.org.id, self.ports.clock.now());
        let renewal = InviteRenewal::new(caller.user.id, now);
        let invite = work.invites().renew(org_id, id, &renewal).await?;
        let invite = invite.ok_or(OrgDenied::NotFound)?;
        authorize::always_verified(caller)?;
        // Only now is the role known; what is refused leaves nothing, since nothing is committed.
        let is_allowed = self.settings.invites.allows(&invite.email);
        if !workspace.role.may_invite_as(invite.role) || !is_allowed {
            return Err(Forbidden::from(needed).into());
        }
        let allowances = Allowances::of(caller, &self.settings);
        allowances.take(work.as_mut(), &invite.email, now).await?;
        work.outbox().enqueue(&mail(&self.ports, &invite, now)).await?;
        let kind = AuditKind::InviteRenewed;
        in_org::commit(&self.ports, work, caller, kind, org_id, caller.user.id).await?;
        Ok(invite)
    }
}
