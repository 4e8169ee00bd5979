//! The content of emails, and which messages are no longer applicable.

use doorward_domain::{
    AuditEventId,
    account::{
        profile::{Locale, Profile},
        user::User,
        username::Username,
    },
    audit::{AuditEvent, AuditKind},
    mail::{ActionLink, MailContent, MailKind, OutgoingMail},
    mock::MockStorage,
    org::{
        Org, OrgKind, OrgName,
        invite::{Invite, InviteState},
    },
    pagination::Page,
    request_context::RequestContext,
    session::SessionContext,
    token::{
        TokenPurpose,
        one_time::{OneTimePurpose, OneTimeToken},
    },
};
use mockall::predicate::{always, eq};
use time::Duration;

use super::{
    ASKED_AT, addressing, claiming, deliver, deliver_nothing, entry, mail_id, mailing, marking,
};
use crate::support::{
    NOW, ann, ann_id, client, email, globex, invite, invite_reference, invite_token,
    one_time_token, opaque_token, reference, session_context, session_id, unverified,
};

/// Storage with a message for a token of this purpose, and a connection that finds the token's row and the account.
fn about(purpose: OneTimePurpose, row: Option<OneTimeToken>, user: Option<User>) -> MockStorage {
    let token = reference(&one_time_token(purpose));
    let subject = match purpose {
        OneTimePurpose::VerifyEmail => MailKind::VerifyEmail(token),
        OneTimePurpose::ResetPassword => MailKind::ResetPassword(token),
    };
    claiming(vec![entry(subject)]).on_connect(|db| {
        db.one_time_tokens
            .expect_find()
            .with(eq(purpose), eq(token))
            .once()
            .return_once(|_, _| Ok(row));
        db.users.expect_find().with(eq(ann_id())).return_once(|_| Ok(user));
    })
}

/// Storage with a message for an invite, and a connection that finds the invite and its organization.
fn inviting(found: Option<Invite>, known: Option<User>) -> MockStorage {
    let org = Org {
        id: globex(),
        name: OrgName::parse("Globex").unwrap(),
        kind: OrgKind::Shared,
        created_at: NOW,
    };
    claiming(vec![entry(MailKind::Invite(invite_reference(&invite())))]).on_connect(|db| {
        db.invites.expect_find().with(eq(invite().id)).once().return_once(|_| Ok(found));
        db.orgs.expect_find().with(eq(globex())).return_once(|_| Ok(Some(org)));
        db.users.expect_find_by_email().with(eq(ann().email)).return_once(|_| Ok(known));
        let inviter = invite().invited_by;
        db.users.expect_find().with(eq(inviter)).return_once(|_| Ok(Some(ann())));
    })
}

/// Asserts that a matching email is sent.
async fn assert_sends(
    storage: MockStorage,
    expected: impl Fn(&OutgoingMail) -> bool + Send + 'static,
) {
    deliver(&marking(storage), mailing(expected, Ok(()))).await.unwrap();
}

/// Asserts that the message is dropped and nothing is sent.
async fn assert_drops(storage: MockStorage) {
    let storage = storage.on_connect(|db| {
        db.outbox
            .expect_discard()
            .withf(|entry| entry.id == mail_id())
            .once()
            .returning(|_| Ok(()));
    });
    assert_eq!(deliver_nothing(&storage).await.unwrap(), 1);
}

fn link(path: &str, token: &str) -> String {
    format!("https://auth.example.com/{path}?token={token}")
}

fn link_of(mail: &OutgoingMail) -> Option<&str> {
    mail.content.link().map(|link| link.expose())
}

#[tokio::test]
async fn verification_email_links_to_the_public_url() {
    let purpose = OneTimePurpose::VerifyEmail;
    let row = one_time_token(purpose);
    let expected = link("verify-email", &opaque_token(TokenPurpose::VerifyEmail, reference(&row)));
    assert_sends(about(purpose, Some(row), Some(unverified())), move |mail| {
        matches!(mail.content, MailContent::VerifyEmail { .. }) && link_of(mail) == Some(&expected)
    })
    .await;
}

