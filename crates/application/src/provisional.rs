//! What happens to an account's organizations when its owner did not register it.

use doorward_domain::{
    OrgId, UserId,
    audit::AuditKind,
    client::Client,
    membership::{Member, Membership},
    org::Org,
    page::{PageLimit, PageRequest},
    ports::{StorageError, UnitOfWork},
    profile::{Change, ProfileChange},
    role::Role,
    user::User,
};
use time::OffsetDateTime;

use crate::{Ports, audit};

/// Discards what a provisional account has, which someone else may have put there: organizations, profile, default
/// organization, and platform role. It gets a new personal organization, as at registration.
///
/// The unit of work holds the account (`MembershipRepository::hold`), and ends its sessions itself.
pub(crate) async fn discard(
    ports: &Ports,
    work: &mut dyn UnitOfWork,
    user: &User,
    client: &Client,
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

/// Takes an account out of all organizations. Those without other members are deleted; one that would have no owner
/// gets another owner. Returns the number of organizations.
pub(crate) async fn leave_all(
    work: &mut dyn UnitOfWork,
    user_id: UserId,
) -> Result<usize, StorageError> {
    let belongings = work.memberships().of(user_id).await?;
    for belonging in &belongings {
        let org_id = belonging.org.id;
        if belonging.is_alone() {
            work.orgs().delete(org_id).await?;
            continue;
        }
        if belonging.is_needed()
            && let Some(heir) = heir(work, org_id, user_id).await?
        {
            work.memberships().set_role(org_id, heir, Role::Owner).await?;
        }
        work.memberships().remove(org_id, user_id).await?;
    }
    Ok(belongings.len())
}

/// The member who is to own an organization after its last owner: admins before members, and the one who joined first.
async fn heir(
    work: &mut dyn UnitOfWork,
    org_id: OrgId,
    leaves: UserId,
) -> Result<Option<UserId>, StorageError> {
    let rank = |member: &Member| (member.role == Role::Member, member.joined_at);
    let (mut best, mut after) = (None::<Member>, None);
    loop {
        let request = PageRequest { limit: PageLimit::DEFAULT, after };
        let page = work.memberships().list(org_id, request).await?;
        let others = page.items.into_iter().filter(|member| member.user_id != leaves);
        best = best.into_iter().chain(others).min_by_key(rank);
        after = page.next;
        if after.is_none() {
            return Ok(best.map(|member| member.user_id));
        }
    }
}
