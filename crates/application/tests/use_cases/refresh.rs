mod explained;
mod reused;

use doorward_application::{
    Failure,
    authorize::Forbidden,
    refresh::{RefreshCommand, RefreshError},
};
use doorward_domain::{
    OrgId,
    audit::AuditKind,
    mock::{MockAccessTokens, MockRepositories, MockStorage},
    ports::StorageError,
    role::Role,
    session::{Rotated, Rotation, Session, SessionLifetimes, Standing},
    token::{PlainToken, TokenPair, TokenPurpose, TokenRef},
};
use mockall::predicate::eq;
use time::Duration;

use crate::support::{
    NOW, World, access_token, acme, ann_id, assert_fails, client, globex, keyless, opaque_token,
    refresh_token, session, session_id, standing,
};

/// The token of a generation of Ann's session, which is in its third.
fn command(generation: u32) -> RefreshCommand {
    RefreshCommand {
        token: refresh_token(session_id(), generation),
        org_id: None,
        client: client(),
    }
}

fn command_in(org_id: OrgId, generation: u32) -> RefreshCommand {
    RefreshCommand { org_id: Some(org_id.to_string()), ..command(generation) }
}

fn rotation() -> Rotation {
    Rotation {
        session_id: session_id(),
        presented: 3,
        now: NOW,
        network: client().network(),
        user_agent: client().user_agent,
        idle_expires_at: NOW + SessionLifetimes::default().idle,
        org_id: None,
        verified_only: false,
        single_use: true,
    }
}

/// Ann's session, just moved on to its fourth generation.
fn rotated() -> Rotated {
    Rotated {
        generation: 4,
        user_id: ann_id(),
        workspace: Some((acme(), Role::Admin)),
        is_platform_admin: false,
        email_verified: true,
        network_changed: false,
    }
}

fn expect_rotate(db: &mut MockRepositories, rotation: Rotation, outcome: Option<Rotated>) {
    db.sessions.expect_rotate().with(eq(rotation)).once().return_once(move |_| Ok(outcome));
}

/// The session moves on.
fn moving(rotation: Rotation) -> MockStorage {
    MockStorage::default().on_connect(|db| expect_rotate(db, rotation, Some(rotated())))
}

/// The session does not move on, and is looked at to find out why.
fn staying(rotation: Rotation, standing: Option<Standing>) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        let org_id = rotation.org_id;
        expect_rotate(db, rotation, None);
        db.sessions
            .expect_standing()
            .with(eq(session_id()), eq(org_id))
            .once()
            .return_once(|_, _| Ok(standing));
    })
}

/// Another tab moved the session on to its third generation this long ago.
fn moved(ago: Duration) -> Standing {
    let session = Session { rotated_at: NOW - ago, ..session() };
    Standing { session, ..standing() }
}

async fn refresh(
    storage: &MockStorage,
    command: RefreshCommand,
) -> Result<TokenPair, RefreshError> {
    World::new(storage).application().refresh.run(command).await
}

#[tokio::test]
async fn the_current_token_gets_the_pair_of_the_next_generation() {
    let pair = refresh(&moving(rotation()), command(3)).await.unwrap();
    let workspace = Some((acme(), Role::Admin));
    assert_eq!(pair.refresh.expose(), refresh_token(session_id(), 4));
    assert_eq!(pair.access.token.expose(), access_token(ann_id(), session_id(), workspace));
}

/// The session moves on from another network, and storage records that or does not.
fn moving_networks(recorded: Result<(), StorageError>) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        expect_rotate(db, rotation(), Some(Rotated { network_changed: true, ..rotated() }));
        db.audit
            .expect_record()
            .withf(|event| {
                event.kind == AuditKind::SessionNetworkChanged
                    && event.user_id == Some(ann_id())
                    && (event.org_id, event.session_id) == (Some(acme()), Some(session_id()))
                    && event.client == client()
            })
            .once()
            .return_once(|_| recorded);
    })
}

#[tokio::test]
async fn change_of_the_network_is_recorded() {
    assert!(refresh(&moving_networks(Ok(())), command(3)).await.is_ok());
}

#[tokio::test]
async fn session_that_moved_on_continues_although_the_event_was_not_recorded() {
    let storage = moving_networks(Err(StorageError::Unavailable("gone".into())));
    let pair = refresh(&storage, command(3)).await.unwrap();
    assert_eq!(pair.refresh.expose(), refresh_token(session_id(), 4));
}

#[tokio::test]
async fn claim_says_whether_the_address_is_verified() {
    for email_verified in [true, false] {
        let storage = MockStorage::default().on_connect(|db| {
            expect_rotate(db, rotation(), Some(Rotated { email_verified, ..rotated() }));
        });
        let mut signer = MockAccessTokens::new();
        signer
            .expect_sign()
            .withf(move |claims| claims.email_verified == email_verified)
            .once()
            .returning(|_| Ok(PlainToken::new("signed".into())));
        let world = World { access_tokens: signer, ..World::new(&storage) };
        assert!(world.application().refresh.run(command(3)).await.is_ok());
    }
}

