mod explained;
mod reused;

use doorward_application::{
    CommonError,
    access::denied::Forbidden,
    sessions::refresh::{RefreshCommand, RefreshError},
};
use doorward_domain::{
    OrgId,
    audit::AuditKind,
    mock::{MockAccessTokens, MockRepositories, MockStorage},
    org::role::Role,
    ports::StorageError,
    session::{RefreshAttempt, RefreshedSession, Session, SessionContext, SessionLifetimes},
    token::{PlainToken, TokenPair, TokenPurpose, TokenRef},
};
use mockall::predicate::eq;
use time::Duration;

use crate::support::{
    NOW, World, access_token, acme, ann_id, assert_fails, client, globex, keyless, opaque_token,
    refresh_token, session, session_context, session_id,
};

/// The refresh token of a generation of Ann's session, which is in its third.
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

fn rotation() -> RefreshAttempt {
    RefreshAttempt {
        session_id: session_id(),
        generation: 3,
        now: NOW,
        network: client().ip_prefix(),
        user_agent: client().user_agent,
        idle_expires_at: NOW + SessionLifetimes::default().idle,
        org_id: None,
        require_verified_email: false,
        rotate: true,
    }
}

/// Ann's session, just advanced to its fourth generation.
fn rotated() -> RefreshedSession {
    RefreshedSession {
        generation: 4,
        user_id: ann_id(),
        workspace: Some((acme(), Role::Admin)),
        is_platform_admin: false,
        email_verified: true,
        network_changed: false,
    }
}

fn expect_rotate(
    db: &mut MockRepositories,
    rotation: RefreshAttempt,
    outcome: Option<RefreshedSession>,
) {
    db.sessions.expect_rotate().with(eq(rotation)).once().return_once(move |_| Ok(outcome));
}

/// Storage in which the session advances.
fn moving(rotation: RefreshAttempt) -> MockStorage {
    MockStorage::default().on_connect(|db| expect_rotate(db, rotation, Some(rotated())))
}

/// Storage in which the session doesn't advance, and is read to find out why.
fn staying(rotation: RefreshAttempt, session_context: Option<SessionContext>) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        let org_id = rotation.org_id;
        expect_rotate(db, rotation, None);
        db.sessions
            .expect_find_with_user()
            .with(eq(session_id()), eq(org_id))
            .once()
            .return_once(|_, _| Ok(session_context));
    })
}

/// Ann's session, which another tab advanced to its third generation this long ago.
fn moved(ago: Duration) -> SessionContext {
    let session = Session { rotated_at: NOW - ago, ..session() };
    SessionContext { session, ..session_context() }
}

async fn refresh(
    storage: &MockStorage,
    command: RefreshCommand,
) -> Result<TokenPair, RefreshError> {
    World::new(storage).application().sessions.refresh.run(command).await
}

#[tokio::test]
async fn current_refresh_token_gets_the_tokens_of_the_next_generation() {
    let pair = refresh(&moving(rotation()), command(3)).await.unwrap();
    let workspace = Some((acme(), Role::Admin));
    assert_eq!(pair.refresh.expose(), refresh_token(session_id(), 4));
    assert_eq!(pair.access.token.expose(), access_token(ann_id(), session_id(), workspace));
}

