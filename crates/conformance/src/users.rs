//! `UserRepository`: accounts and how they are found.

use std::net::Ipv6Addr;

use doorward_domain::{
    OrgId, UserId,
    audit::{AuditEvent, AuditKind},
    client::Network,
    membership::Membership,
    ports::{InsertUserError, Storage},
    role::Role,
    session::SessionEnd,
    user::{ClientEvidence, Credentials, LoginName, User},
    username::Username,
};

use crate::{
    concurrency::at_once,
    given::{self, begin, connect},
    sample::{self, NOW, after},
};

/// What a refused account heard: whether the address is taken, and whether the name is.
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

async fn credentials(storage: &dyn Storage, name: &str) -> Option<Credentials> {
    let name = LoginName::parse(name).unwrap();
    connect(storage).await.users().credentials(&name, &sample::evidence()).await.unwrap()
}

/// `UserRepository::insert`, `find`: everything is kept, times to the microsecond.
pub async fn an_account_comes_back_as_it_was_added(storage: &dyn Storage) {
    let org = given::org(storage, sample::org("Acme")).await;
    let user = User {
        email: sample::email("Ann.Lée@Exämple.com"),
        profile: sample::profile(),
        verified_at: Some(after(1)),
        disabled_at: Some(after(2)),
        is_platform_admin: true,
        has_password: true,
        default_org: Some(org.id),
        last_login_at: Some(after(3)),
        updated_at: after(4),
        ..sample::user("Ann.Lee")
    };
    let hash = sample::hash("ann");
    connect(storage).await.users().insert(&user, Some(hash.clone())).await.unwrap();

    let mut repositories = connect(storage).await;
    let users = repositories.users();
    assert_eq!(users.find(user.id).await.unwrap(), Some(user.clone()));
    assert_eq!(users.find_by_email(&user.email).await.unwrap(), Some(user.clone()));
    let stored = users.password(user.id).await.unwrap().unwrap();
    assert_eq!(stored.hash.expose(), hash.expose());
}

/// `UserRepository::insert`, `password`: what is absent stays absent.
pub async fn a_bare_account_comes_back_bare(storage: &dyn Storage) {
    let user = given::user(storage, sample::user("ann")).await;
    assert_eq!(given::stored_user(storage, &user).await, user);
    assert!(connect(storage).await.users().password(user.id).await.unwrap().is_none());
}

/// Absence is `Ok(None)`.
pub async fn an_unknown_account_is_absent(storage: &dyn Storage) {
    given::user(storage, sample::user("ann")).await;
    let id = UserId::from_uuid(sample::id());
    let mut repositories = connect(storage).await;
    let users = repositories.users();
    assert_eq!(users.find(id).await.unwrap(), None);
    assert_eq!(users.find_by_email(&sample::email("bob@example.com")).await.unwrap(), None);
    assert!(users.password(id).await.unwrap().is_none());
    assert!(credentials(storage, "bob").await.is_none());
    assert!(credentials(storage, "bob@example.com").await.is_none());
}

/// `UserRepository::find_by_email`, `credentials`: without regard to case, beyond ASCII too.
pub async fn an_address_is_found_in_any_case(storage: &dyn Storage) {
    let ann = sample::user("ann");
    let ann = given::user(storage, User { email: sample::email("Ann.LÉE@example.com"), ..ann });
    let ann = ann.await;
    for text in ["ann.lée@example.com", "ANN.LÉE@EXAMPLE.COM", "Ann.LÉE@example.com"] {
        let found = connect(storage).await.users().find_by_email(&sample::email(text)).await;
        assert_eq!(found.unwrap(), Some(ann.clone()), "{text}");
        assert_eq!(credentials(storage, text).await.unwrap().user, ann, "{text}");
    }
}

/// `UserRepository::credentials`, `find_by_username`: a user name, without regard to case.
pub async fn a_user_name_is_found_in_any_case(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("Ann.Lee")).await;
    for text in ["ann.lee", "ANN.LEE", "Ann.Lee"] {
        assert_eq!(credentials(storage, text).await.unwrap().user, ann, "{text}");
        let name = Username::parse(text).unwrap();
        let found = connect(storage).await.users().find_by_username(&name).await.unwrap();
        assert_eq!(found, Some(ann.clone()), "{text}");
    }
}

/// `UserRepository::insert`: addresses MUST be unique without regard to case.
pub async fn a_taken_address_is_told_in_any_case(storage: &dyn Storage) {
    given::user(storage, sample::user("ann")).await;
    for text in ["ann@example.com", "ANN@example.com", "Ann@EXAMPLE.com"] {
        let other = User { email: sample::email(text), ..sample::user("other") };
        assert_eq!(taken(insert(storage, &other).await), (true, false), "{text}");
    }
}

/// `UserRepository::insert`: user names MUST be unique without regard to case.
pub async fn a_taken_user_name_is_told_in_any_case(storage: &dyn Storage) {
    given::user(storage, sample::user("ann")).await;
    for text in ["ann", "ANN", "Ann"] {
        let other = User { email: sample::email("other@example.com"), ..sample::user(text) };
        assert_eq!(taken(insert(storage, &other).await), (false, true), "{text}");
    }
}