#[tokio::test]
async fn who_belongs_nowhere_any_more_continues_without_a_role() {
    let storage = MockStorage::default().on_connect(|db| {
        expect_rotate(db, rotation(), Some(Rotated { workspace: None, ..rotated() }));
    });
    let pair = refresh(&storage, command(3)).await.unwrap();
    assert_eq!(pair.access.token.expose(), access_token(ann_id(), session_id(), None));
}

#[tokio::test]
async fn a_platform_admin_has_that_role_as_well() {
    let storage = MockStorage::default().on_connect(|db| {
        expect_rotate(db, rotation(), Some(Rotated { is_platform_admin: true, ..rotated() }));
    });
    let pair = refresh(&storage, command(3)).await.unwrap();
    assert!(pair.access.token.expose().ends_with(r#"["admin", "platform_admin"]"#));
}

#[tokio::test]
async fn an_organisation_that_is_named_is_asked_for() {
    let storage = moving(Rotation { org_id: Some(globex()), ..rotation() });
    assert!(refresh(&storage, command_in(globex(), 3)).await.is_ok());
}

#[tokio::test]
async fn the_setting_that_asks_for_a_verified_address_reaches_the_statement() {
    let storage = moving(Rotation { verified_only: true, ..rotation() });
    let app = World::new(&storage).verified_only().application();
    assert!(app.refresh.run(command(3)).await.is_ok());
}

#[tokio::test]
async fn a_malformed_organisation_is_refused_as_an_unknown_one_is() {
    let nowhere = Rotation { org_id: Some(OrgId::NONE), ..rotation() };
    let storage = staying(nowhere, Some(Standing { role: None, ..standing() }));
    let command = RefreshCommand { org_id: Some("globex".into()), ..command(3) };
    let outcome = refresh(&storage, command).await;
    assert_fails!(outcome, RefreshError::Forbidden(Forbidden::ORG_ACCESS));
}

#[tokio::test]
async fn a_forged_token_costs_no_query_and_ends_no_session() {
    let row = TokenRef { row: session().id.as_uuid(), counter: 3 };
    let of_another_purpose = opaque_token(TokenPurpose::Invite, row);
    for token in ["forged".to_owned(), String::new(), of_another_purpose] {
        let outcome =
            refresh(&MockStorage::default(), RefreshCommand { token, ..command(3) }).await;
        assert_fails!(outcome, RefreshError::Invalid);
    }
}

#[tokio::test]
async fn a_signer_without_a_key_is_a_failure() {
    let world = World { access_tokens: keyless(), ..World::new(&moving(rotation())) };
    let outcome = world.application().refresh.run(command(3)).await;
    assert_fails!(outcome, RefreshError::Failure(Failure::Signing(_)));
}

#[tokio::test]
async fn nothing_is_judged_while_storage_is_away() {
    let outcome = refresh(&MockStorage::default(), command(3)).await;
    assert_fails!(outcome, RefreshError::Failure(Failure::Storage(_)));
}

/// The token that a browser keeps of a generation of Ann's session.
fn browser_token(generation: u32) -> String {
    let reference = TokenRef { row: session_id().as_uuid(), counter: generation };
    opaque_token(TokenPurpose::Browser, reference)
}

#[tokio::test]
async fn a_browser_goes_on_with_the_token_that_it_has() {
    let rotation = Rotation { single_use: false, ..rotation() };
    let stayed = Rotated { generation: 3, ..rotated() };
    let storage =
        MockStorage::default().on_connect(move |db| expect_rotate(db, rotation, Some(stayed)));
    let app = World::new(&storage).application();
    let access = app.refresh.resume(&browser_token(3), &client()).await.unwrap();
    assert_eq!(access.expires_in, Duration::minutes(15));
}

#[tokio::test]
async fn a_browser_s_token_and_a_refresh_token_are_not_taken_for_each_other() {
    let app = World::without_storage().application();
    let outcome = app.refresh.resume(&refresh_token(session_id(), 3), &client()).await;
    assert!(matches!(outcome, Err(RefreshError::Invalid)));
    let command = RefreshCommand { token: browser_token(3), ..command(3) };
    assert!(matches!(app.refresh.run(command).await, Err(RefreshError::Invalid)));
}

#[tokio::test]
async fn a_browser_s_token_is_made_of_the_refresh_token_of_its_session() {
    let app = World::without_storage().application();
    let refresh = PlainToken::new(refresh_token(session_id(), 3));
    let kept = app.refresh.for_browser(&refresh).unwrap();
    assert_eq!(kept.expose(), browser_token(3));
    let forged = app.refresh.for_browser(&PlainToken::new("forged".into()));
    assert!(matches!(forged, Err(RefreshError::Invalid)));
}
