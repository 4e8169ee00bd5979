use doorward_application::{
    Failure,
    register::{RegisterCommand, RegisterError, RegisterIssue, SignedIn},
};
use doorward_domain::{
    audit::AuditKind,
    invite::{Invite, InviteState},
    membership::Membership,
    mock::{MockRepositories, MockStorage},
    role::Role,
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

/// The connection on which the invite is looked up.
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

/// Who signed up with an invite, and what was committed.
async fn registered() -> (SignedIn, Written) {
    let (storage, journal) = writing(finding(Some(invite())), |db| expect_accept(db, true));
    let signed_in = register(&storage, invited()).await.unwrap();
    assert_eq!(storage.commits(), 1);
    (signed_in, journal.read())
}

/// Nothing is hashed, and no unit of work is begun.
async fn assert_refused(found: Option<Invite>, issue: RegisterIssue) {
    let app = World::new(&finding(found)).application();
    let outcome = app.register.run(invited()).await;
    assert_eq!(issues(outcome), [issue]);
}

#[tokio::test]
async fn the_person_joins_as_invited_and_owns_an_organisation_besides() {
    let (SignedIn { user, .. }, written) = registered().await;
    let member = |org_id, role| Membership { user_id: user.id, org_id, role, joined_at: NOW };
    let own = member(written.orgs[0].id, Role::Owner);
    assert_eq!(written.memberships, [own, member(globex(), Role::Member)]);
}

#[tokio::test]
async fn the_inviting_organisation_is_the_default_and_the_active_one() {
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
async fn the_invite_shows_that_the_address_is_theirs_so_no_mail_goes_out() {
    let (SignedIn { user, .. }, written) = registered().await;
    assert_eq!(user.verified_at, Some(NOW));
    assert_eq!(written.users[0].0.verified_at, Some(NOW));
    assert!(written.tokens.is_empty());
    assert!(written.mails.is_empty());
}

#[tokio::test]
async fn the_audit_trail_tells_of_the_invite_too() {
    let (SignedIn { user, .. }, written) = registered().await;
    let kinds: Vec<_> = written.audit.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [AuditKind::InviteAccepted, AuditKind::Registered]);
    for event in written.audit {
        assert_eq!((event.user_id, event.org_id), (Some(user.id), Some(globex())));
    }
}

#[tokio::test]
async fn an_invite_opens_a_closed_registration() {
    let (storage, _) = writing(finding(Some(invite())), |db| expect_accept(db, true));
    let mut world = World { hasher: hashing(PASSWORD, "a hash"), ..World::new(&storage) };
    world.settings.allow_registration = false;
    assert!(world.application().register.run(invited()).await.is_ok());
}

#[tokio::test]
async fn the_case_of_the_address_is_no_matter() {
    let found = Invite { email: email("ANN@Example.com"), ..invite() };
    let (storage, _) = writing(finding(Some(found)), |db| expect_accept(db, true));
    assert!(register(&storage, invited()).await.is_ok());
}

#[tokio::test]
async fn an_invite_that_was_used_up_meanwhile_leaves_nothing_behind() {
    let (storage, _) = writing(finding(Some(invite())), |db| expect_accept(db, false));
    let outcome = register(&storage, invited()).await;
    assert_eq!(issues(outcome), [RegisterIssue::InviteInvalid]);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn an_invite_for_another_address_is_refused() {
    let found = Invite { email: email("bob@example.com"), ..invite() };
    assert_refused(Some(found), RegisterIssue::InviteEmailMismatch).await;
}

#[tokio::test]
async fn a_used_invite_is_refused() {
    let found = Invite { state: InviteState::Accepted { at: NOW }, ..invite() };
    assert_refused(Some(found), RegisterIssue::InviteInvalid).await;
}

#[tokio::test]
async fn a_revoked_invite_is_refused() {
    let found = Invite { state: InviteState::Revoked { at: NOW }, ..invite() };
    assert_refused(Some(found), RegisterIssue::InviteInvalid).await;
}

#[tokio::test]
async fn an_expired_invite_is_refused() {
    assert_refused(Some(Invite { expires_at: NOW, ..invite() }), RegisterIssue::InviteInvalid)
        .await;
}

#[tokio::test]
async fn the_token_of_an_invite_since_renewed_is_refused() {
    let found = Invite { counter: invite().counter + 1, ..invite() };
    assert_refused(Some(found), RegisterIssue::InviteInvalid).await;
}

#[tokio::test]
async fn an_invite_that_is_gone_is_refused() {
    assert_refused(None, RegisterIssue::InviteInvalid).await;
}

#[tokio::test]
async fn a_forged_invite_costs_no_query() {
    let command = RegisterCommand { invite_token: Some("forged".into()), ..command() };
    let outcome = World::without_storage().application().register.run(command).await;
    assert_eq!(issues(outcome), [RegisterIssue::InviteInvalid]);
}

#[tokio::test]
async fn an_invite_is_not_judged_while_storage_is_away() {
    let outcome = World::without_storage().application().register.run(invited()).await;
    assert_fails!(outcome, RegisterError::Failure(Failure::Storage(_)));
}
