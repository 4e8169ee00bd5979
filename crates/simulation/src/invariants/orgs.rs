use std::collections::BTreeSet;

use doorward_domain::role::Role;

use super::Change;
use crate::journal::Invariant;

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
            format!("{user} is a member of {org}, and one of the two is not there")
        });
        if membership.role == Role::Owner {
            owned.insert(org);
        }
    }
    for (id, _) in after.orgs.iter() {
        journal.check(owned.contains(id), Invariant::NoHalfRows, || {
            format!("organisation {id} has no owner")
        });
    }
    for (id, _) in before.orgs.iter() {
        journal.check(after.orgs.contains(id), Invariant::AcknowledgedLasts, || {
            format!("organisation {id} is gone, which nobody deleted")
        });
    }
}
