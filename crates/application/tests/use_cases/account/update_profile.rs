use doorward_application::{
    Caller, CommonError,
    access::denied::Forbidden,
    account::profile::{UpdateProfileCommand, UpdateProfileError},
};
use doorward_domain::{
    OrgId,
    account::{
        profile::{Bio, Change, FullName, ProfileChange},
        user::User,
    },
    mock::{MockRepositories, MockStorage},
    org::{membership::Membership, role::Role},
};
use mockall::predicate::eq;

use crate::support::{NOW, World, acme, ann, ann_id, assert_fails, caller, globex, unverified};

/// Expects that this change is stored for the caller, and returns Ann's account.
fn expect_change(db: &mut MockRepositories, change: ProfileChange) {
    db.users
        .expect_update_profile()
        .with(eq(ann_id()), eq(change), eq(NOW))
        .once()
        .returning(|_, _, _| Ok(Some(ann())));
}

fn expect_membership(db: &mut MockRepositories, org_id: OrgId, role: Option<Role>) {
    let membership =
        role.map(|role| Membership { user_id: ann_id(), org_id, role, joined_at: NOW });
    db.memberships
        .expect_find()
        .with(eq(org_id), eq(ann_id()))
        .once()
        .returning(move |_, _| Ok(membership));
}

async fn update(world: World, command: UpdateProfileCommand) -> Result<User, UpdateProfileError> {
    world.application().account.update_profile.run(&caller(), command).await
}

fn default_workspace(org_id: &str) -> UpdateProfileCommand {
    UpdateProfileCommand {
        default_workspace_id: Change::Set(org_id.to_owned()),
        ..UpdateProfileCommand::default()
    }
}

#[tokio::test]
async fn only_the_given_fields_are_changed() {
    let change = ProfileChange {
        full_name: Change::Set(FullName::parse("Ann Lee").unwrap()),
        bio: Change::<Bio>::Clear,
        ..ProfileChange::default()
    };
    let storage = MockStorage::default().on_connect(|db| expect_change(db, change.clone()));
    let command = UpdateProfileCommand { change, ..UpdateProfileCommand::default() };
    assert_eq!(update(World::new(&storage), command).await.unwrap(), ann());
}

#[tokio::test]
async fn member_can_set_an_organization_as_the_default() {
    let storage = MockStorage::default().on_connect(|db| {
        expect_membership(db, globex(), Some(Role::Member));
        let default_org = Change::Set(globex());
        expect_change(db, ProfileChange { default_org, ..ProfileChange::default() });
    });
    update(World::new(&storage), default_workspace(&globex().to_string())).await.unwrap();
}

#[tokio::test]
async fn default_organization_can_be_cleared() {
    let storage = MockStorage::default().on_connect(|db| {
        expect_change(db, ProfileChange { default_org: Change::Clear, ..Default::default() });
    });
    let command = UpdateProfileCommand {
        default_workspace_id: Change::Clear,
        ..UpdateProfileCommand::default()
    };
    update(World::new(&storage), command).await.unwrap();
}

/// The rest of the update is discarded.
#[tokio::test]
async fn default_organization_without_membership_is_rejected() {
    let storage = MockStorage::default().on_connect(|db| expect_membership(db, globex(), None));
    let outcome = update(World::new(&storage), default_workspace(&globex().to_string())).await;
    assert_fails!(outcome, UpdateProfileError::Forbidden(Forbidden::ORG_ACCESS));
}

#[tokio::test]
async fn malformed_default_organization_is_rejected_as_an_unknown_one() {
    let outcome = update(World::without_storage(), default_workspace("globex")).await;
    assert_fails!(outcome, UpdateProfileError::Forbidden(Forbidden::ORG_ACCESS));
}

/// Only the field that is checked can set the default.
#[tokio::test]
async fn default_organization_inside_the_change_is_ignored() {
    let storage =
        MockStorage::default().on_connect(|db| expect_change(db, ProfileChange::default()));
    let command = UpdateProfileCommand {
        change: ProfileChange { default_org: Change::Set(acme()), ..ProfileChange::default() },
        ..UpdateProfileCommand::default()
    };
    update(World::new(&storage), command).await.unwrap();
}

#[tokio::test]
async fn deleted_account_is_reported() {
    let storage = MockStorage::default().on_connect(|db| {
        db.users.expect_update_profile().once().returning(|_, _, _| Ok(None));
    });
    let outcome = update(World::new(&storage), UpdateProfileCommand::default()).await;
    assert_fails!(outcome, UpdateProfileError::Gone);
}

#[tokio::test]
async fn unverified_email_address_is_rejected_if_the_settings_require_verification() {
    let app = World::without_storage().verified_only().application();
    let caller = Caller { user: unverified(), ..caller() };
    let outcome = app.account.update_profile.run(&caller, UpdateProfileCommand::default()).await;
    assert_fails!(outcome, UpdateProfileError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
}

#[tokio::test]
async fn profile_is_not_changed_while_storage_is_unavailable() {
    let outcome = update(World::without_storage(), UpdateProfileCommand::default()).await;
    assert_fails!(outcome, UpdateProfileError::Failure(CommonError::Storage(_)));
}
