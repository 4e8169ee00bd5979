//! Listing members, changing roles, removing members, and leaving.

use doorward_application::{
    access::{denied::Forbidden, org::OrgAccessError},
    orgs::{change_role::ChangeRoleError, remove_member::RemoveMemberError},
};
use doorward_domain::{
    UserId,
    audit::AuditKind,
    mock::{MockRepositories, MockStorage},
    org::{
        OrgWithRole,
        membership::{Member, Membership},
        role::Role,
    },
    pagination::{Page, PageQuery, PageSize},
};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, ann, ann_id, assert_fails, bob_id, caller, expect_change, expect_org_audit,
    expect_org_read, globex,
};

const FIRST_PAGE: PageQuery<UserId> = PageQuery { limit: PageSize::DEFAULT, after: None };

/// Expects a query for a user's membership in Globex, which has this role, if any.
fn expect_member(db: &mut MockRepositories, user_id: UserId, role: Option<Role>) {
    db.memberships.expect_find().with(eq(globex()), eq(user_id)).once().returning(
        move |org_id, user_id| {
            Ok(role.map(|role| Membership { user_id, org_id, role, joined_at: NOW }))
        },
    );
}

fn expect_other_owner(db: &mut MockRepositories, than: UserId, is_there: bool) {
    db.memberships
        .expect_has_other_owner()
        .with(eq(globex()), eq(than))
        .once()
        .returning(move |_, _| Ok(is_there));
}

async fn change(storage: &MockStorage, of: UserId, role: Role) -> Result<(), ChangeRoleError> {
    let application = World::new(storage).application();
    let (org, of) = (globex().to_string(), of.to_string());
    application.orgs.change_role.run(&caller(), &org, &of, role).await
}

async fn remove(storage: &MockStorage, member: &str) -> Result<(), RemoveMemberError> {
    let application = World::new(storage).application();
    application.orgs.remove_member.run(&caller(), &globex().to_string(), member).await
}

fn member() -> Member {
    Member {
        user_id: ann_id(),
        username: ann().username,
        full_name: None,
        email: Some(ann().email),
        role: Role::Member,
        joined_at: NOW,
    }
}

#[tokio::test]
async fn member_list_hides_email_addresses_from_plain_members() {
    for (role, sees) in [(Role::Owner, true), (Role::Admin, true), (Role::Member, false)] {
        let storage = MockStorage::default().on_connect(|db| {
            expect_org_read(db, Some(role));
            db.memberships
                .expect_list()
                .with(eq(globex()), eq(FIRST_PAGE))
                .once()
                .returning(|_, _| Ok(Page { items: vec![member()], next: Some(ann_id()) }));
        });
        let application = World::new(&storage).application();
        let (by, org) = (caller(), globex().to_string());
        let page = application.orgs.list_members.run(&by, &org, FIRST_PAGE).await.unwrap();
        assert_eq!(page.next, Some(ann_id()));
        let email = sees.then(|| ann().email);
        assert_eq!(page.items, [Member { email, ..member() }], "{role:?}");
    }
}

#[tokio::test]
async fn operator_lists_members_of_any_organization() {
    let storage = MockStorage::default().on_connect(|db| {
        db.memberships
            .expect_list()
            .with(eq(globex()), eq(FIRST_PAGE))
            .once()
            .returning(|_, _| Ok(Page { items: vec![member()], next: None }));
    });
    let page = World::new(&storage).application().orgs.list_members.of(globex(), FIRST_PAGE).await;
    assert_eq!(page.unwrap().items, [member()]);
}