/// The reader might not be the user who registered.
#[tokio::test]
async fn verification_email_of_a_provisional_account_describes_it_and_links_to_its_deletion() {
    let purpose = OneTimePurpose::VerifyEmail;
    let row = one_time_token(purpose);
    let token = opaque_token(TokenPurpose::VerifyEmail, reference(&row));
    let expected = link("verify-email/not-me", &token);
    let username = Username::parse("pay.evil.example").unwrap();
    let user = User { is_provisional: true, username, ..unverified() };
    let storage = about(purpose, Some(row), Some(user)).on_connect(|db| {
        db.audit.expect_list().with(eq(Some(ann_id())), always()).once().returning(|_, _| {
            let user_agent = Some("https://evil.example/pay".to_owned());
            let registered = audited(AuditKind::Registered, Duration::ZERO);
            let event =
                AuditEvent { client: RequestContext { user_agent, ..client() }, ..registered };
            Ok(Page { items: vec![event], next: None })
        });
    });
    assert_sends(storage, move |mail| {
        let MailContent::VerifyEmail { registration: Some(it), .. } = &mail.content else {
            return false;
        };
        let origin = it.origin.as_ref().unwrap();
        mail.username.is_none()
            && it.username == "pay evil example"
            && it.at == ann().created_at
            && (origin.network, origin.user_agent.as_deref())
                == (client().ip_prefix(), Some("https"))
            && it.disown.as_ref().map(ActionLink::expose) == Some(&expected)
    })
    .await;
}

#[tokio::test]
async fn names_in_an_invitation_are_not_links() {
    let name = OrgName::parse("Payroll notice 7: https://evil.example/pay").unwrap();
    let org = Org { id: globex(), name, kind: OrgKind::Shared, created_at: NOW };
    let eve = User { username: Username::parse("evil.example").unwrap(), ..ann() };
    let token = invite_reference(&invite());
    let storage = claiming(vec![entry(MailKind::Invite(token))]).on_connect(|db| {
        db.invites.expect_find().once().returning(|_| Ok(Some(invite())));
        db.orgs.expect_find().return_once(|_| Ok(Some(org)));
        db.users.expect_find_by_email().return_once(|_| Ok(None));
        db.users.expect_find().return_once(|_| Ok(Some(eve)));
    });
    assert_sends(storage, |mail| {
        let MailContent::Invite { org, inviter, .. } = &mail.content else { return false };
        (org.as_str(), inviter.as_deref())
            == ("Payroll notice 7 https evil example pay", Some("evil example"))
    })
    .await;
}

#[tokio::test]
async fn reset_email_links_to_the_public_url() {
    let purpose = OneTimePurpose::ResetPassword;
    let row = one_time_token(purpose);
    let expected =
        link("reset-password", &opaque_token(TokenPurpose::ResetPassword, reference(&row)));
    assert_sends(about(purpose, Some(row), Some(ann())), move |mail| {
        matches!(mail.content, MailContent::ResetPassword { .. })
            && link_of(mail) == Some(&expected)
    })
    .await;
}

#[tokio::test]
async fn email_greets_the_user_by_name_in_their_language() {
    let purpose = OneTimePurpose::ResetPassword;
    let locale = Some(Locale::parse("de-CH").unwrap());
    let profile = Profile { locale: locale.clone(), ..Profile::default() };
    let user = User { profile, ..ann() };
    assert_sends(about(purpose, Some(one_time_token(purpose)), Some(user)), move |mail| {
        mail.id == mail_id()
            && mail.to == ann().email
            && mail.username == Some(ann().username)
            && mail.locale == locale
            && mail.created_at == ASKED_AT
    })
    .await;
}

#[tokio::test]
async fn invitation_names_the_organization_the_inviter_and_the_role() {
    let expected = link("invite", &invite_token());
    assert_sends(inviting(Some(invite()), None), move |mail| {
        let MailContent::Invite { org, inviter, role, .. } = &mail.content else { return false };
        let says = (org.as_str(), inviter.as_deref(), *role);
        says == ("Globex", Some(ann().name_in_mail().as_str()), invite().role)
            && link_of(mail) == Some(&expected)
            && mail.username.is_none()
    })
    .await;
}

