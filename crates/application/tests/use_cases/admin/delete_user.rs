use doorward_application::admin::delete_user::DeleteUserError;
use doorward_domain::{
    OrgId,
    audit::AuditKind,
    mock::{MockRepositories, MockStorage},
    org::{Org, OrgKind, OrgName, membership::UserMembership, role::Role},
};
use mockall::{Sequence, predicate::eq};

use crate::support::{NOW, World, acme, ann, ann_id, assert_fails, expect_operator_audit, globex};

fn belonging(id: OrgId, name: &str, role: Role, others: u64, other_owners: u64) -> UserMembership {
    let name = OrgName::parse(name).unwrap();
    let org = Org { id, name, kind: OrgKind::Shared, created_at: NOW };
    UserMembership { org, role, other_members: others, other_owners }
}

/// Expects that Ann is found after her memberships were locked.
fn expect_held(db: &mut MockRepositories, belongings: Vec<UserMembership>) {
    let mut order = Sequence::new();
    db.memberships
        .expect_lock_for_user()
        .with(eq(ann_id()))
        .once()
        .in_sequence(&mut order)
        .returning(|_| Ok(()));
    db.users.expect_find().once().in_sequence(&mut order).returning(|_| Ok(Some(ann())));
    db.memberships
        .expect_list_for_user()
        .with(eq(ann_id()))
        .once()
        .in_sequence(&mut order)
        .return_once(move |_| Ok(belongings));
}

#[tokio::test]
async fn account_is_deleted_with_organizations_that_have_no_other_member() {
    let storage = MockStorage::default().on_begin(|db| {
        let alone = belonging(acme(), "Ann's workspace", Role::Owner, 0, 0);
        let with_others = belonging(globex(), "Globex", Role::Owner, 2, 1);
        expect_held(db, vec![alone, with_others]);
        db.users.expect_delete().with(eq(ann_id())).once().returning(|_| Ok(true));
        db.orgs.expect_delete().with(eq(acme())).once().returning(|_| Ok(true));
        expect_operator_audit(db, AuditKind::AccountDeleted);
    });
    let app = World::new(&storage).application();
    let deleted = app.admin.delete_user.run(ann_id()).await.unwrap();
    assert_eq!(deleted.user, ann());
    assert_eq!(deleted.orgs.iter().map(|org| org.id).collect::<Vec<_>>(), [acme()]);
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn last_owner_of_an_organization_with_other_members_is_not_deleted() {
    let storage = MockStorage::default().on_begin(|db| {
        let needed = belonging(globex(), "Globex", Role::Owner, 2, 0);
        let not_needed = belonging(acme(), "Acme", Role::Admin, 2, 0);
        expect_held(db, vec![needed, not_needed]);
    });
    let error =
        World::new(&storage).application().admin.delete_user.run(ann_id()).await.unwrap_err();
    let words = error.to_string();
    assert!(words.contains("“Globex”") && !words.contains("Acme"), "{words}");
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn unknown_account_cannot_be_deleted() {
    let storage = MockStorage::default().on_begin(|db| {
        db.memberships.expect_lock_for_user().once().returning(|_| Ok(()));
        db.users.expect_find().once().returning(|_| Ok(None));
    });
    let outcome = World::new(&storage).application().admin.delete_user.run(ann_id()).await;
    assert_fails!(outcome, DeleteUserError::NotFound);
}