#[tokio::test]
async fn role_of_a_member_is_changed() {
    let storage = MockStorage::default().on_begin(|db| {
        expect_change(db, Some(Role::Admin));
        expect_member(db, bob_id(), Some(Role::Member));
        db.memberships
            .expect_set_role()
            .with(eq(globex()), eq(bob_id()), eq(Role::Admin))
            .once()
            .returning(|_, _, _| Ok(true));
        expect_org_audit(db, AuditKind::MemberRoleChanged, bob_id());
    });
    change(&storage, bob_id(), Role::Admin).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn setting_the_current_role_succeeds_without_a_change() {
    let storage = MockStorage::default().on_begin(|db| {
        expect_change(db, Some(Role::Admin));
        expect_member(db, bob_id(), Some(Role::Admin));
    });
    change(&storage, bob_id(), Role::Admin).await.unwrap();
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn only_owners_change_owners() {
    for (from, to) in [(Role::Owner, Role::Member), (Role::Member, Role::Owner)] {
        let storage = MockStorage::default().on_begin(|db| {
            expect_change(db, Some(Role::Admin));
            expect_member(db, bob_id(), Some(from));
        });
        let needed = Forbidden { required: "member:update" };
        assert_fails!(
            change(&storage, bob_id(), to).await,
            ChangeRoleError::Denied(OrgAccessError::Forbidden(it)) if it == needed
        );
    }
    let storage = MockStorage::default().on_begin(|db| {
        expect_change(db, Some(Role::Admin));
        expect_member(db, bob_id(), Some(Role::Owner));
    });
    let needed = Forbidden { required: "member:remove" };
    assert_fails!(
        remove(&storage, &bob_id().to_string()).await,
        RemoveMemberError::Denied(OrgAccessError::Forbidden(it)) if it == needed
    );
}

#[tokio::test]
async fn last_owner_cannot_get_another_role_or_leave() {
    for is_there in [true, false] {
        let storage = MockStorage::default()
            .on_begin(|db| {
                expect_change(db, Some(Role::Owner));
                expect_member(db, ann_id(), Some(Role::Owner));
                expect_other_owner(db, ann_id(), is_there);
                if is_there {
                    db.memberships.expect_set_role().once().returning(|_, _, _| Ok(true));
                    expect_org_audit(db, AuditKind::MemberRoleChanged, ann_id());
                }
            })
            .on_begin(|db| {
                expect_change(db, Some(Role::Owner));
                expect_member(db, ann_id(), Some(Role::Owner));
                expect_other_owner(db, ann_id(), is_there);
                if is_there {
                    db.memberships.expect_remove().once().returning(|_, _| Ok(true));
                    expect_org_audit(db, AuditKind::MemberLeft, ann_id());
                }
            });
        let changed = change(&storage, ann_id(), Role::Admin).await;
        let left = remove(&storage, &ann_id().to_string()).await;
        if is_there {
            changed.unwrap();
            left.unwrap();
        } else {
            assert_fails!(changed, ChangeRoleError::LastOwner);
            assert_fails!(left, RemoveMemberError::LastOwner);
        }
        assert_eq!(storage.commits(), if is_there { 2 } else { 0 });
    }
}

#[tokio::test]
async fn member_is_removed() {
    let storage = MockStorage::default().on_begin(|db| {
        expect_change(db, Some(Role::Admin));
        expect_member(db, bob_id(), Some(Role::Admin));
        db.memberships
            .expect_remove()
            .with(eq(globex()), eq(bob_id()))
            .once()
            .returning(|_, _| Ok(true));
        expect_org_audit(db, AuditKind::MemberRemoved, bob_id());
    });
    remove(&storage, &bob_id().to_string()).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn member_may_leave_whatever_the_spelling_of_the_id() {
    let storage = MockStorage::default().on_begin(|db| {
        expect_change(db, Some(Role::Member));
        expect_member(db, ann_id(), Some(Role::Member));
        db.memberships.expect_remove().once().returning(|_, _| Ok(true));
        expect_org_audit(db, AuditKind::MemberLeft, ann_id());
    });
    remove(&storage, &ann_id().to_string().to_uppercase()).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn plain_member_cannot_remove_or_change_others() {
    let storage = MockStorage::default()
        .on_begin(|db| expect_change(db, Some(Role::Member)))
        .on_begin(|db| expect_change(db, Some(Role::Member)));
    assert_fails!(
        remove(&storage, &bob_id().to_string()).await,
        RemoveMemberError::Denied(OrgAccessError::Forbidden(_))
    );
    assert_fails!(
        change(&storage, ann_id(), Role::Member).await,
        ChangeRoleError::Denied(OrgAccessError::Forbidden(_))
    );
}

#[tokio::test]
async fn change_or_removal_of_a_non_member_is_not_found() {
    for member in ["x", &bob_id().to_string()] {
        let storage = MockStorage::default().on_begin(|db| {
            expect_change(db, Some(Role::Owner));
            if member != "x" {
                expect_member(db, bob_id(), None);
            }
        });
        assert_fails!(
            remove(&storage, member).await,
            RemoveMemberError::Denied(OrgAccessError::NotFound)
        );
    }
}

async fn get(storage: &MockStorage, member: &str) -> Result<(OrgWithRole, Member), OrgAccessError> {
    let application = World::new(storage).application();
    application.orgs.get_member.run(&caller(), &globex().to_string(), member).await
}

#[tokio::test]
async fn single_member_has_the_same_fields_as_in_the_list() {
    for (role, sees) in [(Role::Owner, true), (Role::Admin, true), (Role::Member, false)] {
        let storage = MockStorage::default().on_connect(|db| {
            expect_org_read(db, Some(role));
            expect_member(db, ann_id(), Some(Role::Member));
            db.users.expect_find().with(eq(ann_id())).once().returning(|_| Ok(Some(ann())));
        });
        let (workspace, found) = get(&storage, &ann_id().to_string()).await.unwrap();
        assert_eq!((workspace.org.id, workspace.role), (globex(), role));
        let expected = Member { full_name: ann().profile.full_name, ..member() };
        let email = sees.then(|| ann().email);
        assert_eq!(found, Member { email, ..expected }, "{role:?}");
    }
}

#[tokio::test]
async fn lookup_of_a_non_member_is_not_found() {
    let storage = MockStorage::default().on_connect(|db| {
        expect_org_read(db, Some(Role::Owner));
        expect_member(db, bob_id(), None);
    });
    assert_fails!(get(&storage, &bob_id().to_string()).await, OrgAccessError::NotFound);
    let storage = MockStorage::default().on_connect(|db| expect_org_read(db, None));
    assert_fails!(get(&storage, &bob_id().to_string()).await, OrgAccessError::NotFound);
    let storage = MockStorage::default().on_connect(|db| expect_org_read(db, Some(Role::Owner)));
    assert_fails!(get(&storage, "unknown").await, OrgAccessError::NotFound);
}

#[tokio::test]
async fn owner_is_the_last_only_without_another_active_owner() {
    for (role, other, expected) in [
        (Role::Owner, Some(false), true),
        (Role::Owner, Some(true), false),
        (Role::Admin, None, false),
        (Role::Member, None, false),
    ] {
        let storage = MockStorage::default().on_connect(|db| {
            expect_org_read(db, Some(role));
            if let Some(other) = other {
                expect_other_owner(db, ann_id(), other);
            }
        });
        let application = World::new(&storage).application();
        let org = globex().to_string();
        let (workspace, is_last) =
            application.orgs.get.with_last_owner(&caller(), &org).await.unwrap();
        assert_eq!((workspace.role, is_last), (role, expected));
    }
}
