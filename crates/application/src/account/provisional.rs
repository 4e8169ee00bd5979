//! Removing what is in a provisional account that its owner might not have registered.

use doorward_domain::{
    OrgId, UserId,
    account::{
        profile::{Change, ProfileChange},
        user::User,
    },
    audit::AuditKind,
    org::{
        Org,
        membership::{Member, Membership},
        role::Role,
    },
    pagination::{PageQuery, PageSize},
    ports::{StorageError, UnitOfWork},
    request_context::RequestContext,
};
use time::OffsetDateTime;

use crate::{Ports, events::audit};

/// Discards what another user may have put into a provisional account: organizations, profile, default organization, and
/// platform role. The account gets a new personal organization, as at registration.
///
/// Before the call, the unit of work has to lock the account's memberships (`MembershipRepository::lock_for_user`). The caller has
/// to end the account's sessions.
pub(crate) async fn discard(
    ports: &Ports,
    work: &mut dyn UnitOfWork,
    user: &User,
    client: &RequestContext,
    now: OffsetDateTime,
) -> Result<(), StorageError> {
    let left = leave_all(work, user.id).await?;
    let org = Org::personal(OrgId::from_uuid(ports.ids.next()), &user.username, now);
    work.orgs().insert(&org).await?;
    let (user_id, org_id, role) = (user.id, org.id, Role::Owner);
    work.memberships().insert(&Membership { user_id, org_id, role, joined_at: now }).await?;
    work.users().update_profile(user.id, &as_new(org.id), now).await?;
    work.users().set_platform_admin(user.id, false, now).await?;
    let kind = AuditKind::AccountReclaimed;
    work.audit().record(&audit::event(ports, kind, client, user.id, None, None)).await?;
    tracing::info!(event = kind.as_str(), %user_id, orgs = left, "account reclaimed by the owner of its address");
    Ok(())
}

fn as_new(default_org: OrgId) -> ProfileChange {
    ProfileChange {
        full_name: Change::Clear,
        avatar_url: Change::Clear,
        bio: Change::Clear,
        timezone: Change::Clear,
        locale: Change::Clear,
        preferences: Change::Clear,
        settings: Change::Clear,
        default_org: Change::Set(default_org),
    }
}

/// Removes an account from all organizations. Organizations without other members are deleted, and one that would have no
/// owner gets another owner. Returns the number of organizations.
pub(crate) async fn leave_all(
    work: &mut dyn UnitOfWork,
    user_id: UserId,
) -> Result<usize, StorageError> {
    let belongings = work.memberships().list_for_user(user_id).await?;
    for belonging in &belongings {
        let org_id = belonging.org.id;
        if belonging.is_sole_member() {
            work.orgs().delete(org_id).await?;
            continue;
        }
        if belonging.is_last_owner()
            && let Some(heir) = heir(work, org_id, user_id).await?
        {
            work.memberships().set_role(org_id, heir, Role::Owner).await?;
        }
        work.memberships().remove(org_id, user_id).await?;
    }
    Ok(belongings.len())
}

/// Returns the member who becomes the owner of an organization after its last owner: the admin who joined first, or the
/// member who joined first if there is no admin.
async fn heir(
    work: &mut dyn UnitOfWork,
    org_id: OrgId,
    leaves: UserId,
) -> Result<Option<UserId>, StorageError> {
    let rank = |member: &Member| (member.role == Role::Member, member.joined_at);
    let (mut best, mut after) = (None::<Member>, None);
    loop {
        let request = PageQuery { limit: PageSize::DEFAULT, after };
        let page = work.memberships().list(org_id, request).await?;
        let others = page.items.into_iter().filter(|member| member.user_id != leaves);
        best = best.into_iter().chain(others).min_by_key(rank);
        after = page.next;
        if after.is_none() {
            return Ok(best.map(|member| member.user_id));
        }
    }
}