#[tokio::test]
async fn invitation_to_an_existing_user_greets_them_by_name() {
    assert_sends(inviting(Some(invite()), Some(ann())), |mail| {
        mail.username == Some(ann().username)
    })
    .await;
}

/// An attacker must not be able to suppress it by changing the address along with the password.
#[tokio::test]
async fn notice_is_sent_to_the_old_email_address_after_it_was_changed() {
    let storage = claiming(vec![entry(MailKind::PasswordChanged)]).on_connect(|db| {
        db.users.expect_find_by_email().once().returning(|_| Ok(None));
    });
    assert_sends(storage, |mail| {
        matches!(&mail.content, MailContent::PasswordChanged { origin: None, page } if is_forgot_password(page))
            && mail.to == email("ann@example.com")
            && mail.username.is_none()
    })
    .await;
}

fn audited(kind: AuditKind, after: Duration) -> AuditEvent {
    AuditEvent {
        id: AuditEventId::from_uuid(session_id().as_uuid()),
        kind,
        at: ASKED_AT + after,
        user_id: Some(ann_id()),
        org_id: None,
        session_id: None,
        client: client(),
    }
}

#[tokio::test]
async fn password_notice_states_the_origin_of_the_change_if_known() {
    let moment = Duration::milliseconds(3);
    for (kind, after, is_known) in [
        (AuditKind::PasswordChanged, moment, true),
        (AuditKind::PasswordReset, moment, true),
        // Events by an operator, of another day, and of another kind.
        (AuditKind::PasswordSet, moment, false),
        (AuditKind::PasswordChanged, Duration::HOUR, false),
        (AuditKind::LoggedIn, moment, false),
    ] {
        let later = audited(AuditKind::PasswordReset, Duration::DAY);
        let items = vec![later, audited(AuditKind::LoginFailed, moment), audited(kind, after)];
        let storage = claiming(vec![entry(MailKind::PasswordChanged)]).on_connect(|db| {
            db.users.expect_find_by_email().once().returning(|_| Ok(Some(ann())));
            db.audit
                .expect_list()
                .withf(|user, _| *user == Some(ann_id()))
                .once()
                .return_once(|_, _| Ok(Page { items, next: None }));
        });
        assert_sends(storage, move |mail| {
            let MailContent::PasswordChanged { origin, page } = &mail.content else { return false };
            let from = origin.as_ref().map(|it| (it.network, it.user_agent.clone()));
            let expected = is_known.then(|| (client().ip_prefix(), client().user_agent));
            from == expected && is_forgot_password(page) && mail.created_at == ASKED_AT
        })
        .await;
    }
}

/// Storage with a warning about Ann's session, and a connection that looks the session up.
fn warning(found: Option<SessionContext>, owner: Option<User>) -> MockStorage {
    let expected = usize::from(found.is_none());
    claiming(vec![entry(MailKind::SuspiciousSignIn(session_id()))]).on_connect(|db| {
        db.sessions
            .expect_find_with_user()
            .with(eq(session_id()), eq(None))
            .once()
            .return_once(|_, _| Ok(found));
        db.users
            .expect_find_by_email()
            .with(eq(ann().email))
            .times(expected)
            .return_once(|_| Ok(owner));
    })
}

fn is_forgot_password(page: &str) -> bool {
    page == "https://auth.example.com/forgot-password"
}

#[tokio::test]
async fn sign_in_warning_states_the_origin_and_what_to_do() {
    assert_sends(warning(Some(session_context()), None), |mail| {
        let MailContent::SuspiciousSignIn { origin: Some(origin), page } = &mail.content else {
            return false;
        };
        let from = (origin.network, origin.user_agent.clone());
        from == (client().ip_prefix(), client().user_agent)
            && is_forgot_password(page)
            && mail.username == Some(ann().username)
            && mail.created_at == ASKED_AT
    })
    .await;
}

