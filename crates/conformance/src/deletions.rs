//! `UserRepository::delete`, `OrgRepository::delete`, `MembershipRepository::of` and `hold`: what goes, and what
//! stays.

use std::time::Duration;

use doorward_domain::{
    UserId,
    audit::AuditEvent,
    membership::Belonging,
    one_time_token::OneTimePurpose,
    page::{PageLimit, PageRequest},
    ports::Storage,
    role::Role,
};

use crate::{
    given::{self, begin, connect},
    sample::{self, NOW},
};

/// `UserRepository::delete`: all that is the person's goes, and the audit trail MUST stay.
pub async fn an_account_is_deleted_with_all_that_is_its_own(storage: &dyn Storage) {
    let org = given::org(storage, sample::org("Acme")).await;
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    for user in [&ann, &bob] {
        given::member(storage, &org, user, Role::Owner).await;
    }
    let session = given::session(storage, sample::session(&ann)).await;
    let kept = given::session(storage, sample::session(&bob)).await;
    let token = given::token(storage, &ann, OneTimePurpose::ResetPassword).await;
    let invite = sample::invite(&org, &ann, "cay@example.com");
    connect(storage).await.invites().upsert(&invite).await.unwrap();
    let event = AuditEvent { user_id: Some(ann.id), ..sample::audit_event() };
    connect(storage).await.audit().record(&event).await.unwrap();

    assert!(connect(storage).await.users().delete(ann.id).await.unwrap());
    assert!(!connect(storage).await.users().delete(ann.id).await.unwrap());
    let mut repositories = connect(storage).await;
    assert_eq!(repositories.users().find(ann.id).await.unwrap(), None);
    assert_eq!(repositories.sessions().standing(session.id, None).await.unwrap(), None);
    let purpose = OneTimePurpose::ResetPassword;
    assert_eq!(repositories.one_time_tokens().find(purpose, token).await.unwrap(), None);
    assert_eq!(repositories.invites().find(invite.id).await.unwrap(), None);
    assert_eq!(repositories.memberships().find(org.id, ann.id).await.unwrap(), None);
    let request = PageRequest { limit: PageLimit::DEFAULT, after: None };
    let trail = repositories.audit().list(Some(ann.id), request).await.unwrap();
    assert_eq!(trail.items, [event]);
    drop(repositories);
    assert_eq!(given::stored_user(storage, &bob).await.id, bob.id);
    assert_eq!(given::standing(storage, &kept).await.session, kept);
}

/// `OrgRepository::delete`: with its memberships, and not with its members.
pub async fn an_organisation_is_deleted_and_its_members_stay(storage: &dyn Storage) {
    let org = given::org(storage, sample::org("Acme")).await;
    let other = given::org(storage, sample::org("Globex")).await;
    let ann = given::user(storage, sample::user("ann")).await;
    given::member(storage, &org, &ann, Role::Owner).await;
    assert!(connect(storage).await.orgs().delete(org.id).await.unwrap());
    assert!(!connect(storage).await.orgs().delete(org.id).await.unwrap());
    let mut repositories = connect(storage).await;
    assert_eq!(repositories.orgs().find(org.id).await.unwrap(), None);
    assert_eq!(repositories.memberships().find(org.id, ann.id).await.unwrap(), None);
    assert_eq!(repositories.orgs().find(other.id).await.unwrap(), Some(other));
    drop(repositories);
    assert_eq!(given::stored_user(storage, &ann).await.id, ann.id);
}

/// `MembershipRepository::of`: in the order of joining, with who else is there.
pub async fn what_a_person_belongs_to_is_told_with_who_else_does(storage: &dyn Storage) {
    let [ann, bob, cay] = ["ann", "bob", "cay"].map(sample::user);
    for user in [&ann, &bob, &cay] {
        given::user(storage, user.clone()).await;
    }
    let later = given::joined(storage, "Later", &ann, Role::Member, 9).await;
    given::member(storage, &later, &bob, Role::Owner).await;
    given::member(storage, &later, &cay, Role::Admin).await;
    let alone = given::joined(storage, "Alone", &ann, Role::Owner, 1).await;
    given::joined(storage, "Of others", &bob, Role::Owner, 2).await;

    let mut repositories = connect(storage).await;
    let expected = [
        Belonging { org: alone, role: Role::Owner, others: 0, other_owners: 0 },
        Belonging { org: later, role: Role::Member, others: 2, other_owners: 1 },
    ];
    assert_eq!(repositories.memberships().of(ann.id).await.unwrap(), expected);
    let nobody = UserId::from_uuid(sample::id());
    assert_eq!(repositories.memberships().of(nobody).await.unwrap(), []);
}

/// `MembershipRepository::hold`: nobody MUST join until the end of the unit of work.
pub async fn nobody_joins_what_is_held(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let org = given::joined(storage, "Acme", &ann, Role::Owner, 0).await;
    let joining = sample::membership(&org, &bob, Role::Member);

    let mut work = begin(storage).await;
    work.memberships().hold(ann.id).await.unwrap();
    let held = work.memberships().of(ann.id).await.unwrap();
    let mut other = Box::pin(async {
        let mut work = begin(storage).await;
        let joined = work.memberships().insert(&joining).await;
        (joined, work.commit().await)
    });
    let early = tokio::time::timeout(Duration::from_millis(200), &mut other).await;
    assert!(early.is_err(), "somebody has joined what is held");
    assert_eq!(work.memberships().of(ann.id).await.unwrap(), held);
    assert!(work.orgs().delete(org.id).await.unwrap());
    work.commit().await.unwrap();
    // There is nothing left to join.
    assert!(other.await.0.is_err());
    assert_eq!(connect(storage).await.memberships().of(bob.id).await.unwrap(), []);
    assert_eq!(given::stored_user(storage, &bob).await.created_at, NOW);
}
