//! Clauses of `MembershipRepository`.

use doorward_domain::{
    account::user::User,
    org::{
        Org,
        membership::{Member, Membership},
        role::Role,
    },
    pagination::{PageQuery, PageSize},
    ports::Storage,
};

use crate::{
    concurrency::{at_once, count_true},
    fixtures::{self, connect},
    samples::{self, NOW, after},
};

async fn org_and_user(storage: &dyn Storage) -> (Org, User) {
    let org = fixtures::org(storage, samples::org("Acme")).await;
    let user = fixtures::user(storage, samples::user("ann")).await;
    (org, user)
}

async fn insert(storage: &dyn Storage, membership: &Membership) -> bool {
    connect(storage).await.memberships().insert(membership).await.unwrap()
}

async fn find(storage: &dyn Storage, org: &Org, user: &User) -> Option<Membership> {
    connect(storage).await.memberships().find(org.id, user.id).await.unwrap()
}

/// Checks that a membership is returned unchanged, with times to the microsecond.
pub async fn membership_is_returned_as_it_was_added(storage: &dyn Storage) {
    let (_, user) = org_and_user(storage).await;
    for role in [Role::Owner, Role::Admin, Role::Member] {
        let org = fixtures::org(storage, samples::org("Acme")).await;
        let membership = samples::membership(&org, &user, role);
        assert!(insert(storage, &membership).await);
        assert_eq!(find(storage, &org, &user).await, Some(membership));
    }
}

