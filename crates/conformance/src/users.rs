//! Clauses of `UserRepository` about storing and finding accounts.

use std::net::Ipv6Addr;

use doorward_domain::{
    OrgId, UserId,
    account::{
        user::{ClientEvidence, LoginCandidate, LoginIdentifier, User},
        username::Username,
    },
    audit::{AuditEvent, AuditKind},
    org::{membership::Membership, role::Role},
    ports::{InsertUserError, Storage},
    request_context::IpPrefix,
    session::SessionEndReason,
};

use crate::{
    concurrency::at_once,
    fixtures::{self, begin, connect},
    samples::{self, NOW, after},
};

/// Returns whether the email address and the username were reported as taken.
fn taken(answer: Result<(), InsertUserError>) -> (bool, bool) {
    match answer {
        Err(InsertUserError::Taken { email, username }) => (email, username),
        Ok(()) => panic!("the account was added"),
        Err(InsertUserError::Storage(error)) => panic!("{error:?}"),
    }
}

async fn insert(storage: &dyn Storage, user: &User) -> Result<(), InsertUserError> {
    let mut work = begin(storage).await;
    work.users().insert(user, None).await?;
    work.commit().await?;
    Ok(())
}

async fn credentials(storage: &dyn Storage, name: &str) -> Option<LoginCandidate> {
    let name = LoginIdentifier::parse(name).unwrap();
    connect(storage).await.users().login_candidate(&name, &samples::evidence()).await.unwrap()
}

/// Checks that an account is returned unchanged, with times to the microsecond.
pub async fn account_is_returned_as_it_was_added(storage: &dyn Storage) {
    let org = fixtures::org(storage, samples::org("Acme")).await;
    let user = User {
        email: samples::email("Ann.Lée@Exämple.com"),
        profile: samples::profile(),
        verified_at: Some(after(1)),
        disabled_at: Some(after(2)),
        is_platform_admin: true,
        has_password: true,
        default_org: Some(org.id),
        last_login_at: Some(after(3)),
        updated_at: after(4),
        ..samples::user("Ann.Lee")
    };
    let hash = samples::hash("ann");
    connect(storage).await.users().insert(&user, Some(hash.clone())).await.unwrap();

    let mut repositories = connect(storage).await;
    let users = repositories.users();
    assert_eq!(users.find(user.id).await.unwrap(), Some(user.clone()));
    assert_eq!(users.find_by_email(&user.email).await.unwrap(), Some(user.clone()));
    let stored = users.password(user.id).await.unwrap().unwrap();
    assert_eq!(stored.hash.expose(), hash.expose());
}

/// Checks that optional values that are absent stay absent.
pub async fn absent_values_of_an_account_stay_absent(storage: &dyn Storage) {
    let user = fixtures::user(storage, samples::user("ann")).await;
    assert_eq!(fixtures::stored_user(storage, &user).await, user);
    assert!(connect(storage).await.users().password(user.id).await.unwrap().is_none());
}

/// Checks that the result for an unknown account is `Ok(None)`.
pub async fn unknown_account_is_absent(storage: &dyn Storage) {
    fixtures::user(storage, samples::user("ann")).await;
    let id = UserId::from_uuid(samples::id());
    let mut repositories = connect(storage).await;
    let users = repositories.users();
    assert_eq!(users.find(id).await.unwrap(), None);
    assert_eq!(users.find_by_email(&samples::email("bob@example.com")).await.unwrap(), None);
    assert!(users.password(id).await.unwrap().is_none());
    assert!(credentials(storage, "bob").await.is_none());
    assert!(credentials(storage, "bob@example.com").await.is_none());
}

/// Checks that an account is found by email address without regard to case, also beyond ASCII.
pub async fn email_is_found_in_any_case(storage: &dyn Storage) {
    let ann = samples::user("ann");
    let ann = fixtures::user(storage, User { email: samples::email("Ann.LÉE@example.com"), ..ann });
    let ann = ann.await;
    for text in ["ann.lée@example.com", "ANN.LÉE@EXAMPLE.COM", "Ann.LÉE@example.com"] {
        let found = connect(storage).await.users().find_by_email(&samples::email(text)).await;
        assert_eq!(found.unwrap(), Some(ann.clone()), "{text}");
        assert_eq!(credentials(storage, text).await.unwrap().user, ann, "{text}");
    }
}

