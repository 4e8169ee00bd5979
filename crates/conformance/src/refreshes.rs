//! Clauses of `SessionRepository::rotate`: when a refresh advances a session, and in which organization it
//! continues.

use doorward_domain::{
    account::user::User,
    org::role::Role,
    ports::Storage,
    request_context::IpPrefix,
    session::{RefreshAttempt, RefreshedSession, Session, SessionEndReason},
};
use time::Duration;

use crate::{
    concurrency::at_once,
    fixtures::{self, connect},
    samples::{self, NOW, after},
};

async fn rotate(storage: &dyn Storage, rotation: &RefreshAttempt) -> Option<RefreshedSession> {
    connect(storage).await.sessions().rotate(rotation).await.unwrap()
}

/// Asserts that a refresh is rejected and leaves the session unchanged.
async fn refused(storage: &dyn Storage, session: &Session, rotation: RefreshAttempt) {
    let before = fixtures::session_context(storage, session).await;
    assert_eq!(rotate(storage, &rotation).await, None);
    assert_eq!(fixtures::session_context(storage, session).await, before);
}

async fn opened(storage: &dyn Storage, user: User) -> Session {
    let user = fixtures::user(storage, user).await;
    fixtures::session(storage, samples::session(&user)).await
}

/// Checks that a refresh increments the generation by one, and that the presented token is invalid from then
/// on.
pub async fn refresh_increments_the_generation_by_one(storage: &dyn Storage) {
    let session = opened(storage, samples::user("ann")).await;
    let rotation = samples::rotation(&session);
    let rotated = rotate(storage, &rotation).await.unwrap();
    let expected = RefreshedSession {
        generation: session.generation + 1,
        user_id: session.user_id,
        workspace: None,
        is_platform_admin: false,
        email_verified: false,
        network_changed: false,
    };
    assert_eq!(rotated, expected);
    let moved = Session {
        generation: rotated.generation,
        rotated_at: rotation.now,
        idle_expires_at: rotation.idle_expires_at,
        ..session
    };
    assert_eq!(fixtures::session_context(storage, &moved).await.session, moved);
    refused(storage, &moved, rotation).await;
    assert!(rotate(storage, &samples::rotation(&moved)).await.is_some());
}

/// Checks that a session stores the network and `User-Agent` of its latest refresh, and that a refresh
/// returns whether its network differs from the previous one. The network of the sign-in stays.
pub async fn refresh_records_its_network_and_user_agent(storage: &dyn Storage) {
    let mut session = opened(storage, samples::user("ann")).await;
    let elsewhere = IpPrefix::of([203, 0, 113, 9].into());
    for (network, user_agent, changed) in [
        (session.network, Some("Conformance/1.0 (ü)"), false),
        (elsewhere, Some("Conformance/1.0 (ü)"), true),
        (elsewhere, None, false),
        (session.network, Some("another"), true),
    ] {
        let user_agent = user_agent.map(str::to_owned);
        let mut rotation = RefreshAttempt {
            network,
            user_agent: user_agent.clone(),
            ..samples::rotation(&session)
        };
        rotation.now = session.rotated_at + Duration::SECOND;
        let rotated = rotate(storage, &rotation).await.unwrap();
        assert_eq!(rotated.network_changed, changed, "{network} {user_agent:?}");
        session = Session {
            generation: rotated.generation,
            rotated_at: rotation.now,
            idle_expires_at: rotation.idle_expires_at,
            last_network: network,
            last_user_agent: user_agent,
            ..session
        };
        assert_eq!(fixtures::session_context(storage, &session).await.session, session);
    }
}

/// Checks that only this session advances.
pub async fn refresh_does_not_advance_other_sessions(storage: &dyn Storage) {
    let session = opened(storage, samples::user("ann")).await;
    let user = fixtures::session_context(storage, &session).await.user;
    let other = fixtures::session(storage, samples::session(&user)).await;
    assert!(rotate(storage, &samples::rotation(&session)).await.is_some());
    assert_eq!(fixtures::session_context(storage, &other).await.session, other);
}

/// Checks that of many concurrent callers with the same generation exactly one gets the row.
pub async fn concurrent_refreshes_with_one_token_succeed_once(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let org = fixtures::joined(storage, "Acme", &ann, Role::Owner, 0).await;
    let session = Session { org_id: Some(org.id), ..samples::session(&ann) };
    let session = fixtures::session(storage, session).await;
    let rotation = samples::rotation(&session);
    let answers = at_once(32, async |_| rotate(storage, &rotation).await);
    let rows: Vec<_> = answers.into_iter().flatten().collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(fixtures::session_context(storage, &session).await.session.generation, 2);
}