/// Checks that only the membership of this user in this organization is returned.
pub async fn membership_belongs_to_one_user_and_one_organization(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let other = fixtures::org(storage, samples::org("Other")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    fixtures::member(storage, &org, &ann, Role::Owner).await;
    fixtures::member(storage, &other, &bob, Role::Owner).await;
    assert_eq!(find(storage, &other, &ann).await, None);
    assert_eq!(find(storage, &org, &bob).await, None);
}

/// Checks that an existing membership stays unchanged.
pub async fn existing_membership_is_unchanged(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let first = samples::membership(&org, &ann, Role::Admin);
    assert!(insert(storage, &first).await);
    let again = Membership { role: Role::Owner, joined_at: after(9), ..first };
    assert!(!insert(storage, &again).await);
    assert_eq!(find(storage, &org, &ann).await, Some(first));
}

/// Checks that the unit of work stays usable if the membership exists already.
pub async fn joining_twice_keeps_the_unit_of_work_usable(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let mut work = fixtures::begin(storage).await;
    let ann_joins = samples::membership(&org, &ann, Role::Member);
    let bob_joins = samples::membership(&org, &bob, Role::Member);
    assert!(work.memberships().insert(&ann_joins).await.unwrap());
    assert!(!work.memberships().insert(&ann_joins).await.unwrap());
    assert!(work.memberships().insert(&bob_joins).await.unwrap());
    work.commit().await.unwrap();
    assert_eq!(find(storage, &org, &bob).await, Some(bob_joins));
}

/// Checks that of many concurrent callers exactly one adds the membership.
pub async fn concurrent_joins_add_one_membership(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let membership = samples::membership(&org, &ann, Role::Member);
    let answers = at_once(16, async |_| insert(storage, &membership).await);
    assert_eq!(count_true(answers), 1);
}

/// Checks that only the role of this member changes, and that an unknown member isn't found.
pub async fn member_role_is_changed(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let other = fixtures::org(storage, samples::org("Other")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    for (org, user) in [(&org, &ann), (&org, &bob), (&other, &ann)] {
        fixtures::member(storage, org, user, Role::Member).await;
    }
    let mut repositories = connect(storage).await;
    let memberships = repositories.memberships();
    assert!(memberships.set_role(org.id, ann.id, Role::Admin).await.unwrap());
    assert!(!memberships.set_role(other.id, bob.id, Role::Admin).await.unwrap());
    drop(repositories);
    let changed = samples::membership(&org, &ann, Role::Admin);
    assert_eq!(find(storage, &org, &ann).await, Some(changed));
    assert_eq!(find(storage, &org, &bob).await.unwrap().role, Role::Member);
    assert_eq!(find(storage, &other, &ann).await.unwrap().role, Role::Member);
}

/// Checks that only this member is removed, and that an unknown member isn't found.
pub async fn member_is_removed(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let other = fixtures::org(storage, samples::org("Other")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    for (org, user) in [(&org, &ann), (&org, &bob), (&other, &ann)] {
        fixtures::member(storage, org, user, Role::Member).await;
    }
    for was_there in [true, false] {
        let removed = connect(storage).await.memberships().remove(org.id, ann.id).await.unwrap();
        assert_eq!(removed, was_there);
    }
    assert_eq!(find(storage, &org, &ann).await, None);
    assert!(find(storage, &org, &bob).await.is_some());
    assert!(find(storage, &other, &ann).await.is_some());
}

/// Checks that the members of this organization are listed, the newest account first, and that each page
/// begins after the previous one.
pub async fn members_are_listed_page_by_page(storage: &dyn Storage) {
    let org = fixtures::org(storage, samples::org("Acme")).await;
    let other = fixtures::org(storage, samples::org("Other")).await;
    let mut expected = Vec::new();
    for (number, role) in Role::ALL.into_iter().enumerate() {
        let user = samples::user(&format!("Member.{number}"));
        let user = fixtures::user(storage, User { profile: samples::profile(), ..user }).await;
        fixtures::member(storage, &org, &user, role).await;
        let stranger = fixtures::user(storage, samples::user(&format!("other-{number}"))).await;
        fixtures::member(storage, &other, &stranger, role).await;
        expected.insert(
            0,
            Member {
                user_id: user.id,
                username: user.username,
                full_name: user.profile.full_name,
                email: Some(user.email),
                role,
                joined_at: NOW,
            },
        );
    }
    let request = PageQuery { limit: PageSize::new(2).unwrap(), after: None };
    let first = connect(storage).await.memberships().list(org.id, request).await.unwrap();
    assert_eq!((&first.items[..], first.next), (&expected[..2], Some(expected[1].user_id)));
    let request = PageQuery { after: first.next, ..request };
    let second = connect(storage).await.memberships().list(org.id, request).await.unwrap();
    assert_eq!((&second.items[..], second.next), (&expected[2..], None));
}

/// Checks that a member of this organization is found by email address, without regard to case.
pub async fn member_is_found_by_email(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let other = fixtures::org(storage, samples::org("Other")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    fixtures::member(storage, &org, &ann, Role::Member).await;
    fixtures::member(storage, &other, &bob, Role::Member).await;
    let mut repositories = connect(storage).await;
    for (address, expected) in
        [("ann@example.com", true), ("ANN@example.com", true), ("bob@example.com", false)]
    {
        let email = samples::email(address);
        let found = repositories.memberships().has_email(org.id, &email).await.unwrap();
        assert_eq!(found, expected, "{address}");
    }
}

/// Checks that another owner is one of this organization, isn't this user, and has an active account.
pub async fn other_owner_is_active_and_in_the_same_organization(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let other = fixtures::org(storage, samples::org("Other")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let has_other = async |user: &User| {
        let mut repositories = connect(storage).await;
        repositories.memberships().has_other_owner(org.id, user.id).await.unwrap()
    };
    fixtures::member(storage, &org, &ann, Role::Owner).await;
    fixtures::member(storage, &other, &bob, Role::Owner).await;
    assert_eq!((has_other(&ann).await, has_other(&bob).await), (false, true));
    fixtures::member(storage, &org, &bob, Role::Admin).await;
    assert!(!has_other(&ann).await);
    connect(storage).await.memberships().set_role(org.id, bob.id, Role::Owner).await.unwrap();
    assert_eq!((has_other(&ann).await, has_other(&bob).await), (true, true));
    connect(storage).await.users().set_disabled(bob.id, Some(NOW)).await.unwrap();
    assert!(!has_other(&ann).await);
}