/// Checks that an account is found by username without regard to case.
pub async fn username_is_found_in_any_case(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("Ann.Lee")).await;
    for text in ["ann.lee", "ANN.LEE", "Ann.Lee"] {
        assert_eq!(credentials(storage, text).await.unwrap().user, ann, "{text}");
        let name = Username::parse(text).unwrap();
        let found = connect(storage).await.users().find_by_username(&name).await.unwrap();
        assert_eq!(found, Some(ann.clone()), "{text}");
    }
}

/// Checks that email addresses are unique without regard to case.
pub async fn taken_email_is_reported_in_any_case(storage: &dyn Storage) {
    fixtures::user(storage, samples::user("ann")).await;
    for text in ["ann@example.com", "ANN@example.com", "Ann@EXAMPLE.com"] {
        let other = User { email: samples::email(text), ..samples::user("other") };
        assert_eq!(taken(insert(storage, &other).await), (true, false), "{text}");
    }
}

/// Checks that usernames are unique without regard to case.
pub async fn taken_username_is_reported_in_any_case(storage: &dyn Storage) {
    fixtures::user(storage, samples::user("ann")).await;
    for text in ["ann", "ANN", "Ann"] {
        let other = User { email: samples::email("other@example.com"), ..samples::user(text) };
        assert_eq!(taken(insert(storage, &other).await), (false, true), "{text}");
    }
}

/// Checks that `InsertUserError::Taken` reports both if both are taken, even by two accounts.
pub async fn taken_email_and_username_are_both_reported(storage: &dyn Storage) {
    fixtures::user(storage, samples::user("ann")).await;
    fixtures::user(storage, samples::user("bob")).await;
    assert_eq!(taken(insert(storage, &samples::user("ANN")).await), (true, true));
    let of_two = User { email: samples::email("ann@example.com"), ..samples::user("bob") };
    assert_eq!(taken(insert(storage, &of_two).await), (true, true));
}

/// Checks that a conflict leaves the unit of work usable.
pub async fn conflict_keeps_the_unit_of_work_usable(storage: &dyn Storage) {
    fixtures::user(storage, samples::user("ann")).await;
    let (before, after) = (samples::user("before"), samples::user("after"));
    let mut work = begin(storage).await;
    work.users().insert(&before, None).await.unwrap();
    let name_only = User { email: samples::email("new@example.com"), ..samples::user("ann") };
    let address_only = User { email: samples::email("ann@example.com"), ..samples::user("new") };
    for other in [&name_only, &address_only, &samples::user("ann"), &samples::user("before")] {
        taken(work.users().insert(other, None).await);
    }
    work.users().insert(&after, None).await.unwrap();
    work.commit().await.unwrap();
    for user in [before, after] {
        assert_eq!(fixtures::stored_user(storage, &user).await, user);
    }
}

/// Checks that email addresses are unique by a constraint, not by a previous query: of many concurrent
/// callers exactly one succeeds, and the others get a conflict, never another error.
pub async fn concurrent_accounts_with_one_email_are_added_once(storage: &dyn Storage) {
    let answers = at_once(16, async |number| {
        let address = ["ann@example.com", "ANN@example.com"][number % 2];
        let name = format!("user{number}");
        insert(storage, &User { email: samples::email(address), ..samples::user(&name) }).await
    });
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    assert!(lost.into_iter().all(|answer| taken(answer) == (true, false)));
}

/// Checks the same for usernames.
pub async fn concurrent_accounts_with_one_username_are_added_once(storage: &dyn Storage) {
    let answers = at_once(16, async |number| {
        let address = samples::email(&format!("user{number}@example.com"));
        let name = ["ann", "ANN"][number % 2];
        insert(storage, &User { email: address, ..samples::user(name) }).await
    });
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    assert!(lost.into_iter().all(|answer| taken(answer) == (false, true)));
}

