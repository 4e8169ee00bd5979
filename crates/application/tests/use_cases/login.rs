mod counting;
mod rehash;
mod suspicious;

use doorward_application::{
    Failure,
    authorize::Forbidden,
    login::{LoginCommand, LoginError},
    register::SignedIn,
};
use doorward_domain::{
    UserId,
    audit::AuditKind,
    mock::{MockAccessTokens, MockPasswordHasher, MockRateLimiter, MockRepositories, MockStorage},
    password::Password,
    ports::{HashError, Priority, Verification},
    role::Role,
    session::{Session, SessionLifetimes, SessionState},
    token::{PlainToken, TokenRef},
    user::{ClientEvidence, Credentials, LoginName, User},
};
use mockall::predicate::eq;
use time::Duration;

use crate::support::{
    NOW, PASSWORD_VERSION, World, access_token, acme, ann, ann_id, assert_fails, client, comparing,
    disabled, keyless, open_refresh_token, refresh_token, stored_password, unverified,
};

const PASSWORD: &str = "correct horse battery";

fn command(name: &str) -> LoginCommand {
    LoginCommand {
        name: name.to_owned(),
        password: Password::presented(PASSWORD),
        device_token: None,
        client: client(),
    }
}

fn credentials() -> Credentials {
    Credentials {
        user: ann(),
        password: Some(stored_password("a hash")),
        workspace: Some((acme(), Role::Admin)),
        knows_network: false,
        knows_device: false,
        recent_failures: 0,
    }
}

/// The connection on which the account behind a name is looked up.
fn finding(name: &str, found: Option<Credentials>) -> MockStorage {
    finding_from(None, name, found)
}

/// As [`finding`], for a client with a device token that says this.
fn finding_from(device: Option<TokenRef>, name: &str, found: Option<Credentials>) -> MockStorage {
    let evidence = ClientEvidence { network: Some(client().network()), device, now: NOW };
    MockStorage::default().on_connect(|db| expect_credentials(db, name, evidence, found))
}

/// The connection on which the account is looked up again, before the response tells that the password was right.
fn then_finding(storage: MockStorage, found: Option<Credentials>) -> MockStorage {
    let evidence = ClientEvidence { network: Some(client().network()), device: None, now: NOW };
    storage.on_connect(|db| expect_credentials(db, ann().username.as_str(), evidence, found))
}

fn expect_credentials(
    db: &mut MockRepositories,
    name: &str,
    evidence: ClientEvidence,
    found: Option<Credentials>,
) {
    db.users
        .expect_credentials()
        .with(eq(LoginName::parse(name).unwrap()), eq(evidence))
        .once()
        .return_once(|_, _| Ok(found));
}

/// The unit of work in which Ann's session is opened, while her password is the one that was verified.
fn opening(storage: MockStorage) -> MockStorage {
    opening_or_not(storage, true)
}

/// The unit of work in which Ann's session is opened or not, by the password that was verified.
fn opening_or_not(storage: MockStorage, opens: bool) -> MockStorage {
    let storage = storage.on_begin(move |db| {
        db.sessions
            .expect_open_by_password()
            .withf(|_, verified| verified.version == PASSWORD_VERSION)
            .once()
            .returning(move |_, _| Ok(opens));
        if opens {
            expect_entry(db, AuditKind::LoggedIn, Some(ann_id()));
        }
    });
    if opens { storage } else { refusing(storage, Some(ann_id())) }
}

/// The connection on which a refusal is written down, about this account if about any.
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

/// A limiter that never says no, and does not count.
fn generous() -> MockRateLimiter {
    let mut limiter = MockRateLimiter::new();
    limiter.expect_take_any().returning(|groups| Ok(groups.concat()));
    limiter.expect_give_back_all().return_const(());
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
    world.application().login.run(command(name)).await
}

/// Ann gives the right password.
async fn admit(found: Credentials) -> Result<SignedIn, LoginError> {
    let storage = opening(finding("ann.lee", Some(found)));
    login(world(&storage, Verification::Right), "ann.lee").await
}

/// The one answer to all that is wrong, after one comparison with this hash, or with none.
async fn assert_rejected(
    found: Option<Credentials>,
    name: &'static str,
    against: Option<&'static str>,
) {
    let user_id = found.as_ref().map(|found| found.user.id);
    let storage = match LoginName::parse(name) {
        Ok(_) => finding(name, found),
        Err(_) => MockStorage::default(),
    };
    let storage = refusing(storage, user_id);
    let world = World {
        hasher: comparing(PASSWORD, against, Ok(Verification::Wrong)),
        limiter: generous(),
        ..World::new(&storage)
    };
    assert_fails!(login(world, name).await, LoginError::Rejected);
}

#[tokio::test]
async fn the_right_password_signs_in_by_name_and_by_address() {
    for name in ["ANN.LEE", "Ann@Example.com"] {
        let storage = opening(finding(name, Some(credentials())));
        let signed_in = login(world(&storage, Verification::Right), name).await.unwrap();
        assert_eq!(signed_in.user.id, ann_id());
    }
}

#[tokio::test]
async fn the_tokens_are_those_of_a_new_session_in_the_default_organisation() {
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
async fn a_password_that_was_changed_while_it_was_verified_opens_no_session() {
    let storage = opening_or_not(finding("ann.lee", Some(credentials())), false);
    let outcome = login(world(&storage, Verification::Right), "ann.lee").await;
    assert_fails!(outcome, LoginError::Rejected);
}

#[tokio::test]
async fn the_session_is_opened_for_the_client_at_hand() {
    let lifetimes = SessionLifetimes { idle: Duration::HOUR, ..SessionLifetimes::default() };
    let storage = finding("ann.lee", Some(credentials())).on_begin(|db| {
        expect_entry(db, AuditKind::LoggedIn, Some(ann_id()));
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
                    network: client().network(),
                    user_agent: client().user_agent,
                    last_network: client().network(),
                    last_user_agent: client().user_agent,
                    state: SessionState::Live,
                };
                *session == expected
            })
            .once()
            .returning(|_, _| Ok(true));
    });
    let mut world = world(&storage, Verification::Right);
    world.settings.sessions = lifetimes;
    login(world, "ann.lee").await.unwrap();
}