/// Storage in which the session advances from another network, with this outcome of recording it.
fn moving_networks(recorded: Result<(), StorageError>) -> MockStorage {
    MockStorage::default().on_connect(|db| {
        expect_rotate(
            db,
            rotation(),
            Some(RefreshedSession { network_changed: true, ..rotated() }),
        );
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
async fn refresh_from_another_network_is_recorded() {
    assert!(refresh(&moving_networks(Ok(())), command(3)).await.is_ok());
}

#[tokio::test]
async fn refresh_succeeds_although_its_event_cannot_be_recorded() {
    let storage = moving_networks(Err(StorageError::Unavailable("gone".into())));
    let pair = refresh(&storage, command(3)).await.unwrap();
    assert_eq!(pair.refresh.expose(), refresh_token(session_id(), 4));
}

#[tokio::test]
async fn access_token_claims_whether_the_email_address_is_verified() {
    for email_verified in [true, false] {
        let storage = MockStorage::default().on_connect(|db| {
            expect_rotate(db, rotation(), Some(RefreshedSession { email_verified, ..rotated() }));
        });
        let mut signer = MockAccessTokens::new();
        signer
            .expect_sign()
            .withf(move |claims| claims.email_verified == email_verified)
            .once()
            .returning(|_| Ok(PlainToken::new("signed".into())));
        let world = World { access_tokens: signer, ..World::new(&storage) };
        assert!(world.application().sessions.refresh.run(command(3)).await.is_ok());
    }
}

#[tokio::test]
async fn user_who_left_all_organizations_refreshes_without_a_role() {
    let storage = MockStorage::default().on_connect(|db| {
        expect_rotate(db, rotation(), Some(RefreshedSession { workspace: None, ..rotated() }));
    });
    let pair = refresh(&storage, command(3)).await.unwrap();
    assert_eq!(pair.access.token.expose(), access_token(ann_id(), session_id(), None));
}

#[tokio::test]
async fn platform_admin_token_has_the_admin_role_as_well() {
    let storage = MockStorage::default().on_connect(|db| {
        expect_rotate(
            db,
            rotation(),
            Some(RefreshedSession { is_platform_admin: true, ..rotated() }),
        );
    });
    let pair = refresh(&storage, command(3)).await.unwrap();
    assert!(pair.access.token.expose().ends_with(r#"["admin", "platform_admin"]"#));
}

#[tokio::test]
async fn requested_organization_is_passed_to_the_statement() {
    let storage = moving(RefreshAttempt { org_id: Some(globex()), ..rotation() });
    assert!(refresh(&storage, command_in(globex(), 3)).await.is_ok());
}

#[tokio::test]
async fn required_verification_is_passed_to_the_statement() {
    let storage = moving(RefreshAttempt { require_verified_email: true, ..rotation() });
    let app = World::new(&storage).verified_only().application();
    assert!(app.sessions.refresh.run(command(3)).await.is_ok());
}

#[tokio::test]
async fn malformed_organization_id_is_rejected_as_an_unknown_one() {
    let nowhere = RefreshAttempt { org_id: Some(OrgId::NONE), ..rotation() };
    let storage = staying(nowhere, Some(SessionContext { role: None, ..session_context() }));
    let command = RefreshCommand { org_id: Some("globex".into()), ..command(3) };
    let outcome = refresh(&storage, command).await;
    assert_fails!(outcome, RefreshError::Forbidden(Forbidden::ORG_ACCESS));
}

#[tokio::test]
async fn forged_refresh_token_costs_no_query_and_ends_no_session() {
    let row = TokenRef { id: session().id.as_uuid(), counter: 3 };
    let of_another_purpose = opaque_token(TokenPurpose::Invite, row);
    for token in ["forged".to_owned(), String::new(), of_another_purpose] {
        let outcome =
            refresh(&MockStorage::default(), RefreshCommand { token, ..command(3) }).await;
        assert_fails!(outcome, RefreshError::Invalid);
    }
}

#[tokio::test]
async fn missing_signing_key_is_reported_as_a_failure() {
    let world = World { access_tokens: keyless(), ..World::new(&moving(rotation())) };
    let outcome = world.application().sessions.refresh.run(command(3)).await;
    assert_fails!(outcome, RefreshError::Failure(CommonError::Signing(_)));
}

#[tokio::test]
async fn unavailable_storage_is_reported_as_a_failure() {
    let outcome = refresh(&MockStorage::default(), command(3)).await;
    assert_fails!(outcome, RefreshError::Failure(CommonError::Storage(_)));
}

/// The browser token of a generation of Ann's session.
fn browser_token(generation: u32) -> String {
    let reference = TokenRef { id: session_id().as_uuid(), counter: generation };
    opaque_token(TokenPurpose::Browser, reference)
}

#[tokio::test]
async fn browser_token_stays_valid_after_use() {
    let rotation = RefreshAttempt { rotate: false, ..rotation() };
    let stayed = RefreshedSession { generation: 3, ..rotated() };
    let storage =
        MockStorage::default().on_connect(move |db| expect_rotate(db, rotation, Some(stayed)));
    let app = World::new(&storage).application();
    let access = app.sessions.refresh.resume(&browser_token(3), &client()).await.unwrap();
    assert_eq!(access.expires_in, Duration::minutes(15));
}

#[tokio::test]
async fn browser_tokens_and_refresh_tokens_are_not_interchangeable() {
    let app = World::without_storage().application();
    let outcome = app.sessions.refresh.resume(&refresh_token(session_id(), 3), &client()).await;
    assert!(matches!(outcome, Err(RefreshError::Invalid)));
    let command = RefreshCommand { token: browser_token(3), ..command(3) };
    assert!(matches!(app.sessions.refresh.run(command).await, Err(RefreshError::Invalid)));
}

#[tokio::test]
async fn browser_token_is_derived_from_the_refresh_token_of_its_session() {
    let app = World::without_storage().application();
    let refresh = PlainToken::new(refresh_token(session_id(), 3));
    let kept = app.sessions.refresh.for_browser(&refresh).unwrap();
    assert_eq!(kept.expose(), browser_token(3));
    let forged = app.sessions.refresh.for_browser(&PlainToken::new("forged".into()));
    assert!(matches!(forged, Err(RefreshError::Invalid)));
}