/// Checks that the account, its password, and the organization in which the sign-in starts are returned.
pub async fn login_candidate_has_everything_a_sign_in_needs(storage: &dyn Storage) {
    let acme = fixtures::org(storage, samples::org("Acme")).await;
    let ann = User { default_org: Some(acme.id), ..samples::user("ann") };
    let ann = fixtures::user_with_password(storage, ann).await;
    fixtures::joined(storage, "Other", &ann, Role::Member, -9).await;
    fixtures::member(storage, &acme, &ann, Role::Admin).await;
    let stored = fixtures::stored_password(storage, &ann).await;

    for name in ["ann", "ann@example.com"] {
        let found = credentials(storage, name).await.unwrap();
        assert_eq!(found.user, ann);
        let password = found.password.unwrap();
        assert_eq!(password.hash.expose(), stored.hash.expose());
        assert_eq!(password.version, stored.version);
        assert_eq!(found.workspace, Some((acme.id, Role::Admin)));
        assert!(!found.is_known_ip_prefix);
    }
}

/// Checks that the password is absent if the account has none, and that the organization is absent if the
/// user isn't a member of any, whatever the default is.
pub async fn sign_in_starts_in_no_organization_of_others(storage: &dyn Storage) {
    let acme = fixtures::org(storage, samples::org("Acme")).await;
    let ann = User { default_org: Some(acme.id), ..samples::user("ann") };
    let ann = fixtures::user(storage, ann).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let carol = fixtures::user(storage, samples::user("carol")).await;
    fixtures::member(storage, &acme, &carol, Role::Owner).await;
    for user in [ann, bob] {
        let found = credentials(storage, user.username.as_str()).await.unwrap();
        assert_eq!(found.workspace, None, "{}", user.username.as_str());
        assert!(found.password.is_none());
    }
}

/// Returns the organization in which a sign-in starts. A refresh of a session without an organization has to
/// continue there too.
async fn starting_organization(storage: &dyn Storage, user: &User) -> Option<(OrgId, Role)> {
    let by_name = credentials(storage, user.username.as_str()).await.unwrap().workspace;
    let by_address = credentials(storage, user.email.as_str()).await.unwrap().workspace;
    assert_eq!(by_name, by_address);
    let session = fixtures::session(storage, samples::session(user)).await;
    let mut repositories = connect(storage).await;
    let rotated = repositories.sessions().rotate(&samples::rotation(&session)).await.unwrap();
    assert_eq!(rotated.unwrap().workspace, by_name);
    by_name
}

/// Checks that a sign-in starts in the user's default organization. If the user is no longer a member of it, the sign-in
/// starts in the organization that the user joined first, or in none if there is no other. `SessionRepository::rotate`
/// applies the same rule.
pub async fn sign_in_falls_back_if_a_membership_has_ended(storage: &dyn Storage) {
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let default = fixtures::joined(storage, "Default", &bob, Role::Owner, 0).await;
    let ann = User { default_org: Some(default.id), ..samples::user("ann") };
    let ann = fixtures::user(storage, ann).await;
    let later = fixtures::joined(storage, "Later", &ann, Role::Member, 20).await;
    let first = fixtures::joined(storage, "First", &ann, Role::Admin, 10).await;
    let joined_at = after(30);
    let membership = Membership { joined_at, ..samples::membership(&default, &ann, Role::Owner) };
    assert!(connect(storage).await.memberships().insert(&membership).await.unwrap());

    let steps = [(default.id, Role::Owner), (first.id, Role::Admin), (later.id, Role::Member)];
    for workspace in steps {
        assert_eq!(starting_organization(storage, &ann).await, Some(workspace));
        connect(storage).await.memberships().remove(workspace.0, ann.id).await.unwrap();
    }
    assert_eq!(starting_organization(storage, &ann).await, None);
}

/// Checks that without a default a sign-in starts in the organization joined first. If several were joined at
/// the same time, it is always the same one.
pub async fn sign_in_without_a_default_starts_in_the_first_organization_joined(
    storage: &dyn Storage,
) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    for (name, seconds) in [("Last", 30), ("Second", 20), ("Third", 20), ("First", 10)] {
        let role = if name == "First" { Role::Owner } else { Role::Member };
        fixtures::joined(storage, name, &ann, role, seconds).await;
    }
    let (first, role) = starting_organization(storage, &ann).await.unwrap();
    assert_eq!(role, Role::Owner);
    connect(storage).await.memberships().remove(first, ann.id).await.unwrap();
    let second = starting_organization(storage, &ann).await;
    assert!(second.is_some_and(|(_, role)| role == Role::Member));
    assert_eq!(starting_organization(storage, &ann).await, second);
}

