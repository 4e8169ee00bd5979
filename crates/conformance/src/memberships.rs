//! `MembershipRepository`.

use doorward_domain::{
    membership::{Member, Membership},
    org::Org,
    page::{PageLimit, PageRequest},
    ports::Storage,
    role::Role,
    user::User,
};

use crate::{
    concurrency::{at_once, count_yes},
    given::{self, connect},
    sample::{self, NOW, after},
};

async fn org_and_user(storage: &dyn Storage) -> (Org, User) {
    let org = given::org(storage, sample::org("Acme")).await;
    let user = given::user(storage, sample::user("ann")).await;
    (org, user)
}

async fn insert(storage: &dyn Storage, membership: &Membership) -> bool {
    connect(storage).await.memberships().insert(membership).await.unwrap()
}

async fn find(storage: &dyn Storage, org: &Org, user: &User) -> Option<Membership> {
    connect(storage).await.memberships().find(org.id, user.id).await.unwrap()
}

/// `MembershipRepository::insert`, `find`: everything is kept, times to the microsecond.
pub async fn a_membership_comes_back_as_it_was_added(storage: &dyn Storage) {
    let (_, user) = org_and_user(storage).await;
    for role in [Role::Owner, Role::Admin, Role::Member] {
        let org = given::org(storage, sample::org("Acme")).await;
        let membership = sample::membership(&org, &user, role);
        assert!(insert(storage, &membership).await);
        assert_eq!(find(storage, &org, &user).await, Some(membership));
    }
}

