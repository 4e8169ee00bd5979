//! `OrgRepository`.

use doorward_domain::{
    OrgId,
    org::{Org, OrgKind, OrgName, Workspace},
    page::{PageLimit, PageRequest},
    ports::Storage,
    role::Role,
    session::Session,
    user::User,
};

use crate::{
    concurrency::{at_once, count_yes},
    given::{self, begin, connect},
    sample,
};

/// `OrgRepository::insert`, `find`: everything is kept, times to the microsecond.
pub async fn an_organisation_comes_back_as_it_was_added(storage: &dyn Storage) {
    let longest = "ü".repeat(OrgName::MAX);
    for (kind, name) in [(OrgKind::Personal, "Ann's workspace"), (OrgKind::Shared, &longest)] {
        let org = Org { kind, ..sample::org(name) };
        connect(storage).await.orgs().insert(&org).await.unwrap();
        assert_eq!(connect(storage).await.orgs().find(org.id).await.unwrap(), Some(org));
    }
}

/// `OrgRepository::find`: absence is `Ok(None)`.
pub async fn an_unknown_organisation_is_absent(storage: &dyn Storage) {
    let id = OrgId::from_uuid(sample::id());
    assert_eq!(connect(storage).await.orgs().find(id).await.unwrap(), None);
}

/// `OrgRepository::insert`: names need not differ, for tenants don't know of one another.
pub async fn two_organisations_may_have_one_name(storage: &dyn Storage) {
    for _ in 0..2 {
        connect(storage).await.orgs().insert(&sample::org("Acme")).await.unwrap();
    }
}

/// `OrgRepository::find_for`: an organisation as this person has it, and absent for everybody else.
pub async fn an_organisation_is_found_for_its_members(storage: &dyn Storage) {
    let (ann, bob) = two_users(storage).await;
    let org = given::org(storage, sample::org("Acme")).await;
    let other = given::org(storage, sample::org("Other")).await;
    given::member(storage, &org, &ann, Role::Admin).await;
    given::member(storage, &other, &bob, Role::Owner).await;
    let mut repositories = connect(storage).await;
    let found = repositories.orgs().find_for(org.id, ann.id).await.unwrap();
    assert_eq!(found, Some(Workspace { org: org.clone(), role: Role::Admin }));
    for (org, user) in [(org.id, bob.id), (other.id, ann.id), (OrgId::NONE, ann.id)] {
        assert_eq!(repositories.orgs().find_for(org, user).await.unwrap(), None);
    }
}

/// `OrgRepository::list_for`: what this person belongs to, and their role there; each page begins after
/// the one before.
pub async fn a_persons_organisations_are_listed_page_by_page(storage: &dyn Storage) {
    let (ann, bob) = two_users(storage).await;
    let mut expected = Vec::new();
    for role in [Role::Owner, Role::Admin, Role::Member, Role::Owner, Role::Member] {
        let org = given::org(storage, sample::org("Acme")).await;
        given::member(storage, &org, &ann, role).await;
        expected.insert(0, Workspace { org, role });
        let theirs = given::org(storage, sample::org("Acme")).await;
        given::member(storage, &theirs, &bob, Role::Owner).await;
    }
    let limit = PageLimit::new(2).unwrap();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let request = PageRequest { limit, after };
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

/// `OrgRepository::list`: all there are, page by page.
pub async fn all_organisations_are_listed_page_by_page(storage: &dyn Storage) {
    let mut orgs = Vec::new();
    for name in ["One", "Two", "Three"] {
        orgs.insert(0, given::org(storage, sample::org(name)).await);
    }
    let request = PageRequest { limit: PageLimit::new(2).unwrap(), after: None };
    let first = connect(storage).await.orgs().list(request).await.unwrap();
    assert_eq!((&first.items[..], first.next), (&orgs[..2], Some(orgs[1].id)));
    let request = PageRequest { after: first.next, ..request };
    let second = connect(storage).await.orgs().list(request).await.unwrap();
    assert_eq!((&second.items[..], second.next), (&orgs[2..], None));
}

/// `OrgRepository::rename`: one organisation's name, and whether there is such an organisation.
pub async fn an_organisation_is_renamed(storage: &dyn Storage) {
    let org = given::org(storage, sample::org("Acme")).await;
    let other = given::org(storage, sample::org("Acme")).await;
    let name = OrgName::parse("Ümläut & Söhne").unwrap();
    let mut repositories = connect(storage).await;
    assert!(repositories.orgs().rename(org.id, &name).await.unwrap());
    assert!(!repositories.orgs().rename(OrgId::NONE, &name).await.unwrap());
    let found = repositories.orgs().find(org.id).await.unwrap();
    assert_eq!(found, Some(Org { name, ..org }));
    assert_eq!(repositories.orgs().find(other.id).await.unwrap(), Some(other));
}

/// `OrgRepository::delete`: memberships and invites MUST go with it; sessions and accounts MUST stay,
/// without it.
pub async fn what_an_organisation_has_goes_with_it(storage: &dyn Storage) {
    let org = given::org(storage, sample::org("Acme")).await;
    let other = given::org(storage, sample::org("Other")).await;
    let ann = User { default_org: Some(org.id), ..sample::user("ann") };
    let ann = given::user(storage, ann).await;
    let bob = given::user(storage, sample::user("bob")).await;
    for org in [&org, &other] {
        given::member(storage, org, &ann, Role::Owner).await;
        given::member(storage, org, &bob, Role::Member).await;
    }
    let session = Session { org_id: Some(org.id), ..sample::session(&ann) };
    let session = given::session(storage, session).await;
    let mut repositories = connect(storage).await;
    let invite = sample::invite(&org, &ann, "carol@example.com");
    repositories.invites().upsert(&invite).await.unwrap();
    let theirs = sample::invite(&other, &ann, "carol@example.com");
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
    let standing = repositories.sessions().standing(session.id, None).await.unwrap().unwrap();
    assert_eq!((standing.session.org_id, standing.user.default_org), (None, None));
}

/// `OrgRepository::lock`: whether there is such an organisation.
pub async fn only_an_organisation_that_is_there_is_locked(storage: &dyn Storage) {
    let org = given::org(storage, sample::org("Acme")).await;
    let mut work = begin(storage).await;
    assert!(work.orgs().lock(org.id).await.unwrap());
    assert!(work.orgs().lock(org.id).await.unwrap());
    assert!(!work.orgs().lock(OrgId::NONE).await.unwrap());
}

/// `OrgRepository::lock`: the second MUST wait for the first, and then see what it did: of many owners who
/// leave at the same moment unless they are the last, one stays.
pub async fn of_many_owners_who_leave_one_stays(storage: &dyn Storage) {
    let org = given::org(storage, sample::org("Acme")).await;
    let mut owners = Vec::new();
    for number in 0..8 {
        let owner = given::user(storage, sample::user(&format!("owner-{number}"))).await;
        given::member(storage, &org, &owner, Role::Owner).await;
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
    assert_eq!(count_yes(left), owners.len() - 1);
    let request = PageRequest { limit: PageLimit::DEFAULT, after: None };
    let page = connect(storage).await.memberships().list(org.id, request).await.unwrap();
    assert_eq!(page.items.len(), 1);
}

async fn two_users(storage: &dyn Storage) -> (User, User) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    (ann, bob)
}