/// Checks that a token that isn't consumed keeps its generation, that all callers get the row, and that an
/// older token is still rejected.
pub async fn reusable_token_refreshes_repeatedly(storage: &dyn Storage) {
    let session = opened(storage, samples::user("ann")).await;
    let kept = RefreshAttempt { rotate: false, ..samples::rotation(&session) };
    let answers = at_once(8, async |_| rotate(storage, &kept).await);
    assert!(
        answers.into_iter().all(|row| row.is_some_and(|row| row.generation == kept.generation))
    );
    let (rotated_at, idle_expires_at) = (kept.now, kept.idle_expires_at);
    let expected = Session { rotated_at, idle_expires_at, ..session.clone() };
    assert_eq!(fixtures::session_context(storage, &session).await.session, expected);
    rotate(storage, &samples::rotation(&session)).await.unwrap();
    refused(storage, &session, kept).await;
}

/// Checks that only the current generation is accepted, neither an earlier nor a later one.
pub async fn other_generation_is_rejected(storage: &dyn Storage) {
    let session = opened(storage, samples::user("ann")).await;
    rotate(storage, &samples::rotation(&session)).await.unwrap();
    for presented in [0, 1, 3, u32::MAX] {
        let rotation = RefreshAttempt { generation: presented, ..samples::rotation(&session) };
        refused(storage, &session, rotation).await;
    }
}

/// Checks that a refresh of an unknown session is rejected.
pub async fn unknown_session_is_rejected(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    assert_eq!(rotate(storage, &samples::rotation(&samples::session(&ann))).await, None);
}

/// Checks that the session has to be live: not ended, and neither idle nor alive for too long. It is no
/// longer live at the exact moment at which it expires.
pub async fn session_that_is_not_live_is_rejected(storage: &dyn Storage) {
    let now = NOW + Duration::HOUR;
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let idle = Session { idle_expires_at: now, ..samples::session(&ann) };
    let old = Session { expires_at: now, ..samples::session(&ann) };
    for session in [idle, old] {
        let session = fixtures::session(storage, session).await;
        refused(storage, &session, samples::rotation(&session)).await;
        let just_before = now - Duration::MICROSECOND;
        let rotation = RefreshAttempt { now: just_before, ..samples::rotation(&session) };
        assert!(rotate(storage, &rotation).await.is_some());
    }
    let ended = fixtures::session(storage, samples::session(&ann)).await;
    connect(storage)
        .await
        .sessions()
        .end(ended.user_id, ended.id, SessionEndReason::Revoked, NOW)
        .await
        .unwrap();
    refused(storage, &ended, samples::rotation(&ended)).await;
}

/// Checks that the user has to be active.
pub async fn disabled_user_is_rejected(storage: &dyn Storage) {
    let session = opened(storage, samples::user("ann")).await;
    connect(storage).await.users().set_disabled(session.user_id, Some(NOW)).await.unwrap();
    refused(storage, &session, samples::rotation(&session)).await;
    connect(storage).await.users().set_disabled(session.user_id, None).await.unwrap();
    assert!(rotate(storage, &samples::rotation(&session)).await.is_some());
}

/// Checks that the user has to be verified if the refresh requires it.
pub async fn unverified_user_is_rejected_on_request(storage: &dyn Storage) {
    let session = opened(storage, samples::user("ann")).await;
    let verified_only =
        RefreshAttempt { require_verified_email: true, ..samples::rotation(&session) };
    refused(storage, &session, verified_only).await;
    assert!(rotate(storage, &samples::rotation(&session)).await.is_some());

    let verified = User { verified_at: Some(NOW), ..samples::user("bob") };
    let session = opened(storage, verified).await;
    let verified_only =
        RefreshAttempt { require_verified_email: true, ..samples::rotation(&session) };
    assert!(rotate(storage, &verified_only).await.is_some());
}

/// Checks that the user has to be a member of the named organization.
pub async fn organization_of_others_is_rejected(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let bob = fixtures::user(storage, samples::user("bob")).await;
    let own = fixtures::joined(storage, "Own", &ann, Role::Owner, 0).await;
    let foreign = fixtures::joined(storage, "Foreign", &bob, Role::Owner, 0).await;
    let session = Session { org_id: Some(own.id), ..samples::session(&ann) };
    let session = fixtures::session(storage, session).await;
    let rotation = RefreshAttempt { org_id: Some(foreign.id), ..samples::rotation(&session) };
    refused(storage, &session, rotation).await;
}