/// Checks that a network is known if the account was signed in to from it before.
pub async fn networks_of_earlier_sign_ins_are_known(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let from = |last| IpPrefix::of(Ipv6Addr::new(0x2001, 0xdb8, 1, last, 0, 0, 0, 1).into());
    let session =
        |user, network| doorward_domain::session::Session { network, ..samples::session(user) };
    fixtures::session(storage, session(&ann, from(1))).await;
    fixtures::session(storage, session(&bob, from(2))).await;
    let knows = async |network| {
        let name = LoginIdentifier::Username(ann.username.clone());
        let client = ClientEvidence { network: Some(network), ..samples::evidence() };
        let found = connect(storage).await.users().login_candidate(&name, &client).await;
        found.unwrap().unwrap().is_known_ip_prefix
    };
    assert!(knows(from(1)).await);
    assert!(!knows(from(2)).await);
    let reason = SessionEndReason::PasswordReset;
    connect(storage).await.sessions().end_all(ann.id, None, reason, NOW).await.unwrap();
    assert!(!knows(from(1)).await, "a new password was needed");
}

/// Checks that the failed sign-ins of this account since its last successful sign-in or new password are
/// counted, up to 100.
pub async fn failed_sign_ins_are_counted(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let record = async |user: &User, kind| {
        let event = AuditEvent { kind, user_id: Some(user.id), ..samples::audit_event() };
        connect(storage).await.audit().record(&event).await.unwrap();
    };
    let failures = async || credentials(storage, "ann").await.unwrap().recent_failures;
    for _ in 0..3 {
        record(&ann, AuditKind::LoginFailed).await;
        record(&ann, AuditKind::SessionRevoked).await;
        record(&bob, AuditKind::LoginFailed).await;
    }
    assert_eq!(failures().await, 3);
    for _ in 0..110 {
        record(&ann, AuditKind::LoginFailed).await;
    }
    assert_eq!(failures().await, LoginCandidate::FAILURES_CAP);
    for good in [
        AuditKind::LoggedIn,
        AuditKind::PasswordChanged,
        AuditKind::PasswordReset,
        AuditKind::PasswordSet,
    ] {
        record(&ann, good).await;
        assert_eq!(failures().await, 0, "{good:?}");
        for _ in 0..2 {
            record(&ann, AuditKind::LoginFailed).await;
        }
        record(&bob, good).await;
        assert_eq!(failures().await, 2, "{good:?}");
    }
}

/// Checks that only this account is disabled and enabled.
pub async fn account_is_disabled_and_enabled(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    for disabled_at in [Some(NOW), None] {
        connect(storage).await.users().set_disabled(ann.id, disabled_at).await.unwrap();
        assert_eq!(fixtures::stored_user(storage, &ann).await.disabled_at, disabled_at);
    }
    assert_eq!(fixtures::stored_user(storage, &bob).await, bob);
}

/// Checks that only the flag of this account changes, and that the result is `true` only if it changed.
pub async fn platform_admin_flag_is_set_and_cleared(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    for (is_platform_admin, second, changed) in
        [(false, 1, false), (true, 2, true), (true, 3, false), (false, 4, true)]
    {
        let mut repositories = connect(storage).await;
        let users = repositories.users();
        let now = after(second);
        let answer = users.set_platform_admin(ann.id, is_platform_admin, now).await.unwrap();
        assert_eq!(answer, changed);
        drop(repositories);
        assert_eq!(fixtures::stored_user(storage, &ann).await.is_platform_admin, is_platform_admin);
    }
    let expected = User { updated_at: after(4), ..ann.clone() };
    assert_eq!(fixtures::stored_user(storage, &ann).await, expected);
    assert_eq!(fixtures::stored_user(storage, &bob).await, bob);
    let unknown = UserId::from_uuid(samples::id());
    assert!(!connect(storage).await.users().set_platform_admin(unknown, true, NOW).await.unwrap());
}
