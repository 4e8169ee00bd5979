mod counting;
mod rehash;
mod suspicious;

use doorward_application::{
    CommonError,
    access::denied::Forbidden,
    sign_in::{
        complete::SignedIn,
        password::{LoginCommand, LoginError},
    },
};
use doorward_domain::{
    UserId,
    account::user::{ClientEvidence, LoginCandidate, LoginIdentifier, User},
    audit::AuditKind,
    credential::password::Password,
    mock::{MockAccessTokens, MockPasswordHasher, MockRateLimiter, MockRepositories, MockStorage},
    org::role::Role,
    ports::{HashError, Priority, Verification},
    session::{Session, SessionLifetimes, SessionState},
    token::{PlainToken, TokenRef},
};
use mockall::predicate::eq;
use time::Duration;

use crate::support::{
    NOW, PASSWORD_VERSION, World, access_token, acme, ann, ann_id, assert_fails, client, comparing,
    disabled, expect_limit_of_sessions, keyless, open_refresh_token, refresh_token,
    stored_password, unverified,
};

const PASSWORD: &str = "correct horse battery";

fn command(name: &str) -> LoginCommand {
    LoginCommand {
        name: name.to_owned(),
        password: Password::new(PASSWORD),
        device_token: None,
        client: client(),
        over_limit: None,
    }
}

fn credentials() -> LoginCandidate {
    LoginCandidate {
        user: ann(),
        password: Some(stored_password("a hash")),
        workspace: Some((acme(), Role::Admin)),
        is_known_ip_prefix: false,
        is_known_device: false,
        recent_failures: 0,
    }
}

/// Storage with a connection that looks up the account of a name.
fn finding(name: &str, found: Option<LoginCandidate>) -> MockStorage {
    finding_from(None, name, found)
}

/// As [`finding`], for a client with this device token.
fn finding_from(
    device: Option<TokenRef>,
    name: &str,
    found: Option<LoginCandidate>,
) -> MockStorage {
    let evidence = ClientEvidence { network: Some(client().ip_prefix()), device, now: NOW };
    MockStorage::default().on_connect(|db| expect_credentials(db, name, evidence, found))
}

/// Adds a connection that looks up the account again, before the response reveals that the password is correct.
fn then_finding(storage: MockStorage, found: Option<LoginCandidate>) -> MockStorage {
    let evidence = ClientEvidence { network: Some(client().ip_prefix()), device: None, now: NOW };
    storage.on_connect(|db| expect_credentials(db, ann().username.as_str(), evidence, found))
}

fn expect_credentials(
    db: &mut MockRepositories,
    name: &str,
    evidence: ClientEvidence,
    found: Option<LoginCandidate>,
) {
    db.users
        .expect_login_candidate()
        .with(eq(LoginIdentifier::parse(name).unwrap()), eq(evidence))
        .once()
        .return_once(|_, _| Ok(found));
}

/// Adds a unit of work that opens Ann's session, given that her password is still the verified one.
fn opening(storage: MockStorage) -> MockStorage {
    opening_if(storage, true)
}

/// Adds a unit of work that opens Ann's session or not, given the verified password.
fn opening_if(storage: MockStorage, opens: bool) -> MockStorage {
    let storage = storage.on_begin(move |db| {
        db.sessions
            .expect_open_by_password()
            .withf(|_, verified| verified.version == PASSWORD_VERSION)
            .once()
            .returning(move |_, _| Ok(opens));
        if opens {
            expect_limit_of_sessions(db);
            expect_entry(db, AuditKind::LoggedIn, Some(ann_id()));
        }
    });
    if opens { storage } else { refusing(storage, Some(ann_id())) }
}

/// Adds a connection that records a failed sign-in, for this account, if any.
fn refusing(storage: MockStorage, user_id: Option<UserId>) -> MockStorage {
    storage.on_connect(move |db| expect_entry(db, AuditKind::LoginFailed, user_id))
}

fn expect_entry(db: &mut MockRepositories, kind: AuditKind, user_id: Option<UserId>) {
    db.audit
        .expect_record()
        .withf(move |event| {
            (event.kind, event.at, event.user_id) == (kind, NOW, user_id)
                && event.client == client()
        })
        .once()
        .returning(|_| Ok(()));
}

/// A limiter that allows everything and counts nothing.
fn generous() -> MockRateLimiter {
    let mut limiter = MockRateLimiter::new();
    limiter.expect_take_any().returning(|groups| Ok(groups.concat()));
    limiter.expect_release_all().return_const(());
    limiter
}

