use doorward_application::{
    Caller, CommonError,
    invites::info::{Invitation, InvitationState, InviteInfo, InviteInfoError},
};
use doorward_domain::{
    account::user::User,
    mock::MockStorage,
    org::{
        Org, OrgName, OrgWithRole,
        invite::{Invite, InviteState},
        membership::Membership,
        role::Role,
    },
    token::{TokenPurpose, TokenRef},
};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, ann, ann_id, assert_fails, caller, email, globex, invite, invite_reference,
    invite_token, opaque_token, workspace,
};

/// Returns what the holder of the current token learns about an invite.
async fn info(found: Option<Invite>) -> InviteInfo {
    info_by(found, Some(Role::Admin)).await
}

/// As [`info`], for an inviter with this role.
async fn info_by(found: Option<Invite>, role: Option<Role>) -> InviteInfo {
    let Invite { id, org_id, invited_by, .. } = invite();
    let membership =
        role.map(|role| Membership { user_id: invited_by, org_id, role, joined_at: NOW });
    let storage = MockStorage::default().on_connect(|db| {
        db.invites.expect_find().with(eq(id)).once().return_once(|_| Ok(found));
        db.memberships
            .expect_find()
            .with(eq(org_id), eq(invited_by))
            .return_once(move |_, _| Ok(membership));
    });
    World::new(&storage).application().invites.info.run(&invite_token()).await.unwrap()
}

async fn assert_closed(invite: Invite) {
    let info = info(Some(invite)).await;
    assert_eq!(info, InviteInfo { email: Some(ann().email), valid: false });
}

#[tokio::test]
async fn open_invite_is_valid() {
    let info = info(Some(invite())).await;
    assert_eq!(info, InviteInfo { email: Some(ann().email), valid: true });
}

#[tokio::test]
async fn expired_invite_returns_its_email_address() {
    assert_closed(Invite { expires_at: NOW, ..invite() }).await;
}

#[tokio::test]
async fn used_invite_returns_its_email_address() {
    assert_closed(Invite { state: InviteState::Accepted { at: NOW }, ..invite() }).await;
}

#[tokio::test]
async fn revoked_invite_returns_its_email_address() {
    assert_closed(Invite { state: InviteState::Revoked { at: NOW }, ..invite() }).await;
}

#[tokio::test]
async fn renewed_invite_invalidates_the_earlier_token() {
    assert_closed(Invite { counter: invite().counter + 1, ..invite() }).await;
}

#[tokio::test]
async fn invite_is_not_valid_if_the_inviter_may_no_longer_invite() {
    for role in [None, Some(Role::Member)] {
        let info = info_by(Some(invite()), role).await;
        assert_eq!(info, InviteInfo { email: Some(ann().email), valid: false });
    }
}

#[tokio::test]
async fn deleted_invite_reveals_nothing() {
    assert_eq!(info(None).await, InviteInfo { email: None, valid: false });
}

#[tokio::test]
async fn forged_invite_token_reveals_nothing_and_costs_no_query() {
    let app = World::without_storage().application();
    assert_eq!(app.invites.info.run("forged").await.unwrap(), InviteInfo::default());
}

#[tokio::test]
async fn token_of_another_purpose_reveals_nothing_and_costs_no_query() {
    let TokenRef { id, counter } = invite_reference(&invite());
    for purpose in TokenPurpose::ALL.into_iter().filter(|it| *it != TokenPurpose::Invite) {
        let app = World::without_storage().application();
        let token = opaque_token(purpose, TokenRef { id, counter });
        assert_eq!(app.invites.info.run(&token).await.unwrap(), InviteInfo::default());
    }
}

#[tokio::test]
async fn invite_lookup_fails_while_storage_is_unavailable() {
    let outcome = World::without_storage().application().invites.info.run(&invite_token()).await;
    assert_fails!(outcome, InviteInfoError::Failure(CommonError::Storage(_)));
}

