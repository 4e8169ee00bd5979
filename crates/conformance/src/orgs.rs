//! Clauses of `OrgRepository`.

use doorward_domain::{
    OrgId,
    account::user::User,
    org::{Org, OrgKind, OrgName, OrgWithRole, role::Role},
    pagination::{PageQuery, PageSize},
    ports::Storage,
    session::Session,
};

use crate::{
    concurrency::{at_once, count_true},
    fixtures::{self, begin, connect},
    samples,
};

/// Checks that an organization is returned unchanged, with times to the microsecond.
pub async fn organization_is_returned_as_it_was_added(storage: &dyn Storage) {
    let longest = "ü".repeat(OrgName::MAX);
    for (kind, name) in [(OrgKind::Personal, "Ann's workspace"), (OrgKind::Shared, &longest)] {
        let org = Org { kind, ..samples::org(name) };
        connect(storage).await.orgs().insert(&org).await.unwrap();
        assert_eq!(connect(storage).await.orgs().find(org.id).await.unwrap(), Some(org));
    }
}

/// Checks that the result for an unknown ID is `Ok(None)`.
pub async fn unknown_organization_is_absent(storage: &dyn Storage) {
    let id = OrgId::from_uuid(samples::id());
    assert_eq!(connect(storage).await.orgs().find(id).await.unwrap(), None);
}

/// Checks that two organizations may have the same name, because tenants don't know of each other.
pub async fn two_organizations_may_have_the_same_name(storage: &dyn Storage) {
    for _ in 0..2 {
        connect(storage).await.orgs().insert(&samples::org("Acme")).await.unwrap();
    }
}

/// Checks that an organization is found with the user's role, and is absent for users who aren't members.
pub async fn organization_is_found_for_its_members(storage: &dyn Storage) {
    let (ann, bob) = two_users(storage).await;
    let org = fixtures::org(storage, samples::org("Acme")).await;
    let other = fixtures::org(storage, samples::org("Other")).await;
    fixtures::member(storage, &org, &ann, Role::Admin).await;
    fixtures::member(storage, &other, &bob, Role::Owner).await;
    let mut repositories = connect(storage).await;
    let found = repositories.orgs().find_for(org.id, ann.id).await.unwrap();
    assert_eq!(found, Some(OrgWithRole { org: org.clone(), role: Role::Admin }));
    for (org, user) in [(org.id, bob.id), (other.id, ann.id), (OrgId::NONE, ann.id)] {
        assert_eq!(repositories.orgs().find_for(org, user).await.unwrap(), None);
    }
}

/// Checks that a user's organizations are listed with their role, and that each page begins after the
/// previous one.
pub async fn organizations_of_a_user_are_listed_page_by_page(storage: &dyn Storage) {
    let (ann, bob) = two_users(storage).await;
    let mut expected = Vec::new();
    for role in [Role::Owner, Role::Admin, Role::Member, Role::Owner, Role::Member] {
        let org = fixtures::org(storage, samples::org("Acme")).await;
        fixtures::member(storage, &org, &ann, role).await;
        expected.insert(0, OrgWithRole { org, role });
        let theirs = fixtures::org(storage, samples::org("Acme")).await;
        fixtures::member(storage, &theirs, &bob, Role::Owner).await;
    }
    let limit = PageSize::new(2).unwrap();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let request = PageQuery { limit, after };
        let page = connect(storage).await.orgs().list_for(ann.id, request).await.unwrap();
        assert!(page.items.len() <= 2);
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, expected);
}

/// Checks that all organizations are listed page by page.
pub async fn all_organizations_are_listed_page_by_page(storage: &dyn Storage) {
    let mut orgs = Vec::new();
    for name in ["One", "Two", "Three"] {
        orgs.insert(0, fixtures::org(storage, samples::org(name)).await);
    }
    let request = PageQuery { limit: PageSize::new(2).unwrap(), after: None };
    let first = connect(storage).await.orgs().list(request).await.unwrap();
    assert_eq!((&first.items[..], first.next), (&orgs[..2], Some(orgs[1].id)));
    let request = PageQuery { after: first.next, ..request };
    let second = connect(storage).await.orgs().list(request).await.unwrap();
    assert_eq!((&second.items[..], second.next), (&orgs[2..], None));
}

