//! Clauses of `UserRepository::delete`, `OrgRepository::delete`, and `MembershipRepository::list_for_user` and `hold`:
//! what is deleted, and what stays.

use std::time::Duration;

use doorward_domain::{
    UserId,
    audit::AuditEvent,
    org::{membership::UserMembership, role::Role},
    pagination::{PageQuery, PageSize},
    ports::Storage,
    token::one_time::OneTimePurpose,
};

use crate::{
    fixtures::{self, begin, connect},
    samples::{self, NOW},
};

/// Checks that an account is deleted with everything that belongs to it, and that its audit trail stays.
pub async fn account_is_deleted_with_its_data_and_audit_trail_stays(storage: &dyn Storage) {
    let org = fixtures::org(storage, samples::org("Acme")).await;
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    for user in [&ann, &bob] {
        fixtures::member(storage, &org, user, Role::Owner).await;
    }
    let session = fixtures::session(storage, samples::session(&ann)).await;
    let kept = fixtures::session(storage, samples::session(&bob)).await;
    let token = fixtures::token(storage, &ann, OneTimePurpose::ResetPassword).await;
    let invite = samples::invite(&org, &ann, "cay@example.com");
    connect(storage).await.invites().upsert(&invite).await.unwrap();
    let event = AuditEvent { user_id: Some(ann.id), ..samples::audit_event() };
    connect(storage).await.audit().record(&event).await.unwrap();

    assert!(connect(storage).await.users().delete(ann.id).await.unwrap());
    assert!(!connect(storage).await.users().delete(ann.id).await.unwrap());
    let mut repositories = connect(storage).await;
    assert_eq!(repositories.users().find(ann.id).await.unwrap(), None);
    assert_eq!(repositories.sessions().find_with_user(session.id, None).await.unwrap(), None);
    let purpose = OneTimePurpose::ResetPassword;
    assert_eq!(repositories.one_time_tokens().find(purpose, token).await.unwrap(), None);
    assert_eq!(repositories.invites().find(invite.id).await.unwrap(), None);
    assert_eq!(repositories.memberships().find(org.id, ann.id).await.unwrap(), None);
    let request = PageQuery { limit: PageSize::DEFAULT, after: None };
    let trail = repositories.audit().list(Some(ann.id), request).await.unwrap();
    assert_eq!(trail.items, [event]);
    drop(repositories);
    assert_eq!(fixtures::stored_user(storage, &bob).await.id, bob.id);
    assert_eq!(fixtures::session_context(storage, &kept).await.session, kept);
}

/// Checks that an organization is deleted with its memberships, and that its members stay.
pub async fn organization_is_deleted_and_its_members_stay(storage: &dyn Storage) {
    let org = fixtures::org(storage, samples::org("Acme")).await;
    let other = fixtures::org(storage, samples::org("Globex")).await;
    let ann = fixtures::user(storage, samples::user("ann")).await;
    fixtures::member(storage, &org, &ann, Role::Owner).await;
    assert!(connect(storage).await.orgs().delete(org.id).await.unwrap());
    assert!(!connect(storage).await.orgs().delete(org.id).await.unwrap());
    let mut repositories = connect(storage).await;
    assert_eq!(repositories.orgs().find(org.id).await.unwrap(), None);
    assert_eq!(repositories.memberships().find(org.id, ann.id).await.unwrap(), None);
    assert_eq!(repositories.orgs().find(other.id).await.unwrap(), Some(other));
    drop(repositories);
    assert_eq!(fixtures::stored_user(storage, &ann).await.id, ann.id);
}

/// Checks that memberships are returned in the order of joining, with the number of other members.
pub async fn memberships_are_listed_with_the_number_of_other_members(storage: &dyn Storage) {
    let [ann, bob, cay] = ["ann", "bob", "cay"].map(samples::user);
    for user in [&ann, &bob, &cay] {
        fixtures::user(storage, user.clone()).await;
    }
    let later = fixtures::joined(storage, "Later", &ann, Role::Member, 9).await;
    fixtures::member(storage, &later, &bob, Role::Owner).await;
    fixtures::member(storage, &later, &cay, Role::Admin).await;
    let alone = fixtures::joined(storage, "Alone", &ann, Role::Owner, 1).await;
    fixtures::joined(storage, "Of others", &bob, Role::Owner, 2).await;

    let mut repositories = connect(storage).await;
    let expected = [
        UserMembership { org: alone, role: Role::Owner, other_members: 0, other_owners: 0 },
        UserMembership { org: later, role: Role::Member, other_members: 2, other_owners: 1 },
    ];
    assert_eq!(repositories.memberships().list_for_user(ann.id).await.unwrap(), expected);
    let unknown = UserId::from_uuid(samples::id());
    assert_eq!(repositories.memberships().list_for_user(unknown).await.unwrap(), []);
}

/// Checks that no user can join a locked organization until the end of the unit of work.
pub async fn locked_organization_cannot_be_joined(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let org = fixtures::joined(storage, "Acme", &ann, Role::Owner, 0).await;
    let joining = samples::membership(&org, &bob, Role::Member);

    let mut work = begin(storage).await;
    work.memberships().lock_for_user(ann.id).await.unwrap();
    let held = work.memberships().list_for_user(ann.id).await.unwrap();
    let mut other = Box::pin(async {
        let mut work = begin(storage).await;
        let joined = work.memberships().insert(&joining).await;
        (joined, work.commit().await)
    });
    let early = tokio::time::timeout(Duration::from_millis(200), &mut other).await;
    assert!(early.is_err(), "a user joined a locked organization");
    assert_eq!(work.memberships().list_for_user(ann.id).await.unwrap(), held);
    assert!(work.orgs().delete(org.id).await.unwrap());
    work.commit().await.unwrap();
    // The organization no longer exists.
    assert!(other.await.0.is_err());
    assert_eq!(connect(storage).await.memberships().list_for_user(bob.id).await.unwrap(), []);
    assert_eq!(fixtures::stored_user(storage, &bob).await.created_at, NOW);
}
