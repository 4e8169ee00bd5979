use doorward_application::{Caller, invites::accept::AcceptInviteError};
use doorward_domain::{
    account::user::User,
    audit::AuditKind,
    mock::MockStorage,
    org::{OrgWithRole, invite::Invite, role::Role},
};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, acme, ann, ann_id, assert_fails, caller, email, expect_audit, expect_org_audit,
    globex, invite, invite_token, session_id, unverified, workspace,
};

/// Storage in which the invite is found and accepted or not, and Ann is a member afterwards with this role, if any.
fn accepting(accepted: bool, role: Option<Role>) -> MockStorage {
    finding(Some(invite())).on_begin(move |db| {
        db.orgs.expect_lock().with(eq(globex())).once().returning(|_| Ok(true));
        db.invites
            .expect_accept()
            .with(eq(invite().id), eq(invite().counter), eq(NOW))
            .once()
            .returning(move |_, _, _| Ok(accepted));
        db.orgs
            .expect_find_for()
            .with(eq(globex()), eq(ann_id()))
            .once()
            .returning(move |id, _| Ok(role.map(|role| workspace(id, role))));
        if accepted {
            db.memberships
                .expect_insert()
                .withf(|it| (it.org_id, it.user_id, it.role) == (globex(), ann_id(), Role::Member))
                .once()
                .returning(|_| Ok(true));
            expect_org_audit(db, AuditKind::InviteAccepted, ann_id());
        }
    })
}

fn finding(invite: Option<Invite>) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        db.invites.expect_find().once().return_once(|_| Ok(invite));
    })
}

async fn accept(storage: &MockStorage, caller: &Caller) -> Result<OrgWithRole, AcceptInviteError> {
    World::new(storage).application().invites.accept.run(caller, &invite_token()).await
}

#[tokio::test]
async fn invited_user_joins_with_the_role_of_the_invite() {
    let storage = accepting(true, Some(Role::Member));
    assert_eq!(accept(&storage, &caller()).await.unwrap(), workspace(globex(), Role::Member));
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn member_who_accepts_again_gets_the_same_response_and_keeps_their_role() {
    let storage = accepting(false, Some(Role::Owner));
    assert_eq!(accept(&storage, &caller()).await.unwrap(), workspace(globex(), Role::Owner));
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn closed_invite_is_rejected_on_acceptance() {
    let storage = accepting(false, None);
    assert_fails!(accept(&storage, &caller()).await, AcceptInviteError::Invalid);
    assert_fails!(accept(&finding(None), &caller()).await, AcceptInviteError::Invalid);
    let gone = finding(Some(invite())).on_begin(|db| {
        db.orgs.expect_lock().once().returning(|_| Ok(false));
    });
    assert_fails!(accept(&gone, &caller()).await, AcceptInviteError::Invalid);
}

#[tokio::test]
async fn invite_matches_its_email_address_without_regard_to_case() {
    let storage = finding(Some(Invite { email: email("bob@example.com"), ..invite() }));
    assert_fails!(accept(&storage, &caller()).await, AcceptInviteError::EmailMismatch);
    let caller = Caller { user: User { email: email("ANN@example.com"), ..ann() }, ..caller() };
    accept(&accepting(true, Some(Role::Member)), &caller).await.unwrap();
}

/// Storage in which Ann accepts, and her email address is marked as verified if `is_same`.
fn verifying(is_same: bool) -> MockStorage {
    finding(Some(invite())).on_begin(move |db| {
        db.orgs.expect_lock().once().returning(|_| Ok(true));
        db.invites.expect_accept().once().returning(|_, _, _| Ok(true));
        db.memberships.expect_insert().once().returning(|_| Ok(true));
        db.users
            .expect_verify_email()
            .with(eq(ann_id()), eq(ann().email), eq(NOW))
            .once()
            .returning(move |_, _, _| Ok(is_same));
        db.orgs.expect_find_for().returning(|id, _| Ok(Some(workspace(id, Role::Member))));
        if is_same {
            expect_audit(db, AuditKind::EmailVerified, Some((acme(), session_id())));
            expect_org_audit(db, AuditKind::InviteAccepted, ann_id());
        }
    })
}

#[tokio::test]
async fn accepting_an_invite_verifies_the_email_address() {
    let caller = Caller { user: unverified(), ..caller() };
    let storage = verifying(true);
    accept(&storage, &caller).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn acceptance_fails_if_the_email_address_was_changed_meanwhile() {
    let caller = Caller { user: unverified(), ..caller() };
    let storage = verifying(false);
    assert_fails!(accept(&storage, &caller).await, AcceptInviteError::EmailMismatch);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn invite_for_another_email_address_is_rejected_for_an_unverified_account() {
    let bob = User { email: email("bob@example.com"), ..unverified() };
    let caller = Caller { user: bob, ..caller() };
    let outcome = accept(&finding(Some(invite())), &caller).await;
    assert_fails!(outcome, AcceptInviteError::EmailMismatch);
}

#[tokio::test]
async fn forged_token_costs_no_query() {
    let application = World::without_storage().application();
    let outcome = application.invites.accept.run(&caller(), "forged").await;
    assert_fails!(outcome, AcceptInviteError::Invalid);
}
