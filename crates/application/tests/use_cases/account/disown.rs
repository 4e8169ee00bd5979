use doorward_application::account::disown::DisownRegistrationError;
use doorward_domain::{
    UserId,
    account::{user::User, username::Username},
    audit::AuditKind,
    mock::{MockRepositories, MockStorage},
    org::{
        membership::{Member, UserMembership},
        role::Role,
    },
    pagination::Page,
    token::{
        TokenPurpose,
        one_time::{OneTimePurpose, OneTimeToken},
    },
};
use mockall::predicate::eq;
use time::Duration;

use crate::support::{
    NOW, World, acme, ann, ann_id, assert_fails, bob_id, client, expect_audit, globex,
    one_time_token, opaque_token, reference, session_id, unverified, workspace,
};

const PURPOSE: OneTimePurpose = OneTimePurpose::VerifyEmail;

fn provisional() -> User {
    User { is_provisional: true, ..unverified() }
}

fn expect_row(db: &mut MockRepositories, row: Option<OneTimeToken>, user: User) {
    db.one_time_tokens.expect_find().once().return_once(|_, _| Ok(row));
    db.users.expect_find().with(eq(ann_id())).return_once(|_| Ok(Some(user)));
}

async fn disown(storage: &MockStorage) -> Result<(), DisownRegistrationError> {
    let token = opaque_token(TokenPurpose::VerifyEmail, reference(&one_time_token(PURPOSE)));
    World::new(storage).application().account.disown.run(&token, &client()).await
}

/// Expects that the token is consumed and this account is found.
fn expect_use(db: &mut MockRepositories, user: User) {
    db.one_time_tokens
        .expect_consume()
        .with(eq(PURPOSE), eq(reference(&one_time_token(PURPOSE))), eq(NOW))
        .once()
        .returning(|_, _, _| Ok(Some(one_time_token(PURPOSE))));
    db.memberships.expect_lock_for_user().with(eq(ann_id())).once().returning(|_| Ok(()));
    db.users.expect_find().with(eq(ann_id())).once().return_once(|_| Ok(Some(user)));
}

fn member(user_id: UserId, role: Role, days: i64) -> Member {
    Member {
        user_id,
        username: Username::parse("bob").unwrap(),
        full_name: None,
        email: None,
        role,
        joined_at: NOW - Duration::days(days),
    }
}

#[tokio::test]
async fn provisional_account_is_deleted_and_others_keep_their_organization() {
    let storage = MockStorage::default()
        .on_connect(|db| expect_row(db, Some(one_time_token(PURPOSE)), provisional()))
        .on_begin(|db| {
            expect_use(db, provisional());
            let belongs = |id, other_members| UserMembership {
                org: workspace(id, Role::Owner).org,
                role: Role::Owner,
                other_members,
                other_owners: 0,
            };
            let all = vec![belongs(acme(), 0), belongs(globex(), 3)];
            db.memberships.expect_list_for_user().once().return_once(|_| Ok(all));
            db.orgs.expect_delete().with(eq(acme())).once().returning(|_| Ok(true));
            // An admin takes precedence over a member who joined earlier; of two admins, the one who joined first.
            let cleo = UserId::from_uuid(session_id().as_uuid());
            let items = vec![
                member(ann_id(), Role::Owner, 9),
                member(UserId::LAST, Role::Member, 8),
                member(cleo, Role::Admin, 2),
                member(bob_id(), Role::Admin, 3),
            ];
            db.memberships.expect_list().once().return_once(|_, _| Ok(Page { items, next: None }));
            db.memberships
                .expect_set_role()
                .with(eq(globex()), eq(bob_id()), eq(Role::Owner))
                .once()
                .returning(|_, _, _| Ok(true));
            db.memberships
                .expect_remove()
                .with(eq(globex()), eq(ann_id()))
                .once()
                .returning(|_, _| Ok(true));
            db.users.expect_delete().with(eq(ann_id())).once().returning(|_| Ok(true));
            expect_audit(db, AuditKind::RegistrationDisowned, None);
        });
    disown(&storage).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn account_that_is_not_provisional_is_not_deleted() {
    let expired = OneTimeToken { expires_at: NOW, ..one_time_token(PURPOSE) };
    for (row, user) in [
        (Some(one_time_token(PURPOSE)), ann()),
        // Created by an operator.
        (Some(one_time_token(PURPOSE)), unverified()),
        (Some(expired), provisional()),
        (None, provisional()),
    ] {
        let storage = MockStorage::default().on_connect(|db| expect_row(db, row, user));
        assert_fails!(disown(&storage).await, DisownRegistrationError::Rejected);
    }
}

/// The owner verified the address in another tab.
#[tokio::test]
async fn account_that_was_verified_meanwhile_is_not_deleted() {
    let storage = MockStorage::default()
        .on_connect(|db| expect_row(db, Some(one_time_token(PURPOSE)), provisional()))
        .on_begin(|db| expect_use(db, ann()));
    assert_fails!(disown(&storage).await, DisownRegistrationError::Rejected);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn token_of_another_kind_costs_no_query() {
    let reset = opaque_token(TokenPurpose::ResetPassword, reference(&one_time_token(PURPOSE)));
    let application = World::without_storage().application();
    for token in [reset.as_str(), "dwv_", ""] {
        let outcome = application.account.disown.run(token, &client()).await;
        assert_fails!(outcome, DisownRegistrationError::Rejected);
    }
}
