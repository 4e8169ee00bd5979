//! Creating, listing, renaming, and deleting organizations.

pub(crate) mod members;

use doorward_application::{
    Caller, CommonError,
    access::{denied::Forbidden, org::OrgAccessError},
    orgs::{create::CreateOrgError, delete::DeleteOrgError, list::ListOrgsError},
};
use doorward_domain::{
    OrgId,
    account::user::User,
    audit::AuditKind,
    mock::MockStorage,
    org::{Org, OrgCreation, OrgKind, OrgName, OrgWithRole, role::Role},
    pagination::{Page, PageQuery, PageSize},
    request_context::RequestContext,
};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, ann_id, assert_fails, bob_id, caller, client, expect_change, expect_org_audit,
    expect_org_read, globex, session_id, unverified, workspace,
};

const FIRST_PAGE: PageQuery<OrgId> = PageQuery { limit: PageSize::DEFAULT, after: None };

fn name(text: &str) -> OrgName {
    OrgName::parse(text).unwrap()
}

fn unverified_caller() -> Caller {
    Caller { user: unverified(), ..caller() }
}

#[tokio::test]
async fn creator_of_an_organization_owns_it() {
    let storage = MockStorage::default().on_begin(|db| {
        db.orgs
            .expect_insert()
            .withf(|org| (org.name.as_str(), org.kind) == ("Acme", OrgKind::Shared))
            .once()
            .returning(|_| Ok(()));
        db.memberships
            .expect_insert_owner()
            .withf(|user, _, limit, now| (*user, *limit, *now) == (ann_id(), 50, NOW))
            .once()
            .returning(|_, _, _, _| Ok(true));
        db.audit
            .expect_record()
            .withf(|event| {
                event.kind == AuditKind::OrgCreated
                    && (event.user_id, event.session_id) == (Some(ann_id()), Some(session_id()))
                    && event.client == client()
            })
            .once()
            .returning(|_| Ok(()));
    });
    let application = World::new(&storage).application();
    let made = application.orgs.create.run(&caller(), name("Acme")).await.unwrap();
    assert_eq!((made.org.created_at, made.role), (NOW, Role::Owner));
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn user_who_owns_the_maximum_number_of_organizations_cannot_create_another() {
    let storage = MockStorage::default().on_begin(|db| {
        db.orgs.expect_insert().once().returning(|_| Ok(()));
        db.memberships.expect_insert_owner().once().returning(|_, _, _, _| Ok(false));
    });
    let outcome = World::new(&storage).application().orgs.create.run(&caller(), name("A")).await;
    assert_fails!(outcome, CreateOrgError::Forbidden(Forbidden::ORG_CREATE));
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn settings_limit_who_creates_organizations_except_administrators() {
    let admin = || Caller { user: User { is_platform_admin: true, ..unverified() }, ..caller() };
    for (creation, caller, is_allowed) in [
        (OrgCreation::AllUsers, unverified_caller(), true),
        (OrgCreation::Verified, unverified_caller(), false),
        (OrgCreation::Verified, caller(), true),
        (OrgCreation::Admins, caller(), false),
        (OrgCreation::Admins, admin(), true),
    ] {
        let storage = MockStorage::default().on_begin(|db| {
            db.orgs.expect_insert().returning(|_| Ok(()));
            db.memberships.expect_insert_owner().returning(|_, _, _, _| Ok(true));
            db.audit.expect_record().returning(|_| Ok(()));
        });
        let mut world = World::new(&storage);
        world.settings.orgs.creation = creation;
        let outcome = world.application().orgs.create.run(&caller, name("Acme")).await;
        if is_allowed {
            outcome.unwrap();
        } else {
            assert_fails!(outcome, CreateOrgError::Forbidden(Forbidden::ORG_CREATE));
        }
        assert_eq!(storage.commits(), usize::from(is_allowed));
    }
}

#[tokio::test]
async fn operator_creates_an_organization_for_a_user() {
    let storage = MockStorage::default().on_begin(|db| {
        db.orgs.expect_insert().once().returning(|_| Ok(()));
        db.memberships
            .expect_insert_owner()
            .withf(|user, _, limit, _| (*user, *limit) == (bob_id(), u32::MAX))
            .once()
            .returning(|_, _, _, _| Ok(true));
        db.audit
            .expect_record()
            .withf(|event| {
                event.user_id == Some(bob_id())
                    && event.session_id.is_none()
                    && event.client == RequestContext::internal()
            })
            .once()
            .returning(|_| Ok(()));
    });
    World::new(&storage).application().orgs.create.owned_by(bob_id(), name("Acme")).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn unverified_user_cannot_use_organizations_if_verification_is_required() {
    let application = || World::without_storage().verified_only().application();
    let by = unverified_caller();
    let outcome = application().orgs.create.run(&by, name("Acme")).await;
    assert_fails!(outcome, CreateOrgError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
    let outcome = application().orgs.list.own(&by, FIRST_PAGE).await;
    assert_fails!(outcome, ListOrgsError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
    let id = globex().to_string();
    let outcome = application().orgs.get.run(&by, &id).await;
    assert_fails!(outcome, OrgAccessError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
    let outcome = application().orgs.rename.run(&by, &id, name("Acme")).await;
    assert_fails!(outcome, OrgAccessError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
}

#[tokio::test]
async fn unverified_user_can_use_organizations_if_verification_is_not_required() {
    let storage = MockStorage::default().on_connect(|db| expect_org_read(db, Some(Role::Member)));
    let application = World::new(&storage).application();
    let found = application.orgs.get.run(&unverified_caller(), &globex().to_string()).await;
    assert_eq!(found.unwrap(), workspace(globex(), Role::Member));
}

#[tokio::test]
async fn user_lists_their_own_organizations_and_an_operator_lists_all() {
    let own = Page { items: vec![workspace(globex(), Role::Member)], next: None };
    let all = Page { items: vec![workspace(globex(), Role::Member).org], next: Some(globex()) };
    let (found, listed) = (own.clone(), all.clone());
    let storage = MockStorage::default()
        .on_connect(move |db| {
            db.orgs
                .expect_list_for()
                .with(eq(ann_id()), eq(FIRST_PAGE))
                .once()
                .return_once(move |_, _| Ok(found));
        })
        .on_connect(move |db| {
            db.orgs.expect_list().with(eq(FIRST_PAGE)).once().return_once(move |_| Ok(listed));
        });
    let application = World::new(&storage).application();
    assert_eq!(application.orgs.list.own(&caller(), FIRST_PAGE).await.unwrap(), own);
    assert_eq!(application.orgs.list.all(FIRST_PAGE).await.unwrap(), all);
    let outcome = application.orgs.list.own(&caller(), FIRST_PAGE).await;
    assert_fails!(outcome, ListOrgsError::Failure(CommonError::Storage(_)));
}

#[tokio::test]
async fn non_members_and_malformed_ids_find_no_organization() {
    let storage = MockStorage::default()
        .on_connect(|db| expect_org_read(db, None))
        .on_begin(|db| expect_change(db, None))
        .on_begin(|db| {
            db.orgs.expect_lock().once().returning(|_| Ok(false));
        });
    let application = World::new(&storage).application();
    let id = globex().to_string();
    assert_fails!(application.orgs.get.run(&caller(), &id).await, OrgAccessError::NotFound);
    for _ in 0..2 {
        let outcome = application.orgs.rename.run(&caller(), &id, name("Acme")).await;
        assert_fails!(outcome, OrgAccessError::NotFound);
    }
    for id in ["x", "", "00000000"] {
        assert_fails!(application.orgs.get.run(&caller(), id).await, OrgAccessError::NotFound);
        let outcome = application.orgs.delete.run(&caller(), id).await;
        assert_fails!(outcome, DeleteOrgError::Denied(OrgAccessError::NotFound));
    }
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn operator_gets_any_organization() {
    let org = workspace(globex(), Role::Member).org;
    let storage = MockStorage::default()
        .on_connect(|db| {
            let org = org.clone();
            db.orgs.expect_find().with(eq(globex())).once().return_once(|_| Ok(Some(org)));
        })
        .on_connect(|db| {
            db.orgs.expect_find().once().returning(|_| Ok(None));
        });
    let application = World::new(&storage).application();
    assert_eq!(application.orgs.get.by_id(globex()).await.unwrap(), org);
    assert_fails!(application.orgs.get.by_id(globex()).await, OrgAccessError::NotFound);
}

#[tokio::test]
async fn organization_is_renamed_only_with_permission() {
    let storage = MockStorage::default()
        .on_begin(|db| {
            expect_change(db, Some(Role::Admin));
            db.orgs
                .expect_rename()
                .with(eq(globex()), eq(name("Acme")))
                .once()
                .returning(|_, _| Ok(true));
            expect_org_audit(db, AuditKind::OrgRenamed, ann_id());
        })
        .on_begin(|db| expect_change(db, Some(Role::Member)));
    let application = World::new(&storage).application();
    let id = globex().to_string();
    let renamed = application.orgs.rename.run(&caller(), &id, name("Acme")).await.unwrap();
    assert_eq!((renamed.org.name, renamed.role), (name("Acme"), Role::Admin));
    let outcome = application.orgs.rename.run(&caller(), &id, name("Acme")).await;
    assert_fails!(outcome, OrgAccessError::Forbidden(Forbidden { required: "org:update" }));
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn organization_is_deleted_by_its_owner() {
    let storage = MockStorage::default()
        .on_begin(|db| {
            expect_change(db, Some(Role::Owner));
            db.orgs.expect_delete().with(eq(globex())).once().returning(|_| Ok(true));
            expect_org_audit(db, AuditKind::OrgDeleted, ann_id());
        })
        .on_begin(|db| expect_change(db, Some(Role::Admin)));
    let application = World::new(&storage).application();
    application.orgs.delete.run(&caller(), &globex().to_string()).await.unwrap();
    let outcome = application.orgs.delete.run(&caller(), &globex().to_string()).await;
    let denied = Forbidden { required: "org:delete" };
    assert_fails!(outcome, DeleteOrgError::Denied(OrgAccessError::Forbidden(it)) if it == denied);
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn personal_organization_cannot_be_deleted() {
    let storage = MockStorage::default().on_begin(|db| {
        db.orgs.expect_lock().once().returning(|_| Ok(true));
        db.orgs.expect_find_for().once().returning(|id, _| {
            let OrgWithRole { org, role } = workspace(id, Role::Owner);
            Ok(Some(OrgWithRole { org: Org { kind: OrgKind::Personal, ..org }, role }))
        });
    });
    let application = World::new(&storage).application();
    let outcome = application.orgs.delete.run(&caller(), &globex().to_string()).await;
    assert_fails!(outcome, DeleteOrgError::Personal);
    assert_eq!(storage.commits(), 0);
}