/// A world in which the password is compared with Ann's hash.
fn world(storage: &MockStorage, outcome: Verification) -> World {
    World {
        hasher: comparing(PASSWORD, Some("a hash"), Ok(outcome)),
        limiter: generous(),
        ..World::new(storage)
    }
}

async fn login(world: World, name: &str) -> Result<SignedIn, LoginError> {
    world.application().sign_in.password.run(command(name)).await
}

/// Signs Ann in with the correct password.
async fn admit(found: LoginCandidate) -> Result<SignedIn, LoginError> {
    let storage = opening(finding("ann.lee", Some(found)));
    login(world(&storage, Verification::Match), "ann.lee").await
}

/// Asserts the common rejection, after one comparison with this hash, or with a decoy.
async fn assert_rejected(
    found: Option<LoginCandidate>,
    name: &'static str,
    against: Option<&'static str>,
) {
    let user_id = found.as_ref().map(|found| found.user.id);
    let storage = match LoginIdentifier::parse(name) {
        Ok(_) => finding(name, found),
        Err(_) => MockStorage::default(),
    };
    let storage = refusing(storage, user_id);
    let world = World {
        hasher: comparing(PASSWORD, against, Ok(Verification::Mismatch)),
        limiter: generous(),
        ..World::new(&storage)
    };
    assert_fails!(login(world, name).await, LoginError::Rejected);
}

#[tokio::test]
async fn correct_password_signs_in_by_username_or_email_address() {
    for name in ["ANN.LEE", "Ann@Example.com"] {
        let storage = opening(finding(name, Some(credentials())));
        let signed_in = login(world(&storage, Verification::Match), name).await.unwrap();
        assert_eq!(signed_in.user.id, ann_id());
    }
}

#[tokio::test]
async fn sign_in_returns_tokens_of_a_new_session_in_the_default_organization() {
    let signed_in = admit(credentials()).await.unwrap();
    let tokens = &signed_in.tokens;
    let session = open_refresh_token(&tokens.refresh);
    let workspace = Some((acme(), Role::Admin));
    assert_eq!(tokens.access.token.expose(), access_token(ann_id(), session, workspace));
    assert_eq!(tokens.refresh.expose(), refresh_token(session, Session::FIRST_GENERATION));
    assert_eq!(signed_in.role, Some(Role::Admin));
    assert_eq!(signed_in.user.last_login_at, Some(NOW));
}

#[tokio::test]
async fn password_that_was_changed_during_verification_opens_no_session() {
    let storage = opening_if(finding("ann.lee", Some(credentials())), false);
    let outcome = login(world(&storage, Verification::Match), "ann.lee").await;
    assert_fails!(outcome, LoginError::Rejected);
}

#[tokio::test]
async fn session_records_the_client_that_signed_in() {
    let lifetimes = SessionLifetimes { idle: Duration::HOUR, ..SessionLifetimes::default() };
    let storage = finding("ann.lee", Some(credentials())).on_begin(|db| {
        expect_entry(db, AuditKind::LoggedIn, Some(ann_id()));
        expect_limit_of_sessions(db);
        db.sessions
            .expect_open_by_password()
            .withf(move |session, _| {
                let expected = Session {
                    id: session.id,
                    user_id: ann_id(),
                    org_id: Some(acme()),
                    generation: Session::FIRST_GENERATION,
                    created_at: NOW,
                    rotated_at: NOW,
                    idle_expires_at: NOW + Duration::HOUR,
                    expires_at: NOW + lifetimes.absolute,
                    network: client().ip_prefix(),
                    user_agent: client().user_agent,
                    last_network: client().ip_prefix(),
                    last_user_agent: client().user_agent,
                    state: SessionState::Live,
                };
                *session == expected
            })
            .once()
            .returning(|_, _| Ok(true));
    });
    let mut world = world(&storage, Verification::Match);
    world.settings.sessions = lifetimes;
    login(world, "ann.lee").await.unwrap();
}

#[tokio::test]
async fn access_token_has_the_configured_lifetime() {
    let lifetime = Duration::minutes(3);
    let mut signer = MockAccessTokens::new();
    signer
        .expect_sign()
        .withf(move |claims| claims.issued_at == NOW && claims.expires_at == NOW + lifetime)
        .once()
        .returning(|_| Ok(PlainToken::new("signed".into())));
    let storage = opening(finding("ann.lee", Some(credentials())));
    let mut world = World { access_tokens: signer, ..world(&storage, Verification::Match) };
    world.settings.access_lifetime = lifetime;
    let tokens = login(world, "ann.lee").await.unwrap().tokens;
    assert_eq!(tokens.access.expires_in, lifetime);
}