/// Checks that the session continues in the named organization.
pub async fn refresh_continues_in_the_named_organization(storage: &dyn Storage) {
    let ann = fixtures::user(storage, samples::user("ann")).await;
    let before = fixtures::joined(storage, "Before", &ann, Role::Owner, 0).await;
    let named = fixtures::joined(storage, "Named", &ann, Role::Member, 1).await;
    let session = Session { org_id: Some(before.id), ..samples::session(&ann) };
    let session = fixtures::session(storage, session).await;
    let rotation = RefreshAttempt { org_id: Some(named.id), ..samples::rotation(&session) };
    let rotated = rotate(storage, &rotation).await.unwrap();
    assert_eq!(rotated.workspace, Some((named.id, Role::Member)));

    // It is the session's organization from then on.
    let rotation = RefreshAttempt { generation: rotated.generation, ..samples::rotation(&session) };
    let rotated = rotate(storage, &rotation).await.unwrap();
    assert_eq!(rotated.workspace, Some((named.id, Role::Member)));
}

/// Checks that without a named organization the session continues in its previous one if the user is still a
/// member, else in the default one, else in the one joined first, else in none.
pub async fn refresh_falls_back_if_a_membership_has_ended(storage: &dyn Storage) {
    let default = fixtures::org(storage, samples::org("Default")).await;
    let ann = User { default_org: Some(default.id), ..samples::user("ann") };
    let ann = fixtures::user(storage, ann).await;
    let before = fixtures::joined(storage, "Before", &ann, Role::Owner, 50).await;
    let later = fixtures::joined(storage, "Later", &ann, Role::Member, 20).await;
    let first = fixtures::joined(storage, "First", &ann, Role::Admin, 10).await;
    fixtures::member(storage, &default, &ann, Role::Member).await;
    let mut moved = samples::membership(&default, &ann, Role::Member);
    moved.joined_at = after(40);
    connect(storage).await.memberships().remove(default.id, ann.id).await.unwrap();
    connect(storage).await.memberships().insert(&moved).await.unwrap();
    let session = Session { org_id: Some(before.id), ..samples::session(&ann) };
    let session = fixtures::session(storage, session).await;

    let steps = [
        (Some((before.id, Role::Owner)), &before),
        (Some((default.id, Role::Member)), &default),
        (Some((first.id, Role::Admin)), &first),
        (Some((later.id, Role::Member)), &later),
    ];
    let mut rotation = samples::rotation(&session);
    for (workspace, leaves) in steps {
        let rotated = rotate(storage, &rotation).await.unwrap();
        assert_eq!(rotated.workspace, workspace);
        let session_context = fixtures::session_context(storage, &session).await;
        assert_eq!(session_context.session.org_id.zip(session_context.role), workspace);
        connect(storage).await.memberships().remove(leaves.id, ann.id).await.unwrap();
        rotation.generation = rotated.generation;
    }
    assert_eq!(rotate(storage, &rotation).await.unwrap().workspace, None);
    assert_eq!(fixtures::session_context(storage, &session).await.session.org_id, None);
}

/// Checks that the user's current role and platform-admin flag are returned.
pub async fn refresh_returns_the_current_roles(storage: &dyn Storage) {
    let ann = User { is_platform_admin: true, ..samples::user("ann") };
    let ann = fixtures::user(storage, ann).await;
    let org = fixtures::joined(storage, "Acme", &ann, Role::Owner, 0).await;
    let session = Session { org_id: Some(org.id), ..samples::session(&ann) };
    let session = fixtures::session(storage, session).await;
    connect(storage).await.memberships().set_role(org.id, ann.id, Role::Member).await.unwrap();
    let rotated = rotate(storage, &samples::rotation(&session)).await.unwrap();
    assert_eq!(rotated.workspace, Some((org.id, Role::Member)));
    assert!(rotated.is_platform_admin);
}

/// Checks that the current verification of the email address is returned.
pub async fn refresh_returns_whether_the_email_is_verified(storage: &dyn Storage) {
    for (name, verified_at) in [("ann", None), ("bob", Some(NOW))] {
        let session = opened(storage, User { verified_at, ..samples::user(name) }).await;
        let rotated = rotate(storage, &samples::rotation(&session)).await.unwrap();
        assert_eq!(rotated.email_verified, verified_at.is_some());
    }
}

/// Checks that a session that ends during concurrent refreshes stays ended, in whichever order they run.
pub async fn ended_session_stays_ended_during_concurrent_refreshes(storage: &dyn Storage) {
    let session = opened(storage, samples::user("ann")).await;
    let rotation = samples::rotation(&session);
    at_once(8, async |number| {
        if number == 0 {
            let mut repositories = connect(storage).await;
            let reason = SessionEndReason::Revoked;
            assert!(
                repositories
                    .sessions()
                    .end(session.user_id, session.id, reason, NOW)
                    .await
                    .unwrap()
            );
        } else {
            rotate(storage, &rotation).await;
        }
    });
    let stored = fixtures::session_context(storage, &session).await.session;
    refused(storage, &session, samples::rotation(&stored)).await;
}
