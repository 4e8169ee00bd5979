//! Clauses of `MembershipRepository::insert_owner`.

use doorward_domain::{
    account::user::User,
    org::{Org, OrgKind, role::Role},
    ports::Storage,
};

use crate::{
    concurrency::at_once,
    fixtures::{self, begin, connect},
    samples::{self, NOW},
};

/// Creates an organization as the use case does. Returns `true` if the user then owns at most `limit`.
async fn create(storage: &dyn Storage, owner: &User, limit: u32) -> bool {
    let org = samples::org("Acme");
    let mut work = begin(storage).await;
    work.orgs().insert(&org).await.unwrap();
    let added = work.memberships().insert_owner(owner.id, org.id, limit, NOW).await.unwrap();
    if added {
        let stored = work.memberships().find(org.id, owner.id).await.unwrap();
        assert_eq!(stored, Some(samples::membership(&org, owner, Role::Owner)));
        work.commit().await.unwrap();
    }
    added
}

/// Checks that only the shared organizations that the user owns count.
pub async fn user_owns_no_more_organizations_than_the_limit(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let personal = Org { kind: OrgKind::Personal, ..samples::org("Ann's") };
    let personal = fixtures::org(storage, personal).await;
    fixtures::member(storage, &personal, &ann, Role::Owner).await;
    fixtures::joined(storage, "Globex", &ann, Role::Admin, 1).await;
    assert!(create(storage, &ann, 2).await && create(storage, &ann, 2).await);
    assert!(!create(storage, &ann, 2).await);
    assert!(create(storage, &bob, 2).await && create(storage, &ann, 3).await);
    assert!(!create(storage, &bob, 0).await);
    assert_eq!(connect(storage).await.memberships().list_for_user(ann.id).await.unwrap().len(), 5);
}

/// Checks that many concurrent callers for one user create no more organizations than the limit allows.
pub async fn concurrent_creations_do_not_exceed_the_limit(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let created = at_once(8, async |_| create(storage, &ann, 3).await);
    assert_eq!(created.into_iter().filter(|created| *created).count(), 3);
}