/// `InsertUserError::Taken`: it says which of the two, or both, whoever has them.
pub async fn an_address_and_a_user_name_that_are_both_taken_are_both_told(storage: &dyn Storage) {
    given::user(storage, sample::user("ann")).await;
    given::user(storage, sample::user("bob")).await;
    assert_eq!(taken(insert(storage, &sample::user("ANN")).await), (true, true));
    let of_two = User { email: sample::email("ann@example.com"), ..sample::user("bob") };
    assert_eq!(taken(insert(storage, &of_two).await), (true, true));
}

/// `UserRepository::insert`: a conflict MUST leave the unit of work usable.
pub async fn a_conflict_does_not_end_the_unit_of_work(storage: &dyn Storage) {
    given::user(storage, sample::user("ann")).await;
    let (before, after) = (sample::user("before"), sample::user("after"));
    let mut work = begin(storage).await;
    work.users().insert(&before, None).await.unwrap();
    let name_only = User { email: sample::email("new@example.com"), ..sample::user("ann") };
    let address_only = User { email: sample::email("ann@example.com"), ..sample::user("new") };
    for other in [&name_only, &address_only, &sample::user("ann"), &sample::user("before")] {
        taken(work.users().insert(other, None).await);
    }
    work.users().insert(&after, None).await.unwrap();
    work.commit().await.unwrap();
    for user in [before, after] {
        assert_eq!(given::stored_user(storage, &user).await, user);
    }
}

/// `UserRepository::insert`: unique by a constraint, not by a look before: one of many at the same
/// moment wins, and the others hear of a conflict, never of a fault.
pub async fn of_many_with_one_address_one_is_added(storage: &dyn Storage) {
    let answers = at_once(16, async |number| {
        let address = ["ann@example.com", "ANN@example.com"][number % 2];
        let name = format!("user{number}");
        insert(storage, &User { email: sample::email(address), ..sample::user(&name) }).await
    });
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    assert!(lost.into_iter().all(|answer| taken(answer) == (true, false)));
}

/// `UserRepository::insert`: the same for user names.
pub async fn of_many_with_one_user_name_one_is_added(storage: &dyn Storage) {
    let answers = at_once(16, async |number| {
        let address = sample::email(&format!("user{number}@example.com"));
        let name = ["ann", "ANN"][number % 2];
        insert(storage, &User { email: address, ..sample::user(name) }).await
    });
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    assert!(lost.into_iter().all(|answer| taken(answer) == (false, true)));
}

/// `UserRepository::credentials`: the account, its password, and the organisation that a sign-in
/// opens.
pub async fn credentials_tell_all_that_a_sign_in_needs(storage: &dyn Storage) {
    let acme = given::org(storage, sample::org("Acme")).await;
    let ann = User { default_org: Some(acme.id), ..sample::user("ann") };
    let ann = given::user_with_password(storage, ann).await;
    given::joined(storage, "Other", &ann, Role::Member, -9).await;
    given::member(storage, &acme, &ann, Role::Admin).await;
    let stored = given::stored_password(storage, &ann).await;

    for name in ["ann", "ann@example.com"] {
        let found = credentials(storage, name).await.unwrap();
        assert_eq!(found.user, ann);
        let password = found.password.unwrap();
        assert_eq!(password.hash.expose(), stored.hash.expose());
        assert_eq!(password.version, stored.version);
        assert_eq!(found.workspace, Some((acme.id, Role::Admin)));
        assert!(!found.knows_network);
    }
}

/// `Credentials::password`, `Credentials::workspace`: there is none where the account has none, or
/// the person is a member of none, whatever the default says.
pub async fn a_sign_in_opens_no_organisation_of_others(storage: &dyn Storage) {
    let acme = given::org(storage, sample::org("Acme")).await;
    let ann = User { default_org: Some(acme.id), ..sample::user("ann") };
    let ann = given::user(storage, ann).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let carol = given::user(storage, sample::user("carol")).await;
    given::member(storage, &acme, &carol, Role::Owner).await;
    for user in [ann, bob] {
        let found = credentials(storage, user.username.as_str()).await.unwrap();
        assert_eq!(found.workspace, None, "{}", user.username.as_str());
        assert!(found.password.is_none());
    }
}

/// Where a sign-in begins, which is where a refresh of a session in no organisation continues.
async fn signs_in_to(storage: &dyn Storage, user: &User) -> Option<(OrgId, Role)> {
    let by_name = credentials(storage, user.username.as_str()).await.unwrap().workspace;
    let by_address = credentials(storage, user.email.as_str()).await.unwrap().workspace;
    assert_eq!(by_name, by_address);
    let session = given::session(storage, sample::session(user)).await;
    let mut repositories = connect(storage).await;
    let rotated = repositories.sessions().rotate(&sample::rotation(&session)).await.unwrap();
    assert_eq!(rotated.unwrap().workspace, by_name);
    by_name
}

