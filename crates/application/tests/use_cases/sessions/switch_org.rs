use doorward_application::{
    Caller, CommonError, access::denied::Forbidden, sessions::switch_org::SwitchOrgError,
};
use doorward_domain::{
    OrgId,
    account::user::User,
    audit::AuditKind,
    mock::{MockAccessTokens, MockStorage},
    org::role::Role,
    token::{AccessToken, PlainToken},
};
use mockall::predicate::eq;
use time::Duration;

use crate::support::{
    NOW, World, access_token, ann, ann_id, assert_fails, caller, expect_audit, globex, keyless,
    session_id, unverified,
};

/// Storage in which the caller's session continues in Globex, if the caller has a role there.
fn switching(role: Option<Role>) -> MockStorage {
    MockStorage::default().on_begin(|db| {
        db.sessions
            .expect_switch_org()
            .with(eq(session_id()), eq(globex()))
            .once()
            .returning(move |_, _| Ok(role));
        if role.is_some() {
            expect_audit(db, AuditKind::OrgSwitched, Some((globex(), session_id())));
        }
    })
}

async fn switch(world: World, caller: &Caller) -> Result<(OrgId, AccessToken), SwitchOrgError> {
    world.application().sessions.switch_org.run(caller, &globex().to_string()).await
}

#[tokio::test]
async fn member_gets_a_token_for_the_organization_with_their_role() {
    let storage = switching(Some(Role::Member));
    let (org, access) = switch(World::new(&storage), &caller()).await.unwrap();
    assert_eq!(org, globex());
    assert_eq!(
        access.token.expose(),
        access_token(ann_id(), session_id(), Some((globex(), Role::Member)))
    );
}

#[tokio::test]
async fn token_expires_no_later_than_the_presented_one() {
    let lifetime = World::without_storage().settings.access_lifetime;
    for (presented, expected) in [
        (Duration::seconds(-1), Duration::ZERO),
        (Duration::seconds(1), Duration::seconds(1)),
        (lifetime - Duration::MICROSECOND, lifetime - Duration::MICROSECOND),
        (lifetime, lifetime),
        (lifetime + Duration::DAY, lifetime),
    ] {
        let mut signer = MockAccessTokens::new();
        signer
            .expect_sign()
            .withf(move |claims| claims.expires_at == NOW + presented.min(lifetime))
            .once()
            .returning(|_| Ok(PlainToken::new("signed".into())));
        let storage = switching(Some(Role::Member));
        let world = World { access_tokens: signer, ..World::new(&storage) };
        let caller = Caller { token_expires_at: NOW + presented, ..caller() };
        let (_, access) = switch(world, &caller).await.unwrap();
        assert_eq!(access.expires_in, expected, "{presented}");
        assert_eq!(storage.commits(), 1);
    }
}

#[tokio::test]
async fn platform_admin_role_is_kept_in_every_organization() {
    let caller = Caller { user: User { is_platform_admin: true, ..ann() }, ..caller() };
    let storage = switching(Some(Role::Member));
    let (_, access) = switch(World::new(&storage), &caller).await.unwrap();
    assert!(access.token.expose().ends_with(r#"["member", "platform_admin"]"#));
}

#[tokio::test]
async fn non_member_cannot_switch_to_the_organization() {
    let outcome = switch(World::new(&switching(None)), &caller()).await;
    assert_fails!(outcome, SwitchOrgError::Forbidden(Forbidden::ORG_ACCESS));
}

#[tokio::test]
async fn malformed_id_is_rejected_as_an_unknown_one() {
    let app = World::without_storage().application();
    let outcome = app.sessions.switch_org.run(&caller(), "globex").await;
    assert_fails!(outcome, SwitchOrgError::Forbidden(Forbidden::ORG_ACCESS));
}

#[tokio::test]
async fn unverified_email_address_is_rejected_if_the_settings_require_verification() {
    let caller = Caller { user: unverified(), ..caller() };
    let outcome = switch(World::without_storage().verified_only(), &caller).await;
    assert_fails!(outcome, SwitchOrgError::Forbidden(Forbidden::EMAIL_UNVERIFIED));
}

#[tokio::test]
async fn unverified_email_address_is_accepted_if_the_settings_do_not_require_verification() {
    let caller = Caller { user: unverified(), ..caller() };
    let storage = switching(Some(Role::Member));
    assert!(switch(World::new(&storage), &caller).await.is_ok());
}

#[tokio::test]
async fn missing_signing_key_is_reported_as_a_failure() {
    let storage = switching(Some(Role::Member));
    let outcome =
        switch(World { access_tokens: keyless(), ..World::new(&storage) }, &caller()).await;
    assert_fails!(outcome, SwitchOrgError::Failure(CommonError::Signing(_)));
}

#[tokio::test]
async fn switch_fails_while_storage_is_unavailable() {
    let outcome = switch(World::without_storage(), &caller()).await;
    assert_fails!(outcome, SwitchOrgError::Failure(CommonError::Storage(_)));
}
