use std::collections::BTreeSet;

use doorward_domain::{
    UserId,
    org::{membership::Membership, role::Role},
};

use super::Change;
use crate::journal::Invariant;

/// Returns the provisional accounts whose password was set through a link from an email. Checks that nothing
/// is left of such an account's contents, because another user may have put it there.
fn reclaimed(Change { before, after, journal, .. }: &Change<'_>) -> BTreeSet<UserId> {
    let mut reclaimed = BTreeSet::new();
    for (id, account) in before.users.iter().filter(|(_, account)| account.user.is_provisional) {
        let now = after.users.get(id).filter(|now| {
            !now.user.is_provisional && now.password_version != account.password_version
        });
        let Some(now) = now else { continue };
        reclaimed.insert(*id);
        let is_new = |membership: &Membership| !before.orgs.contains(&membership.org_id);
        let memberships = after.memberships.rows().filter(|membership| membership.user_id == *id);
        let orgs: Vec<_> = memberships.collect();
        let fresh = orgs.len() == 1
            && orgs.iter().all(|it| is_new(it) && Some(it.org_id) == now.user.default_org);
        journal.check(fresh, Invariant::NothingOpens, || {
            format!("account {id} keeps organizations from before its email address was verified")
        });
    }
    reclaimed
}

pub(super) fn judge(change: &Change<'_>) {
    let Change { before, after, journal, .. } = change;
    if before.orgs.is_same(&after.orgs) && before.memberships.is_same(&after.memberships) {
        return;
    }
    let mut owned = BTreeSet::new();
    for membership in after.memberships.rows() {
        let (user, org) = (membership.user_id, membership.org_id);
        let whole = after.users.contains(&user) && after.orgs.contains(&org);
        journal.check(whole, Invariant::NoHalfRows, || {
            format!("{user} is a member of {org}, but one of the two does not exist")
        });
        if membership.role == Role::Owner {
            owned.insert(org);
        }
    }
    for (id, _) in after.orgs.iter() {
        journal.check(owned.contains(id), Invariant::NoHalfRows, || {
            format!("organization {id} has no owner")
        });
    }
    let reclaimed = reclaimed(change);
    for (id, _) in before.orgs.iter() {
        let mut members = before.memberships.rows().filter(|membership| membership.org_id == *id);
        let discarded = members.all(|membership| reclaimed.contains(&membership.user_id));
        let lasts = after.orgs.contains(id) || discarded;
        journal.check(lasts, Invariant::AcknowledgedLasts, || {
            format!("organization {id} disappeared without a deletion")
        });
    }
}