/// `Credentials::workspace`: the default organisation, if the user is a member, else the one joined
/// first, else none: the rule that `SessionRepository::rotate` falls back by.
pub async fn a_sign_in_falls_back_where_a_membership_has_ended(storage: &dyn Storage) {
    let bob = given::user(storage, sample::user("bob")).await;
    let default = given::joined(storage, "Default", &bob, Role::Owner, 0).await;
    let ann = User { default_org: Some(default.id), ..sample::user("ann") };
    let ann = given::user(storage, ann).await;
    let later = given::joined(storage, "Later", &ann, Role::Member, 20).await;
    let first = given::joined(storage, "First", &ann, Role::Admin, 10).await;
    let joined_at = after(30);
    let membership = Membership { joined_at, ..sample::membership(&default, &ann, Role::Owner) };
    assert!(connect(storage).await.memberships().insert(&membership).await.unwrap());

    let steps = [(default.id, Role::Owner), (first.id, Role::Admin), (later.id, Role::Member)];
    for workspace in steps {
        assert_eq!(signs_in_to(storage, &ann).await, Some(workspace));
        connect(storage).await.memberships().remove(workspace.0, ann.id).await.unwrap();
    }
    assert_eq!(signs_in_to(storage, &ann).await, None);
}

/// `Credentials::workspace`: the one joined first where there is no default; of those joined at the
/// same moment, it is the same each time.
pub async fn a_sign_in_without_a_default_opens_the_organisation_joined_first(
    storage: &dyn Storage,
) {
    let ann = given::user(storage, sample::user("ann")).await;
    for (name, seconds) in [("Last", 30), ("Second", 20), ("Third", 20), ("First", 10)] {
        let role = if name == "First" { Role::Owner } else { Role::Member };
        given::joined(storage, name, &ann, role, seconds).await;
    }
    let (first, role) = signs_in_to(storage, &ann).await.unwrap();
    assert_eq!(role, Role::Owner);
    connect(storage).await.memberships().remove(first, ann.id).await.unwrap();
    let second = signs_in_to(storage, &ann).await;
    assert!(second.is_some_and(|(_, role)| role == Role::Member));
    assert_eq!(signs_in_to(storage, &ann).await, second);
}

/// `Credentials::knows_network`: whether the account has been signed in to from there before.
pub async fn credentials_know_the_networks_of_earlier_sign_ins(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let from = |last| Network::of(Ipv6Addr::new(0x2001, 0xdb8, 1, last, 0, 0, 0, 1).into());
    let session =
        |user, network| doorward_domain::session::Session { network, ..sample::session(user) };
    given::session(storage, session(&ann, from(1))).await;
    given::session(storage, session(&bob, from(2))).await;
    let knows = async |network| {
        let name = LoginName::Username(ann.username.clone());
        let client = ClientEvidence { network: Some(network), ..sample::evidence() };
        let found = connect(storage).await.users().credentials(&name, &client).await;
        found.unwrap().unwrap().knows_network
    };
    assert!(knows(from(1)).await);
    assert!(!knows(from(2)).await);
    let reason = SessionEnd::PasswordReset;
    connect(storage).await.sessions().end_all(ann.id, None, reason, NOW).await.unwrap();
    assert!(!knows(from(1)).await, "a new password was needed");
}

/// `UserRepository::credentials`: of the last hundred good and bad sign-ins and new passwords of this account,
/// so many were bad sign-ins.
pub async fn credentials_know_how_many_sign_ins_have_failed(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let record = async |user: &User, kind| {
        let event = AuditEvent { kind, user_id: Some(user.id), ..sample::audit_event() };
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
    assert_eq!(failures().await, Credentials::FAILURES_CAP);
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

/// `UserRepository::set_disabled`: off and on again, and nobody else.
pub async fn an_account_is_switched_off_and_on(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    for disabled_at in [Some(NOW), None] {
        connect(storage).await.users().set_disabled(ann.id, disabled_at).await.unwrap();
        assert_eq!(given::stored_user(storage, &ann).await.disabled_at, disabled_at);
    }
    assert_eq!(given::stored_user(storage, &bob).await, bob);
}

/// `UserRepository::set_platform_admin`: whether that is a change, of this account and of nothing else.
pub async fn a_person_comes_to_run_the_server_and_no_more(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    for (is_platform_admin, second, changed) in
        [(false, 1, false), (true, 2, true), (true, 3, false), (false, 4, true)]
    {
        let mut repositories = connect(storage).await;
        let users = repositories.users();
        let now = after(second);
        let answer = users.set_platform_admin(ann.id, is_platform_admin, now).await.unwrap();
        assert_eq!(answer, changed);
        drop(repositories);
        assert_eq!(given::stored_user(storage, &ann).await.is_platform_admin, is_platform_admin);
    }
    let expected = User { updated_at: after(4), ..ann.clone() };
    assert_eq!(given::stored_user(storage, &ann).await, expected);
    assert_eq!(given::stored_user(storage, &bob).await, bob);
    let nobody = UserId::from_uuid(sample::id());
    assert!(!connect(storage).await.users().set_platform_admin(nobody, true, NOW).await.unwrap());
}