/// An attacker must not be able to suppress it by deleting the session or the account.
#[tokio::test]
async fn sign_in_warning_is_sent_after_the_session_was_deleted() {
    for owner in [Some(ann()), None] {
        let username = owner.as_ref().map(|owner| owner.username.clone());
        assert_sends(warning(None, owner), move |mail| {
            let MailContent::SuspiciousSignIn { origin: None, page } = &mail.content else {
                return false;
            };
            is_forgot_password(page) && mail.username == username && mail.to == ann().email
        })
        .await;
    }
}

#[tokio::test]
async fn notice_of_a_taken_email_address_links_to_a_password_reset() {
    let storage = addressing(claiming(vec![entry(MailKind::AddressTaken)]));
    assert_sends(storage, |mail| {
        let MailContent::AddressTaken { page } = &mail.content else { return false };
        is_forgot_password(page) && mail.username == Some(ann().username)
    })
    .await;
}

#[tokio::test]
async fn notice_of_a_taken_email_address_is_dropped_if_it_is_no_longer_taken() {
    assert_drops(claiming(vec![entry(MailKind::AddressTaken)]).on_connect(|db| {
        db.users.expect_find_by_email().once().returning(|_| Ok(None));
    }))
    .await;
}

#[tokio::test]
async fn message_with_an_invalid_token_is_dropped() {
    for purpose in [OneTimePurpose::VerifyEmail, OneTimePurpose::ResetPassword] {
        let open = one_time_token(purpose);
        let used = OneTimeToken { used_at: Some(NOW), ..open.clone() };
        let expired = OneTimeToken { expires_at: NOW, ..open.clone() };
        let replaced = OneTimeToken { counter: open.counter + 1, ..open };
        for row in [Some(used), Some(expired), Some(replaced), None] {
            assert_drops(about(purpose, row, Some(unverified()))).await;
        }
    }
}

/// A message may be handled again after a worker crashed. The same email is sent, or none.
#[tokio::test]
async fn message_is_dropped_if_the_account_no_longer_needs_its_link() {
    let disabled = User { disabled_at: Some(NOW), ..unverified() };
    let moved = User { email: email("ann@example.org"), ..unverified() };
    for (purpose, user) in [
        // A password reset verified the address meanwhile.
        (OneTimePurpose::VerifyEmail, ann()),
        (OneTimePurpose::VerifyEmail, disabled.clone()),
        (OneTimePurpose::VerifyEmail, moved.clone()),
        (OneTimePurpose::ResetPassword, disabled),
        (OneTimePurpose::ResetPassword, moved),
    ] {
        assert_drops(about(purpose, Some(one_time_token(purpose)), Some(user))).await;
    }
}

#[tokio::test]
async fn queued_email_is_sent_even_if_another_one_was_requested() {
    for purpose in [OneTimePurpose::VerifyEmail, OneTimePurpose::ResetPassword] {
        let row = one_time_token(purpose);
        let former_expires_at = Some(row.expires_at);
        let moved = OneTimeToken { counter: row.counter + 1, former_expires_at, ..row };
        assert_sends(about(purpose, Some(moved), Some(unverified())), |mail| {
            link_of(mail).is_some()
        })
        .await;
    }
}

#[tokio::test]
async fn message_to_a_deleted_account_is_dropped() {
    let purpose = OneTimePurpose::ResetPassword;
    assert_drops(about(purpose, Some(one_time_token(purpose)), None)).await;
}

#[tokio::test]
async fn invitation_that_is_no_longer_open_is_dropped() {
    let used = Invite { state: InviteState::Accepted { at: NOW }, ..invite() };
    let revoked = Invite { state: InviteState::Revoked { at: NOW }, ..invite() };
    let expired = Invite { expires_at: NOW, ..invite() };
    let renewed = Invite { counter: invite().counter + 1, ..invite() };
    for found in [Some(used), Some(revoked), Some(expired), Some(renewed), None] {
        assert_drops(inviting(found, None)).await;
    }
}
