//! Making, listing, renaming and deleting organisations.

use doorward_application::{
    Caller, Failure, authorize::Forbidden, create_org::CreateOrgError, delete_org::DeleteOrgError,
    in_org::OrgDenied, list_orgs::ListOrgsError,
};
use doorward_domain::{
    OrgId,
    audit::AuditKind,
    client::Client,
    mock::MockStorage,
    org::{Org, OrgCreation, OrgKind, OrgName, Workspace},
    page::{Page, PageLimit, PageRequest},
    role::Role,
    user::User,
};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, ann_id, assert_fails, bob_id, caller, client, expect_change, expect_look,
    expect_org_audit, globex, session_id, unverified, workspace,
};

const FIRST_PAGE: PageRequest<OrgId> = PageRequest { limit: PageLimit::DEFAULT, after: None };

fn name(text: &str) -> OrgName {
    OrgName::parse(text).unwrap()
}

fn unverified_caller() -> Caller {
    Caller { user: unverified(), ..caller() }
}

#[tokio::test]
async fn whoever_makes_an_organisation_owns_it() {
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
    let made = application.create_org.run(&caller(), name("Acme")).await.unwrap();
    assert_eq!((made.org.created_at, made.role), (NOW, Role::Owner));
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn user_who_owns_as_many_organizations_as_users_may_creates_no_other() {
    let storage = MockStorage::default().on_begin(|db| {
        db.orgs.expect_insert().once().returning(|_| Ok(()));
        db.memberships.expect_insert_owner().once().returning(|_, _, _, _| Ok(false));
    });
    let outcome = World::new(&storage).application().create_org.run(&caller(), name("A")).await;
    assert_fails!(outcome, CreateOrgError::Forbidden(Forbidden::ORG_CREATE));
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn settings_say_who_creates_organizations_and_administrators_always_do() {
    let admin = || Caller { user: User { is_platform_admin: true, ..unverified() }, ..caller() };
    for (creation, caller, is_allowed) in [
        (OrgCreation::Everybody, unverified_caller(), true),
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
        let outcome = world.application().create_org.run(&caller, name("Acme")).await;
        if is_allowed {
            outcome.unwrap();
        } else {
            assert_fails!(outcome, CreateOrgError::Forbidden(Forbidden::ORG_CREATE));
        }
        assert_eq!(storage.commits(), usize::from(is_allowed));
    }
}

#[tokio::test]
async fn an_operator_makes_one_for_somebody() {
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
                    && event.client == Client::itself()
            })
            .once()
            .returning(|_| Ok(()));
    });
    World::new(&storage).application().create_org.owned_by(bob_id(), name("Acme")).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn an_unverified_person_does_nothing_where_that_is_required() {
    let application = || World::without_storage().verified_only().application();
    let by = unverified_caller();
    let outcome = application().create_org.run(&by, name("Acme")).await;
    assert_fails!(outcome, CreateOrgError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
    let outcome = application().list_orgs.own(&by, FIRST_PAGE).await;
    assert_fails!(outcome, ListOrgsError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
    let id = globex().to_string();
    let outcome = application().get_org.run(&by, &id).await;
    assert_fails!(outcome, OrgDenied::Forbidden(Forbidden::EMAIL_UNVERIFIED));
    let outcome = application().rename_org.run(&by, &id, name("Acme")).await;
    assert_fails!(outcome, OrgDenied::Forbidden(Forbidden::EMAIL_UNVERIFIED));
}

#[tokio::test]
async fn an_unverified_person_is_no_matter_elsewhere() {
    let storage = MockStorage::default().on_connect(|db| expect_look(db, Some(Role::Member)));
    let application = World::new(&storage).application();
    let found = application.get_org.run(&unverified_caller(), &globex().to_string()).await;
    assert_eq!(found.unwrap(), workspace(globex(), Role::Member));
}

#[tokio::test]
async fn a_person_lists_their_own_and_an_operator_all() {
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
    assert_eq!(application.list_orgs.own(&caller(), FIRST_PAGE).await.unwrap(), own);
    assert_eq!(application.list_orgs.all(FIRST_PAGE).await.unwrap(), all);
    let outcome = application.list_orgs.own(&caller(), FIRST_PAGE).await;
    assert_fails!(outcome, ListOrgsError::Failure(Failure::Storage(_)));
}

#[tokio::test]
async fn strangers_and_malformed_ids_find_nothing() {
    let storage = MockStorage::default()
        .on_connect(|db| expect_look(db, None))
        .on_begin(|db| expect_change(db, None))
        .on_begin(|db| {
            db.orgs.expect_lock().once().returning(|_| Ok(false));
        });
    let application = World::new(&storage).application();
    let id = globex().to_string();
    assert_fails!(application.get_org.run(&caller(), &id).await, OrgDenied::NotFound);
    for _ in 0..2 {
        let outcome = application.rename_org.run(&caller(), &id, name("Acme")).await;
        assert_fails!(outcome, OrgDenied::NotFound);
    }
    for id in ["x", "", "00000000"] {
        assert_fails!(application.get_org.run(&caller(), id).await, OrgDenied::NotFound);
        let outcome = application.delete_org.run(&caller(), id).await;
        assert_fails!(outcome, DeleteOrgError::Denied(OrgDenied::NotFound));
    }
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn an_operator_looks_at_any() {
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
    assert_eq!(application.get_org.by_id(globex()).await.unwrap(), org);
    assert_fails!(application.get_org.by_id(globex()).await, OrgDenied::NotFound);
}

#[tokio::test]
async fn an_organisation_is_renamed_by_who_may() {
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
    let renamed = application.rename_org.run(&caller(), &id, name("Acme")).await.unwrap();
    assert_eq!((renamed.org.name, renamed.role), (name("Acme"), Role::Admin));
    let outcome = application.rename_org.run(&caller(), &id, name("Acme")).await;
    assert_fails!(outcome, OrgDenied::Forbidden(Forbidden { required: "org:update" }));
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn an_organisation_is_deleted_by_its_owner() {
    let storage = MockStorage::default()
        .on_begin(|db| {
            expect_change(db, Some(Role::Owner));
            db.orgs.expect_delete().with(eq(globex())).once().returning(|_| Ok(true));
            expect_org_audit(db, AuditKind::OrgDeleted, ann_id());
        })
        .on_begin(|db| expect_change(db, Some(Role::Admin)));
    let application = World::new(&storage).application();
    application.delete_org.run(&caller(), &globex().to_string()).await.unwrap();
    let outcome = application.delete_org.run(&caller(), &globex().to_string()).await;
    let denied = Forbidden { required: "org:delete" };
    assert_fails!(outcome, DeleteOrgError::Denied(OrgDenied::Forbidden(it)) if it == denied);
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn a_personal_organisation_is_not_deleted() {
    let storage = MockStorage::default().on_begin(|db| {
        db.orgs.expect_lock().once().returning(|_| Ok(true));
        db.orgs.expect_find_for().once().returning(|id, _| {
            let Workspace { org, role } = workspace(id, Role::Owner);
            Ok(Some(Workspace { org: Org { kind: OrgKind::Personal, ..org }, role }))
        });
    });
    let application = World::new(&storage).application();
    let outcome = application.delete_org.run(&caller(), &globex().to_string()).await;
    assert_fails!(outcome, DeleteOrgError::Personal);
    assert_eq!(storage.commits(), 0);
}