#[tokio::test]
async fn the_access_token_lasts_from_now_as_long_as_is_configured() {
    let lifetime = Duration::minutes(3);
    let mut signer = MockAccessTokens::new();
    signer
        .expect_sign()
        .withf(move |claims| claims.issued_at == NOW && claims.expires_at == NOW + lifetime)
        .once()
        .returning(|_| Ok(PlainToken::new("signed".into())));
    let storage = opening(finding("ann.lee", Some(credentials())));
    let mut world = World { access_tokens: signer, ..world(&storage, Verification::Right) };
    world.settings.access_lifetime = lifetime;
    let tokens = login(world, "ann.lee").await.unwrap().tokens;
    assert_eq!(tokens.access.expires_in, lifetime);
}

#[tokio::test]
async fn who_belongs_nowhere_signs_in_without_a_role() {
    let signed_in = admit(Credentials { workspace: None, ..credentials() }).await.unwrap();
    let session = open_refresh_token(&signed_in.tokens.refresh);
    assert_eq!(signed_in.role, None);
    assert_eq!(signed_in.tokens.access.token.expose(), access_token(ann_id(), session, None));
}

#[tokio::test]
async fn a_platform_admin_has_that_role_as_well() {
    let user = User { is_platform_admin: true, ..ann() };
    let signed_in = admit(Credentials { user, ..credentials() }).await.unwrap();
    let token = signed_in.tokens.access.token;
    assert!(token.expose().ends_with(r#"["admin", "platform_admin"]"#));
}

#[tokio::test]
async fn a_wrong_password_is_rejected() {
    assert_rejected(Some(credentials()), "ann.lee", Some("a hash")).await;
}

#[tokio::test]
async fn an_unknown_name_costs_a_hash_all_the_same() {
    assert_rejected(None, "nobody", None).await;
}

#[tokio::test]
async fn a_name_that_nobody_can_have_costs_a_hash_all_the_same() {
    for name in ["", "ann lee", "ann@@example.com"] {
        assert_rejected(None, name, None).await;
    }
}

#[tokio::test]
async fn an_account_without_a_password_costs_a_hash_all_the_same() {
    let found = Credentials { password: None, ..credentials() };
    assert_rejected(Some(found), "ann.lee", None).await;
}

#[tokio::test]
async fn a_wrong_password_does_not_tell_that_the_account_is_disabled() {
    let found = Credentials { user: disabled(), ..credentials() };
    assert_rejected(Some(found), "ann.lee", Some("a hash")).await;
}

#[tokio::test]
async fn the_right_password_tells_that_the_account_is_disabled() {
    let found = Credentials { user: disabled(), ..credentials() };
    let storage = finding("ann.lee", Some(found.clone()));
    let storage = then_finding(storage, Some(found));
    let outcome = login(world(&storage, Verification::Right), "ann.lee").await;
    assert_fails!(outcome, LoginError::Forbidden(Forbidden::ACCOUNT_DISABLED));
}

#[tokio::test]
async fn an_unverified_address_may_sign_in() {
    assert!(admit(Credentials { user: unverified(), ..credentials() }).await.is_ok());
}

#[tokio::test]
async fn an_unverified_address_is_refused_where_it_matters_but_after_the_password() {
    for (verification, expected) in [
        (Verification::Wrong, "name or password is wrong"),
        (Verification::Right, "email:verified is required"),
    ] {
        let found = Credentials { user: unverified(), ..credentials() };
        let storage = finding("ann.lee", Some(found.clone()));
        let storage = match verification {
            Verification::Wrong => refusing(storage, Some(ann_id())),
            _ => then_finding(storage, Some(found)),
        };
        let outcome = login(world(&storage, verification).verified_only(), "ann.lee").await;
        assert_eq!(outcome.unwrap_err().to_string(), expected);
    }
}

#[tokio::test]
async fn a_busy_hasher_signs_nobody_in() {
    let storage = finding("ann.lee", Some(credentials()));
    let world = World {
        hasher: comparing(PASSWORD, Some("a hash"), Err(HashError::Busy)),
        limiter: generous(),
        ..World::new(&storage)
    };
    assert_fails!(login(world, "ann.lee").await, LoginError::Failure(Failure::Busy));
}

#[tokio::test]
async fn a_full_hasher_turns_away_before_anything_is_looked_up_or_counted() {
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_is_full().with(eq(Priority::Unrecognized)).once().return_const(true);
    let world = World { hasher, ..World::without_storage() };
    assert_fails!(login(world, "ann.lee").await, LoginError::Failure(Failure::Busy));
}

#[tokio::test]
async fn a_signer_without_a_key_opens_no_session() {
    let storage = finding("ann.lee", Some(credentials()));
    let world = World { access_tokens: keyless(), ..world(&storage, Verification::Right) };
    assert_fails!(login(world, "ann.lee").await, LoginError::Failure(Failure::Signing(_)));
}

#[tokio::test]
async fn nobody_is_judged_while_storage_is_away() {
    let outcome = login(World::without_storage(), "ann.lee").await;
    assert_fails!(outcome, LoginError::Failure(Failure::Storage(_)));
}
