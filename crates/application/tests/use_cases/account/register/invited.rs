use doorward_application::{
    CommonError,
    account::register::{RegisterCommand, RegisterError, RegisterIssue},
    sign_in::complete::SignedIn,
};
use doorward_domain::{
    audit::AuditKind,
    mock::{MockRepositories, MockStorage},
    org::{
        invite::{Invite, InviteState},
        membership::Membership,
        role::Role,
    },
};
use mockall::predicate::eq;

use super::{
    PASSWORD, command, issues, register,
    unit::{Written, writing},
};
use crate::support::{
    NOW, World, access_token, assert_fails, email, globex, hashing, invite, invite_token,
    open_refresh_token,
};

fn invited() -> RegisterCommand {
    RegisterCommand { invite_token: Some(invite_token()), ..command() }
}

/// Storage with a connection that looks up the invite.
fn finding(found: Option<Invite>) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        db.invites.expect_find().with(eq(invite().id)).once().return_once(|_| Ok(found));
    })
}

fn expect_accept(db: &mut MockRepositories, accepted: bool) {
    let Invite { id, counter, .. } = invite();
    db.invites
        .expect_accept()
        .with(eq(id), eq(counter), eq(NOW))
        .once()
        .returning(move |_, _, _| Ok(accepted));
}

/// Registers with an invite. Returns the outcome and what was committed.
async fn registered() -> (SignedIn, Written) {
    let (storage, journal) = writing(finding(Some(invite())), |db| expect_accept(db, true));
    let signed_in = register(&storage, invited()).await.unwrap();
    assert_eq!(storage.commits(), 1);
    (signed_in, journal.read())
}

/// Asserts that a registration is rejected. Nothing is hashed, and no unit of work begins.
async fn assert_refused(found: Option<Invite>, issue: RegisterIssue) {
    let app = World::new(&finding(found)).application();
    let outcome = app.account.register.run(invited()).await;
    assert_eq!(issues(outcome), [issue]);
}

#[tokio::test]
async fn invited_user_joins_and_owns_a_personal_organization() {
    let (SignedIn { user, .. }, written) = registered().await;
    let member = |org_id, role| Membership { user_id: user.id, org_id, role, joined_at: NOW };
    let own = member(written.orgs[0].id, Role::Owner);
    assert_eq!(written.memberships, [own, member(globex(), Role::Member)]);
}

#[tokio::test]
async fn organization_of_the_invite_is_the_default_and_the_current_one() {
    let (signed_in, written) = registered().await;
    let (user, session) = (&signed_in.user, open_refresh_token(&signed_in.tokens.refresh));
    assert_eq!(user.default_org, Some(globex()));
    assert_eq!(written.sessions[0].org_id, Some(globex()));
    assert_eq!(signed_in.role, Some(Role::Member));
    assert_eq!(
        signed_in.tokens.access.token.expose(),
        access_token(user.id, session, Some((globex(), Role::Member)))
    );
}

#[tokio::test]
async fn invite_verifies_the_email_address_so_no_verification_email_is_sent() {
    let (SignedIn { user, .. }, written) = registered().await;
    assert_eq!(user.verified_at, Some(NOW));
    assert_eq!(written.users[0].0.verified_at, Some(NOW));
    assert!(written.tokens.is_empty());
    assert!(written.mails.is_empty());
}

#[tokio::test]
async fn acceptance_of_the_invite_is_recorded_as_well() {
    let (SignedIn { user, .. }, written) = registered().await;
    let kinds: Vec<_> = written.audit.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [AuditKind::InviteAccepted, AuditKind::Registered]);
    for event in written.audit {
        assert_eq!((event.user_id, event.org_id), (Some(user.id), Some(globex())));
    }
}

#[tokio::test]
async fn invite_permits_registration_while_registration_is_closed() {
    let (storage, _) = writing(finding(Some(invite())), |db| expect_accept(db, true));
    let mut world = World { hasher: hashing(PASSWORD, "a hash"), ..World::new(&storage) };
    world.settings.allow_registration = false;
    assert!(world.application().account.register.run(invited()).await.is_ok());
}

#[tokio::test]
async fn email_address_of_the_invite_matches_without_regard_to_case() {
    let found = Invite { email: email("ANN@Example.com"), ..invite() };
    let (storage, _) = writing(finding(Some(found)), |db| expect_accept(db, true));
    assert!(register(&storage, invited()).await.is_ok());
}

#[tokio::test]
async fn registration_stores_nothing_if_the_invite_was_used_meanwhile() {
    let (storage, _) = writing(finding(Some(invite())), |db| expect_accept(db, false));
    let outcome = register(&storage, invited()).await;
    assert_eq!(issues(outcome), [RegisterIssue::InviteInvalid]);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn invite_for_another_email_address_is_rejected() {
    let found = Invite { email: email("bob@example.com"), ..invite() };
    assert_refused(Some(found), RegisterIssue::InviteEmailMismatch).await;
}

#[tokio::test]
async fn used_invite_is_rejected() {
    let found = Invite { state: InviteState::Accepted { at: NOW }, ..invite() };
    assert_refused(Some(found), RegisterIssue::InviteInvalid).await;
}

#[tokio::test]
async fn revoked_invite_is_rejected() {
    let found = Invite { state: InviteState::Revoked { at: NOW }, ..invite() };
    assert_refused(Some(found), RegisterIssue::InviteInvalid).await;
}

#[tokio::test]
async fn expired_invite_is_rejected() {
    assert_refused(Some(Invite { expires_at: NOW, ..invite() }), RegisterIssue::InviteInvalid)
        .await;
}

#[tokio::test]
async fn earlier_token_of_a_renewed_invite_is_rejected() {
    let found = Invite { counter: invite().counter + 1, ..invite() };
    assert_refused(Some(found), RegisterIssue::InviteInvalid).await;
}

#[tokio::test]
async fn deleted_invite_is_rejected() {
    assert_refused(None, RegisterIssue::InviteInvalid).await;
}

#[tokio::test]
async fn forged_invite_token_costs_no_query() {
    let command = RegisterCommand { invite_token: Some("forged".into()), ..command() };
    let outcome = World::without_storage().application().account.register.run(command).await;
    assert_eq!(issues(outcome), [RegisterIssue::InviteInvalid]);
}

#[tokio::test]
async fn invite_check_fails_while_storage_is_unavailable() {
    let outcome = World::without_storage().application().account.register.run(invited()).await;
    assert_fails!(outcome, RegisterError::Failure(CommonError::Storage(_)));
}