/// Checks that only the named organization is renamed, and that an unknown one isn't found.
pub async fn organization_is_renamed(storage: &dyn Storage) {
    let org = fixtures::org(storage, samples::org("Acme")).await;
    let other = fixtures::org(storage, samples::org("Acme")).await;
    let name = OrgName::parse("Ümläut & Söhne").unwrap();
    let mut repositories = connect(storage).await;
    assert!(repositories.orgs().rename(org.id, &name).await.unwrap());
    assert!(!repositories.orgs().rename(OrgId::NONE, &name).await.unwrap());
    let found = repositories.orgs().find(org.id).await.unwrap();
    assert_eq!(found, Some(Org { name, ..org }));
    assert_eq!(repositories.orgs().find(other.id).await.unwrap(), Some(other));
}

/// Checks that memberships and invites are deleted with an organization, and that sessions and accounts stay,
/// without an organization.
pub async fn organization_is_deleted_with_its_memberships_and_invites(storage: &dyn Storage) {
    let org = fixtures::org(storage, samples::org("Acme")).await;
    let other = fixtures::org(storage, samples::org("Other")).await;
    let ann = User { default_org: Some(org.id), ..samples::user("ann") };
    let ann = fixtures::user(storage, ann).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    for org in [&org, &other] {
        fixtures::member(storage, org, &ann, Role::Owner).await;
        fixtures::member(storage, org, &bob, Role::Member).await;
    }
    let session = Session { org_id: Some(org.id), ..samples::session(&ann) };
    let session = fixtures::session(storage, session).await;
    let mut repositories = connect(storage).await;
    let invite = samples::invite(&org, &ann, "carol@example.com");
    repositories.invites().upsert(&invite).await.unwrap();
    let theirs = samples::invite(&other, &ann, "carol@example.com");
    repositories.invites().upsert(&theirs).await.unwrap();
    drop(repositories);

    for was_there in [true, false] {
        assert_eq!(connect(storage).await.orgs().delete(org.id).await.unwrap(), was_there);
    }
    let mut repositories = connect(storage).await;
    assert_eq!(repositories.orgs().find(org.id).await.unwrap(), None);
    for user in [&ann, &bob] {
        assert_eq!(repositories.memberships().find(org.id, user.id).await.unwrap(), None);
        assert!(repositories.memberships().find(other.id, user.id).await.unwrap().is_some());
    }
    assert_eq!(repositories.invites().find(invite.id).await.unwrap(), None);
    assert_eq!(repositories.invites().find(theirs.id).await.unwrap(), Some(theirs));
    let session_context =
        repositories.sessions().find_with_user(session.id, None).await.unwrap().unwrap();
    assert_eq!((session_context.session.org_id, session_context.user.default_org), (None, None));
}

/// Checks that `lock` returns whether the organization exists.
pub async fn only_existing_organization_is_locked(storage: &dyn Storage) {
    let org = fixtures::org(storage, samples::org("Acme")).await;
    let mut work = begin(storage).await;
    assert!(work.orgs().lock(org.id).await.unwrap());
    assert!(work.orgs().lock(org.id).await.unwrap());
    assert!(!work.orgs().lock(OrgId::NONE).await.unwrap());
}

/// Checks that the second caller waits for the first and then sees its changes: of many owners who leave
/// concurrently unless they are the last one, exactly one stays.
pub async fn concurrently_leaving_owners_leave_one_behind(storage: &dyn Storage) {
    let org = fixtures::org(storage, samples::org("Acme")).await;
    let mut owners = Vec::new();
    for number in 0..8 {
        let owner = fixtures::user(storage, samples::user(&format!("owner-{number}"))).await;
        fixtures::member(storage, &org, &owner, Role::Owner).await;
        owners.push(owner);
    }
    let left = at_once(owners.len(), async |number| {
        let mut work = begin(storage).await;
        assert!(work.orgs().lock(org.id).await.unwrap());
        let id = owners[number].id;
        let leaves = work.memberships().has_other_owner(org.id, id).await.unwrap();
        if leaves {
            assert!(work.memberships().remove(org.id, id).await.unwrap());
            work.commit().await.unwrap();
        }
        leaves
    });
    assert_eq!(count_true(left), owners.len() - 1);
    let request = PageQuery { limit: PageSize::DEFAULT, after: None };
    let page = connect(storage).await.memberships().list(org.id, request).await.unwrap();
    assert_eq!(page.items.len(), 1);
}

async fn two_users(storage: &dyn Storage) -> (User, User) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    (ann, bob)
}
