//! `SessionRepository::rotate`: when a refresh moves a session on, and where to.

use doorward_domain::{
    client::Network,
    ports::Storage,
    role::Role,
    session::{Rotated, Rotation, Session, SessionEnd},
    user::User,
};
use time::Duration;

use crate::{
    concurrency::at_once,
    given::{self, connect},
    sample::{self, NOW, after},
};

async fn rotate(storage: &dyn Storage, rotation: &Rotation) -> Option<Rotated> {
    connect(storage).await.sessions().rotate(rotation).await.unwrap()
}

/// A rotation is refused, and the session is left as it was.
async fn refused(storage: &dyn Storage, session: &Session, rotation: Rotation) {
    let before = given::standing(storage, session).await;
    assert_eq!(rotate(storage, &rotation).await, None);
    assert_eq!(given::standing(storage, session).await, before);
}

async fn opened(storage: &dyn Storage, user: User) -> Session {
    let user = given::user(storage, user).await;
    given::session(storage, sample::session(&user)).await
}

/// It moves on by one generation, and what the client presented is worth nothing from then on.
pub async fn a_refresh_moves_the_session_on_by_one(storage: &dyn Storage) {
    let session = opened(storage, sample::user("ann")).await;
    let rotation = sample::rotation(&session);
    let rotated = rotate(storage, &rotation).await.unwrap();
    let expected = Rotated {
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
    assert_eq!(given::standing(storage, &moved).await.session, moved);
    refused(storage, &moved, rotation).await;
    assert!(rotate(storage, &sample::rotation(&moved)).await.is_some());
}

/// `Rotation::network`, `Rotated::network_changed`: the session keeps where its latest refresh came from, and a refresh
/// says whether it came from another network than the one before it. Where the user signed in from stays.
pub async fn refresh_records_where_it_came_from(storage: &dyn Storage) {
    let mut session = opened(storage, sample::user("ann")).await;
    let elsewhere = Network::of([203, 0, 113, 9].into());
    for (network, user_agent, changed) in [
        (session.network, Some("Conformance/1.0 (ü)"), false),
        (elsewhere, Some("Conformance/1.0 (ü)"), true),
        (elsewhere, None, false),
        (session.network, Some("another"), true),
    ] {
        let user_agent = user_agent.map(str::to_owned);
        let mut rotation =
            Rotation { network, user_agent: user_agent.clone(), ..sample::rotation(&session) };
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
        assert_eq!(given::standing(storage, &session).await.session, session);
    }
}

/// Only this session moves on.
pub async fn a_refresh_moves_no_other_session(storage: &dyn Storage) {
    let session = opened(storage, sample::user("ann")).await;
    let user = given::standing(storage, &session).await.user;
    let other = given::session(storage, sample::session(&user)).await;
    assert!(rotate(storage, &sample::rotation(&session)).await.is_some());
    assert_eq!(given::standing(storage, &other).await.session, other);
}

/// Of many callers with the same generation exactly one MUST get the row.
pub async fn of_many_refreshes_with_one_token_one_happens(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let org = given::joined(storage, "Acme", &ann, Role::Owner, 0).await;
    let session = Session { org_id: Some(org.id), ..sample::session(&ann) };
    let session = given::session(storage, session).await;
    let rotation = sample::rotation(&session);
    let answers = at_once(32, async |_| rotate(storage, &rotation).await);
    let rows: Vec<_> = answers.into_iter().flatten().collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(given::standing(storage, &session).await.session.generation, 2);
}

/// Where the token is not used up, the generation MUST stay, and all callers get the row; an older one will do
/// as little as ever.
pub async fn a_token_that_is_kept_goes_on_and_on(storage: &dyn Storage) {
    let session = opened(storage, sample::user("ann")).await;
    let kept = Rotation { single_use: false, ..sample::rotation(&session) };
    let answers = at_once(8, async |_| rotate(storage, &kept).await);
    assert!(answers.into_iter().all(|row| row.is_some_and(|row| row.generation == kept.presented)));
    let (rotated_at, idle_expires_at) = (kept.now, kept.idle_expires_at);
    let expected = Session { rotated_at, idle_expires_at, ..session.clone() };
    assert_eq!(given::standing(storage, &session).await.session, expected);
    rotate(storage, &sample::rotation(&session)).await.unwrap();
    refused(storage, &session, kept).await;
}

/// The presented generation has to be the current one: neither an older nor a later one will do.
pub async fn another_generation_is_refused(storage: &dyn Storage) {
    let session = opened(storage, sample::user("ann")).await;
    rotate(storage, &sample::rotation(&session)).await.unwrap();
    for presented in [0, 1, 3, u32::MAX] {
        let rotation = Rotation { presented, ..sample::rotation(&session) };
        refused(storage, &session, rotation).await;
    }
}

/// There is nothing to move on.
pub async fn an_unknown_session_is_refused(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    assert_eq!(rotate(storage, &sample::rotation(&sample::session(&ann))).await, None);
}

/// The session has to be live: not ended, and neither idle nor alive for too long. It is over at
/// the very moment at which it expires.
pub async fn a_session_that_is_not_live_is_refused(storage: &dyn Storage) {
    let now = NOW + Duration::HOUR;
    let ann = given::user(storage, sample::user("ann")).await;
    let idle = Session { idle_expires_at: now, ..sample::session(&ann) };
    let old = Session { expires_at: now, ..sample::session(&ann) };
    for session in [idle, old] {
        let session = given::session(storage, session).await;
        refused(storage, &session, sample::rotation(&session)).await;
        let just_before = now - Duration::MICROSECOND;
        let rotation = Rotation { now: just_before, ..sample::rotation(&session) };
        assert!(rotate(storage, &rotation).await.is_some());
    }
    let ended = given::session(storage, sample::session(&ann)).await;
    connect(storage)
        .await
        .sessions()
        .end(ended.user_id, ended.id, SessionEnd::Revoked, NOW)
        .await
        .unwrap();
    refused(storage, &ended, sample::rotation(&ended)).await;
}

/// The user has to be active.
pub async fn a_disabled_user_is_refused(storage: &dyn Storage) {
    let session = opened(storage, sample::user("ann")).await;
    connect(storage).await.users().set_disabled(session.user_id, Some(NOW)).await.unwrap();
    refused(storage, &session, sample::rotation(&session)).await;
    connect(storage).await.users().set_disabled(session.user_id, None).await.unwrap();
    assert!(rotate(storage, &sample::rotation(&session)).await.is_some());
}

/// The user has to be verified, if that is asked for.
pub async fn an_unverified_user_is_refused_if_that_is_asked_for(storage: &dyn Storage) {
    let session = opened(storage, sample::user("ann")).await;
    let verified_only = Rotation { verified_only: true, ..sample::rotation(&session) };
    refused(storage, &session, verified_only).await;
    assert!(rotate(storage, &sample::rotation(&session)).await.is_some());

    let verified = User { verified_at: Some(NOW), ..sample::user("bob") };
    let session = opened(storage, verified).await;
    let verified_only = Rotation { verified_only: true, ..sample::rotation(&session) };
    assert!(rotate(storage, &verified_only).await.is_some());
}

/// Where an organisation is named, the user has to be a member of it.
pub async fn an_organisation_of_others_is_refused(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let bob = given::user(storage, sample::user("bob")).await;
    let own = given::joined(storage, "Own", &ann, Role::Owner, 0).await;
    let foreign = given::joined(storage, "Foreign", &bob, Role::Owner, 0).await;
    let session = Session { org_id: Some(own.id), ..sample::session(&ann) };
    let session = given::session(storage, session).await;
    let rotation = Rotation { org_id: Some(foreign.id), ..sample::rotation(&session) };
    refused(storage, &session, rotation).await;
}

/// The session continues in the organisation that is named.
pub async fn a_refresh_continues_in_the_named_organisation(storage: &dyn Storage) {
    let ann = given::user(storage, sample::user("ann")).await;
    let before = given::joined(storage, "Before", &ann, Role::Owner, 0).await;
    let named = given::joined(storage, "Named", &ann, Role::Member, 1).await;
    let session = Session { org_id: Some(before.id), ..sample::session(&ann) };
    let session = given::session(storage, session).await;
    let rotation = Rotation { org_id: Some(named.id), ..sample::rotation(&session) };
    let rotated = rotate(storage, &rotation).await.unwrap();
    assert_eq!(rotated.workspace, Some((named.id, Role::Member)));

    // It is the organisation before from then on.
    let rotation = Rotation { presented: rotated.generation, ..sample::rotation(&session) };
    let rotated = rotate(storage, &rotation).await.unwrap();
    assert_eq!(rotated.workspace, Some((named.id, Role::Member)));
}

/// Where none is named, the session MUST continue in the organisation before, if the user is still
/// a member, else in the default one, else in the one joined first, else in none.
pub async fn a_refresh_falls_back_where_a_membership_has_ended(storage: &dyn Storage) {
    let default = given::org(storage, sample::org("Default")).await;
    let ann = User { default_org: Some(default.id), ..sample::user("ann") };
    let ann = given::user(storage, ann).await;
    let before = given::joined(storage, "Before", &ann, Role::Owner, 50).await;
    let later = given::joined(storage, "Later", &ann, Role::Member, 20).await;
    let first = given::joined(storage, "First", &ann, Role::Admin, 10).await;
    given::member(storage, &default, &ann, Role::Member).await;
    let mut moved = sample::membership(&default, &ann, Role::Member);
    moved.joined_at = after(40);
    connect(storage).await.memberships().remove(default.id, ann.id).await.unwrap();
    connect(storage).await.memberships().insert(&moved).await.unwrap();
    let session = Session { org_id: Some(before.id), ..sample::session(&ann) };
    let session = given::session(storage, session).await;

    let steps = [
        (Some((before.id, Role::Owner)), &before),
        (Some((default.id, Role::Member)), &default),
        (Some((first.id, Role::Admin)), &first),
        (Some((later.id, Role::Member)), &later),
    ];
    let mut rotation = sample::rotation(&session);
    for (workspace, leaves) in steps {
        let rotated = rotate(storage, &rotation).await.unwrap();
        assert_eq!(rotated.workspace, workspace);
        let standing = given::standing(storage, &session).await;
        assert_eq!(standing.session.org_id.zip(standing.role), workspace);
        connect(storage).await.memberships().remove(leaves.id, ann.id).await.unwrap();
        rotation.presented = rotated.generation;
    }
    assert_eq!(rotate(storage, &rotation).await.unwrap().workspace, None);
    assert_eq!(given::standing(storage, &session).await.session.org_id, None);
}

/// `Rotated`: the role is the one that the user has now, and so is what they are to the platform.
pub async fn a_refresh_tells_the_roles_of_now(storage: &dyn Storage) {
    let ann = User { is_platform_admin: true, ..sample::user("ann") };
    let ann = given::user(storage, ann).await;
    let org = given::joined(storage, "Acme", &ann, Role::Owner, 0).await;
    let session = Session { org_id: Some(org.id), ..sample::session(&ann) };
    let session = given::session(storage, session).await;
    connect(storage).await.memberships().set_role(org.id, ann.id, Role::Member).await.unwrap();
    let rotated = rotate(storage, &sample::rotation(&session)).await.unwrap();
    assert_eq!(rotated.workspace, Some((org.id, Role::Member)));
    assert!(rotated.is_platform_admin);
}

/// `Rotated::email_verified`: whether the address is verified now.
pub async fn refresh_says_whether_the_address_is_verified(storage: &dyn Storage) {
    for (name, verified_at) in [("ann", None), ("bob", Some(NOW))] {
        let session = opened(storage, User { verified_at, ..sample::user(name) }).await;
        let rotated = rotate(storage, &sample::rotation(&session)).await.unwrap();
        assert_eq!(rotated.email_verified, verified_at.is_some());
    }
}

/// An end at the same moment as refreshes holds, whichever of them come first.
pub async fn an_end_holds_against_refreshes_at_the_same_moment(storage: &dyn Storage) {
    let session = opened(storage, sample::user("ann")).await;
    let rotation = sample::rotation(&session);
    at_once(8, async |number| {
        if number == 0 {
            let mut repositories = connect(storage).await;
            let reason = SessionEnd::Revoked;
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
    let stored = given::standing(storage, &session).await.session;
    refused(storage, &session, sample::rotation(&stored)).await;
}
