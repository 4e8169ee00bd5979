use doorward_application::{
    Caller, Failure,
    authorize::Forbidden,
    profile::{UpdateProfileCommand, UpdateProfileError},
};
use doorward_domain::{
    OrgId,
    membership::Membership,
    mock::{MockRepositories, MockStorage},
    profile::{Bio, Change, FullName, ProfileChange},
    role::Role,
    user::User,
};
use mockall::predicate::eq;

use crate::support::{NOW, World, acme, ann, ann_id, assert_fails, caller, globex, unverified};

/// The account of the caller takes this change, and is Ann's then.
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
    world.application().update_profile.run(&caller(), command).await
}

fn default_workspace(org_id: &str) -> UpdateProfileCommand {
    UpdateProfileCommand {
        default_workspace_id: Change::Set(org_id.to_owned()),
        ..UpdateProfileCommand::default()
    }
}

#[tokio::test]
async fn what_is_mentioned_changes_and_nothing_else() {
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
async fn a_member_may_make_an_organisation_their_default() {
    let storage = MockStorage::default().on_connect(|db| {
        expect_membership(db, globex(), Some(Role::Member));
        let default_org = Change::Set(globex());
        expect_change(db, ProfileChange { default_org, ..ProfileChange::default() });
    });
    update(World::new(&storage), default_workspace(&globex().to_string())).await.unwrap();
}

#[tokio::test]
async fn the_default_may_be_cleared() {
    let storage = MockStorage::default().on_connect(|db| {
        expect_change(db, ProfileChange { default_org: Change::Clear, ..Default::default() });
    });
    let command = UpdateProfileCommand {
        default_workspace_id: Change::Clear,
        ..UpdateProfileCommand::default()
    };
    update(World::new(&storage), command).await.unwrap();
}

/// The rest of the update is as if it had never been sent.
#[tokio::test]
async fn a_default_that_the_caller_does_not_belong_to_changes_nothing() {
    let storage = MockStorage::default().on_connect(|db| expect_membership(db, globex(), None));
    let outcome = update(World::new(&storage), default_workspace(&globex().to_string())).await;
    assert_fails!(outcome, UpdateProfileError::Forbidden(Forbidden::ORG_ACCESS));
}

#[tokio::test]
async fn a_malformed_default_is_refused_as_an_unknown_one_is() {
    let outcome = update(World::without_storage(), default_workspace("globex")).await;
    assert_fails!(outcome, UpdateProfileError::Forbidden(Forbidden::ORG_ACCESS));
}

/// Only the checked field can set the default.
#[tokio::test]
async fn a_default_inside_the_change_counts_for_nothing() {
    let storage =
        MockStorage::default().on_connect(|db| expect_change(db, ProfileChange::default()));
    let command = UpdateProfileCommand {
        change: ProfileChange { default_org: Change::Set(acme()), ..ProfileChange::default() },
        ..UpdateProfileCommand::default()
    };
    update(World::new(&storage), command).await.unwrap();
}

#[tokio::test]
async fn an_account_that_is_gone_is_said_to_be_gone() {
    let storage = MockStorage::default().on_connect(|db| {
        db.users.expect_update_profile().once().returning(|_, _, _| Ok(None));
    });
    let outcome = update(World::new(&storage), UpdateProfileCommand::default()).await;
    assert_fails!(outcome, UpdateProfileError::Gone);
}

#[tokio::test]
async fn an_unverified_address_is_refused_where_it_matters() {
    let app = World::without_storage().verified_only().application();
    let caller = Caller { user: unverified(), ..caller() };
    let outcome = app.update_profile.run(&caller, UpdateProfileCommand::default()).await;
    assert_fails!(outcome, UpdateProfileError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
}

#[tokio::test]
async fn nothing_changes_while_storage_is_away() {
    let outcome = update(World::without_storage(), UpdateProfileCommand::default()).await;
    assert_fails!(outcome, UpdateProfileError::Failure(Failure::Storage(_)));
}
