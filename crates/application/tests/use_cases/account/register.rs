mod invited;
mod refused;
mod taken;
mod unit;

use doorward_application::{
    account::register::{RegisterCommand, RegisterError, RegisterIssue},
    sign_in::complete::SignedIn,
};
use doorward_domain::{
    OrgId, UserId,
    account::profile::FullName,
    audit::AuditKind,
    mail::MailKind,
    mock::{MockPasswordHasher, MockStorage},
    org::{OrgKind, membership::Membership, role::Role},
    session::{Session, SessionLifetimes},
    token::one_time::OneTimePurpose,
};
use mockall::Sequence;
use unit::{Written, mailed, writing};

use crate::support::{
    NOW, World, access_token, ann, client, hash, hashing, new_password, open_refresh_token,
    refresh_token,
};

const PASSWORD: &str = "correct horse battery";

fn command() -> RegisterCommand {
    RegisterCommand {
        email: ann().email,
        username: ann().username,
        password: new_password(PASSWORD),
        full_name: Some(FullName::parse("Ann Lee").unwrap()),
        invite_token: None,
        client: client(),
    }
}

async fn register(
    storage: &MockStorage,
    command: RegisterCommand,
) -> Result<SignedIn, RegisterError> {
    let world = World { hasher: hashing(PASSWORD, "a hash"), ..World::new(storage) };
    world.application().account.register.run(command).await
}

/// Returns the issues of a rejected registration.
#[expect(clippy::panic, reason = "this is an assertion")]
fn issues(outcome: Result<SignedIn, RegisterError>) -> Vec<RegisterIssue> {
    match outcome {
        Err(RegisterError::Refused(issues)) => issues,
        other => panic!("{other:?}"),
    }
}

/// Registers without an invite. Returns the outcome and what was committed.
async fn registered() -> (SignedIn, Written) {
    let (storage, journal) = writing(MockStorage::default(), |_| {});
    let signed_in = register(&storage, command()).await.unwrap();
    assert_eq!(storage.commits(), 1);
    (signed_in, journal.read())
}

fn place(signed_in: &SignedIn) -> (UserId, OrgId) {
    (signed_in.user.id, signed_in.user.default_org.unwrap())
}

#[tokio::test]
async fn account_has_the_requested_fields() {
    let (signed_in, written) = registered().await;
    let [(user, hash)] = written.users.as_slice() else { panic!("{written:?}") };
    assert_eq!(user.id, signed_in.user.id);
    assert_eq!((&user.email, &user.username), (&ann().email, &ann().username));
    assert_eq!(user.profile.full_name, command().full_name);
    assert_eq!(user.created_at, NOW);
    assert_eq!(hash, "a hash");
}

#[tokio::test]
async fn new_account_is_active_unverified_and_no_administrator() {
    let (SignedIn { user, .. }, _) = registered().await;
    assert!(user.is_active());
    assert!(!user.is_verified());
    assert!(!user.is_platform_admin);
    assert!(user.has_password);
}

#[tokio::test]
async fn new_user_owns_a_personal_organization() {
    let (signed_in, written) = registered().await;
    let (user_id, org_id) = place(&signed_in);
    let [org] = written.orgs.as_slice() else { panic!("{written:?}") };
    assert_eq!(
        (org.id, org.kind, org.name.as_str()),
        (org_id, OrgKind::Personal, "Ann.Lee's workspace")
    );
    let owner = Membership { user_id, org_id, role: Role::Owner, joined_at: NOW };
    assert_eq!(written.memberships, [owner]);
}

#[tokio::test]
async fn first_session_starts_in_the_personal_organization() {
    let (signed_in, written) = registered().await;
    let [session] = written.sessions.as_slice() else { panic!("{written:?}") };
    let lifetimes = SessionLifetimes::default();
    assert_eq!(
        (session.id, session.user_id),
        (open_refresh_token(&signed_in.tokens.refresh), signed_in.user.id)
    );
    assert_eq!(session.org_id, signed_in.user.default_org);
    assert_eq!(session.generation, Session::FIRST_GENERATION);
    assert_eq!(session.idle_expires_at, NOW + lifetimes.idle);
    assert_eq!(session.expires_at, NOW + lifetimes.absolute);
    assert_eq!(
        (session.network, &session.user_agent),
        (client().ip_prefix(), &client().user_agent)
    );
}

#[tokio::test]
async fn registration_signs_the_user_in() {
    let (signed_in, _) = registered().await;
    let (user, org) = place(&signed_in);
    let session = open_refresh_token(&signed_in.tokens.refresh);
    let tokens = &signed_in.tokens;
    assert_eq!(signed_in.role, Some(Role::Owner));
    assert_eq!(signed_in.user.last_login_at, Some(NOW));
    assert_eq!(tokens.access.token.expose(), access_token(user, session, Some((org, Role::Owner))));
    assert_eq!(tokens.refresh.expose(), refresh_token(session, Session::FIRST_GENERATION));
}

#[tokio::test]
async fn verification_email_is_queued_in_the_same_commit() {
    let (signed_in, written) = registered().await;
    let [issue] = written.tokens.as_slice() else { panic!("{written:?}") };
    assert_eq!((issue.user_id, issue.purpose), (signed_in.user.id, OneTimePurpose::VerifyEmail));
    assert_eq!((&issue.email, issue.now), (&ann().email, NOW));
    let [mail] = written.mails.as_slice() else { panic!("{written:?}") };
    assert_eq!((&mail.to, mail.subject), (&ann().email, MailKind::VerifyEmail(mailed())));
}

#[tokio::test]
async fn registration_event_records_the_user_and_the_client() {
    let (signed_in, written) = registered().await;
    let [event] = written.audit.as_slice() else { panic!("{written:?}") };
    assert_eq!((event.kind, event.at), (AuditKind::Registered, NOW));
    assert_eq!(event.user_id, Some(signed_in.user.id));
    assert_eq!(event.session_id, Some(open_refresh_token(&signed_in.tokens.refresh)));
    assert_eq!(event.client, client());
}

#[tokio::test]
async fn password_is_hashed_before_anything_is_written() {
    let mut order = Sequence::new();
    let mut hasher = MockPasswordHasher::new();
    hasher.expect_hash().once().in_sequence(&mut order).returning(|_, _| Ok(hash("a hash")));
    let (storage, _) = writing(MockStorage::default(), |db| {
        db.orgs.expect_insert().once().in_sequence(&mut order).returning(|_| Ok(()));
    });
    let world = World { hasher, ..World::new(&storage) };
    world.application().account.register.run(command()).await.unwrap();
}