/// `MembershipRepository::find`: a person's membership in this organisation, and no other.
pub async fn a_membership_is_one_persons_in_one_organisation(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let other = given::org(storage, sample::org("Other")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    given::member(storage, &org, &ann, Role::Owner).await;
    given::member(storage, &other, &bob, Role::Owner).await;
    assert_eq!(find(storage, &other, &ann).await, None);
    assert_eq!(find(storage, &org, &bob).await, None);
}

/// `MembershipRepository::insert`: an existing one MUST stay as it is.
pub async fn an_existing_membership_stays_as_it_is(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let first = sample::membership(&org, &ann, Role::Admin);
    assert!(insert(storage, &first).await);
    let again = Membership { role: Role::Owner, joined_at: after(9), ..first };
    assert!(!insert(storage, &again).await);
    assert_eq!(find(storage, &org, &ann).await, Some(first));
}

/// `MembershipRepository::insert`: it leaves the unit of work usable if there is one already.
pub async fn joining_twice_does_not_end_the_unit_of_work(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let mut work = given::begin(storage).await;
    let ann_joins = sample::membership(&org, &ann, Role::Member);
    let bob_joins = sample::membership(&org, &bob, Role::Member);
    assert!(work.memberships().insert(&ann_joins).await.unwrap());
    assert!(!work.memberships().insert(&ann_joins).await.unwrap());
    assert!(work.memberships().insert(&bob_joins).await.unwrap());
    work.commit().await.unwrap();
    assert_eq!(find(storage, &org, &bob).await, Some(bob_joins));
}

/// `MembershipRepository::insert`: of many at the same moment, one is new.
pub async fn of_many_who_join_one_is_new(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let membership = sample::membership(&org, &ann, Role::Member);
    let answers = at_once(16, async |_| insert(storage, &membership).await);
    assert_eq!(count_yes(answers), 1);
}

/// `MembershipRepository::set_role`: it changes one member's role, and says whether there is one.
pub async fn a_members_role_is_changed(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let other = given::org(storage, sample::org("Other")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    for (org, user) in [(&org, &ann), (&org, &bob), (&other, &ann)] {
        given::member(storage, org, user, Role::Member).await;
    }
    let mut repositories = connect(storage).await;
    let memberships = repositories.memberships();
    assert!(memberships.set_role(org.id, ann.id, Role::Admin).await.unwrap());
    assert!(!memberships.set_role(other.id, bob.id, Role::Admin).await.unwrap());
    drop(repositories);
    let changed = sample::membership(&org, &ann, Role::Admin);
    assert_eq!(find(storage, &org, &ann).await, Some(changed));
    assert_eq!(find(storage, &org, &bob).await.unwrap().role, Role::Member);
    assert_eq!(find(storage, &other, &ann).await.unwrap().role, Role::Member);
}

/// `MembershipRepository::remove`: it takes one member out, and says whether there was one.
pub async fn a_member_is_taken_out(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let other = given::org(storage, sample::org("Other")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    for (org, user) in [(&org, &ann), (&org, &bob), (&other, &ann)] {
        given::member(storage, org, user, Role::Member).await;
    }
    for was_there in [true, false] {
        let removed = connect(storage).await.memberships().remove(org.id, ann.id).await.unwrap();
        assert_eq!(removed, was_there);
    }
    assert_eq!(find(storage, &org, &ann).await, None);
    assert!(find(storage, &org, &bob).await.is_some());
    assert!(find(storage, &other, &ann).await.is_some());
}

/// `MembershipRepository::list`: the members of this organisation, the newest account first; each page
/// begins after the one before.
pub async fn members_are_listed_page_by_page(storage: &dyn Storage) {
    let org = given::org(storage, sample::org("Acme")).await;
    let other = given::org(storage, sample::org("Other")).await;
    let mut expected = Vec::new();
    for (number, role) in Role::ALL.into_iter().enumerate() {
        let user = sample::user(&format!("Member.{number}"));
        let user = given::user(storage, User { profile: sample::profile(), ..user }).await;
        given::member(storage, &org, &user, role).await;
        let stranger = given::user(storage, sample::user(&format!("stranger-{number}"))).await;
        given::member(storage, &other, &stranger, role).await;
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
    let request = PageRequest { limit: PageLimit::new(2).unwrap(), after: None };
    let first = connect(storage).await.memberships().list(org.id, request).await.unwrap();
    assert_eq!((&first.items[..], first.next), (&expected[..2], Some(expected[1].user_id)));
    let request = PageRequest { after: first.next, ..request };
    let second = connect(storage).await.memberships().list(org.id, request).await.unwrap();
    assert_eq!((&second.items[..], second.next), (&expected[2..], None));
}

/// `MembershipRepository::has_email`: an address of a member of this organisation, in whatever case.
pub async fn a_member_is_known_by_their_address(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let other = given::org(storage, sample::org("Other")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    given::member(storage, &org, &ann, Role::Member).await;
    given::member(storage, &other, &bob, Role::Member).await;
    let mut repositories = connect(storage).await;
    for (address, expected) in
        [("ann@example.com", true), ("ANN@example.com", true), ("bob@example.com", false)]
    {
        let email = sample::email(address);
        let found = repositories.memberships().has_email(org.id, &email).await.unwrap();
        assert_eq!(found, expected, "{address}");
    }
}

/// `MembershipRepository::has_other_owner`: an owner of this organisation, who is not this person, and
/// whose account is active.
pub async fn another_owner_is_an_active_one_of_the_same_organisation(storage: &dyn Storage) {
    let (org, ann) = org_and_user(storage).await;
    let other = given::org(storage, sample::org("Other")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let has_other = async |user: &User| {
        let mut repositories = connect(storage).await;
        repositories.memberships().has_other_owner(org.id, user.id).await.unwrap()
    };
    given::member(storage, &org, &ann, Role::Owner).await;
    given::member(storage, &other, &bob, Role::Owner).await;
    assert_eq!((has_other(&ann).await, has_other(&bob).await), (false, true));
    given::member(storage, &org, &bob, Role::Admin).await;
    assert!(!has_other(&ann).await);
    connect(storage).await.memberships().set_role(org.id, bob.id, Role::Owner).await.unwrap();
    assert_eq!((has_other(&ann).await, has_other(&bob).await), (true, true));
    connect(storage).await.users().set_disabled(bob.id, Some(NOW)).await.unwrap();
    assert!(!has_other(&ann).await);
}