#[tokio::test]
async fn user_without_an_organization_signs_in_without_a_role() {
    let signed_in = admit(LoginCandidate { workspace: None, ..credentials() }).await.unwrap();
    let session = open_refresh_token(&signed_in.tokens.refresh);
    assert_eq!(signed_in.role, None);
    assert_eq!(signed_in.tokens.access.token.expose(), access_token(ann_id(), session, None));
}

#[tokio::test]
async fn platform_admin_token_has_the_admin_role_as_well() {
    let user = User { is_platform_admin: true, ..ann() };
    let signed_in = admit(LoginCandidate { user, ..credentials() }).await.unwrap();
    let token = signed_in.tokens.access.token;
    assert!(token.expose().ends_with(r#"["admin", "platform_admin"]"#));
}

#[tokio::test]
async fn incorrect_password_is_rejected() {
    assert_rejected(Some(credentials()), "ann.lee", Some("a hash")).await;
}

#[tokio::test]
async fn unknown_name_costs_a_hash() {
    assert_rejected(None, "unknown", None).await;
}

#[tokio::test]
async fn invalid_name_costs_a_hash() {
    for name in ["", "ann lee", "ann@@example.com"] {
        assert_rejected(None, name, None).await;
    }
}

#[tokio::test]
async fn account_without_a_password_costs_a_hash() {
    let found = LoginCandidate { password: None, ..credentials() };
    assert_rejected(Some(found), "ann.lee", None).await;
}

#[tokio::test]
async fn incorrect_password_does_not_reveal_that_the_account_is_disabled() {
    let found = LoginCandidate { user: disabled(), ..credentials() };
    assert_rejected(Some(found), "ann.lee", Some("a hash")).await;
}

#[tokio::test]
async fn correct_password_reveals_that_the_account_is_disabled() {
    let found = LoginCandidate { user: disabled(), ..credentials() };
    let storage = finding("ann.lee", Some(found.clone()));
    let storage = then_finding(storage, Some(found));
    let outcome = login(world(&storage, Verification::Match), "ann.lee").await;
    assert_fails!(outcome, LoginError::Forbidden(Forbidden::ACCOUNT_DISABLED));
}

#[tokio::test]
async fn user_with_an_unverified_email_address_can_sign_in() {
    assert!(admit(LoginCandidate { user: unverified(), ..credentials() }).await.is_ok());
}

#[tokio::test]
async fn required_verification_is_reported_only_with_the_correct_password() {
    for (verification, expected) in [
        (Verification::Mismatch, "name or password is incorrect"),
        (Verification::Match, "email:verified is required"),
    ] {
        let found = LoginCandidate { user: unverified(), ..credentials() };
        let storage = finding("ann.lee", Some(found.clone()));
        let storage = match verification {
            Verification::Mismatch => refusing(storage, Some(ann_id())),
            _ => then_finding(storage, Some(found)),
        };
        let outcome = login(world(&storage, verification).verified_only(), "ann.lee").await;
        assert_eq!(outcome.unwrap_err().to_string(), expected);
    }
}

#[tokio::test]
async fn overloaded_hasher_signs_no_user_in() {
    let storage = finding("ann.lee", Some(credentials()));
    let world = World {
        hasher: comparing(PASSWORD, Some("a hash"), Err(HashError::Busy)),
        limiter: generous(),
        ..World::new(&storage)
    };
    assert_fails!(login(world, "ann.lee").await, LoginError::Failure(CommonError::Busy));
}

#[tokio::test]
async fn full_hashing_queue_rejects_before_any_lookup_or_count() {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_is_saturated().with(eq(Priority::Unrecognized)).once().return_const(true);
    let world = World { hasher, ..World::without_storage() };
    assert_fails!(login(world, "ann.lee").await, LoginError::Failure(CommonError::Busy));
}

#[tokio::test]
async fn missing_signing_key_opens_no_session() {
    let storage = finding("ann.lee", Some(credentials()));
    let world = World { access_tokens: keyless(), ..world(&storage, Verification::Match) };
    assert_fails!(login(world, "ann.lee").await, LoginError::Failure(CommonError::Signing(_)));
}

#[tokio::test]
async fn sign_in_fails_while_storage_is_unavailable() {
    let outcome = login(World::without_storage(), "ann.lee").await;
    assert_fails!(outcome, LoginError::Failure(CommonError::Storage(_)));
}