/// Returns the state of an invite by an inviter with this role, as the holder of its token sees it.
async fn invitation_by(found: Option<Invite>, role: Option<Role>) -> InvitationState {
    let Invite { id, org_id, invited_by, .. } = invite();
    let org = Org::shared(org_id, OrgName::parse("Acme").unwrap(), NOW);
    let storage = MockStorage::default().on_connect(|db| {
        db.invites.expect_find().with(eq(id)).once().return_once(|_| Ok(found));
        db.orgs
            .expect_find_for()
            .with(eq(org_id), eq(invited_by))
            .return_once(move |_, _| Ok(role.map(|role| OrgWithRole { org, role })));
        db.users.expect_find().with(eq(invited_by)).return_once(|_| Ok(Some(ann())));
        db.users.expect_find_by_email().with(eq(ann().email)).return_once(|_| Ok(None));
    });
    let app = World::new(&storage).application();
    app.invites.info.invitation(&invite_token(), None).await.unwrap()
}

#[tokio::test]
async fn open_invite_shows_recipient_organization_role_and_inviter() {
    let expected = Invitation {
        email: ann().email,
        org: OrgName::parse("Acme").unwrap(),
        role: invite().role,
        invited_by: ann().display_name().to_owned(),
        has_account: false,
    };
    assert_eq!(
        invitation_by(Some(invite()), Some(Role::Admin)).await,
        InvitationState::Open(expected)
    );
}

#[tokio::test]
async fn closed_invite_reveals_nothing_about_the_organization() {
    for state in [InviteState::Accepted { at: NOW }, InviteState::Revoked { at: NOW }] {
        let closed = Invite { state, ..invite() };
        assert_eq!(invitation_by(Some(closed), Some(Role::Admin)).await, InvitationState::Closed);
    }
    let late = Invite { expires_at: NOW, ..invite() };
    assert_eq!(invitation_by(Some(late), Some(Role::Admin)).await, InvitationState::Closed);
    assert_eq!(invitation_by(None, Some(Role::Admin)).await, InvitationState::Closed);
}

#[tokio::test]
async fn invite_reveals_nothing_if_the_inviter_may_no_longer_invite() {
    for role in [None, Some(Role::Member)] {
        assert_eq!(invitation_by(Some(invite()), role).await, InvitationState::Closed);
    }
}

#[tokio::test]
async fn forged_invite_token_shows_no_invitation_and_costs_no_query() {
    let app = World::without_storage().application();
    let state = app.invites.info.invitation("forged", None).await.unwrap();
    assert_eq!(state, InvitationState::Closed);
}

/// Returns the state of Ann's invite in this state, as Ann sees it with this role in the organization.
async fn seen_by_ann(state: InviteState, role: Option<Role>, caller: Caller) -> InvitationState {
    let found = Invite { state, ..invite() };
    let storage = MockStorage::default().on_connect(|db| {
        db.invites.expect_find().once().return_once(|_| Ok(Some(found)));
        db.orgs
            .expect_find_for()
            .with(eq(invite().org_id), eq(ann_id()))
            .returning(move |id, _| Ok(role.map(|role| workspace(id, role))));
    });
    let app = World::new(&storage).application();
    app.invites.info.invitation(&invite_token(), Some(&caller)).await.unwrap()
}

#[tokio::test]
async fn used_invite_shows_the_organization_to_its_new_member() {
    let org = workspace(globex(), Role::Member).org;
    for state in [InviteState::Accepted { at: NOW }, InviteState::Pending] {
        let seen = seen_by_ann(state, Some(Role::Member), caller()).await;
        assert_eq!(seen, InvitationState::Joined(org.clone()));
    }
}

#[tokio::test]
async fn used_invite_reveals_nothing_to_other_users() {
    let used = InviteState::Accepted { at: NOW };
    assert_eq!(seen_by_ann(used, None, caller()).await, InvitationState::Closed);
    let bob = User { email: email("bob@example.com"), ..ann() };
    let bob = Caller { user: bob, ..caller() };
    assert_eq!(seen_by_ann(used, Some(Role::Member), bob).await, InvitationState::Closed);
}
