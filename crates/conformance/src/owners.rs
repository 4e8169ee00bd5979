//! `MembershipRepository::insert_owner`.

use doorward_domain::{
    org::{Org, OrgKind},
    ports::Storage,
    role::Role,
    user::User,
};

use crate::{
    concurrency::at_once,
    given::{self, begin, connect},
    sample::{self, NOW},
};

/// Creates an organization as a use case does. Returns `true` if it was one of `limit` at most.
async fn create(storage: &dyn Storage, owner: &User, limit: u32) -> bool {
    let org = sample::org("Acme");
    let mut work = begin(storage).await;
    work.orgs().insert(&org).await.unwrap();
    let added = work.memberships().insert_owner(owner.id, org.id, limit, NOW).await.unwrap();
    if added {
        let stored = work.memberships().find(org.id, owner.id).await.unwrap();
        assert_eq!(stored, Some(sample::membership(&org, owner, Role::Owner)));
        work.commit().await.unwrap();
    }
    added
}

/// Shared organizations that the user owns count, and no others.
pub async fn user_owns_no_more_organizations_than_the_limit(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let personal = Org { kind: OrgKind::Personal, ..sample::org("Ann's") };
    let personal = given::org(storage, personal).await;
    given::member(storage, &personal, &ann, Role::Owner).await;
    given::joined(storage, "Globex", &ann, Role::Admin, 1).await;
    assert!(create(storage, &ann, 2).await && create(storage, &ann, 2).await);
    assert!(!create(storage, &ann, 2).await);
    assert!(create(storage, &bob, 2).await && create(storage, &ann, 3).await);
    assert!(!create(storage, &bob, 0).await);
    assert_eq!(connect(storage).await.memberships().of(ann.id).await.unwrap().len(), 5);
}

/// Of many callers for one user at the same moment no more MUST succeed than the limit allows.
pub async fn of_many_organizations_at_once_no_more_than_the_limit_are_created(
    storage: &dyn Storage,
) {
    let ann = given::user(storage, sample::user("ann")).await;
    let created = at_once(8, async |_| create(storage, &ann, 3).await);
    assert_eq!(created.into_iter().filter(|created| *created).count(), 3);
}
