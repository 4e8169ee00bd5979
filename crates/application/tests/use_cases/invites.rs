//! Creating, resending, and revoking invites.

pub(crate) mod accept;
pub(crate) mod info;

use doorward_application::{
    Caller,
    access::{denied::Forbidden, org::OrgAccessError},
    invites::create::{CreateInviteCommand, CreateInviteError},
};
use doorward_domain::{
    InviteId,
    account::user::User,
    audit::AuditKind,
    mail::{Allowance, MailKind},
    mock::{MockRepositories, MockStorage},
    org::{
        Org, OrgKind, OrgWithRole,
        invite::{Invite, InviteRenewal, InviteState},
        role::Role,
    },
    pagination::{Page, PageQuery, PageSize},
    request_context::RequestContext,
};
use mockall::predicate::eq;

use crate::support::{
    NOW, World, acme, ann, ann_id, assert_fails, bob_id, caller, email, expect_change, expect_mail,
    expect_org_audit, expect_org_read, globex, invite, invite_reference, unverified, workspace,
};

const FIRST_PAGE: PageQuery<InviteId> = PageQuery { limit: PageSize::DEFAULT, after: None };

fn command(role: Role) -> CreateInviteCommand {
    CreateInviteCommand { email: email("cleo@example.com"), role }
}

async fn create(storage: &MockStorage, role: Role) -> Result<Invite, CreateInviteError> {
    let application = World::new(storage).application();
    application.invites.create.run(&caller(), &globex().to_string(), command(role)).await
}

fn expect_member(db: &mut MockRepositories, is_one: bool) {
    db.memberships
        .expect_has_email()
        .with(eq(globex()), eq(email("cleo@example.com")))
        .once()
        .returning(move |_, _| Ok(is_one));
}

/// Expects that an invitation counts against Ann's allowance and that of Cleo's address.
fn expect_allowances(db: &mut MockRepositories) {
    expect_allowances_to(db, "cleo@example.com", |_| true);
}

fn expect_allowances_to(
    db: &mut MockRepositories,
    to: &'static str,
    has: impl Fn(&Allowance) -> bool + Send + 'static,
) {
    let of = [
        Allowance::invitations_by(ann_id(), 250, NOW),
        Allowance::invitations_to(&email(to), 5, NOW),
    ];
    db.outbox
        .expect_take()
        .withf(move |allowance| of.iter().flatten().any(|it| it == allowance))
        .times(1..=2)
        .returning(move |allowance| Ok(has(allowance)));
}

#[tokio::test]
async fn invitation_beyond_the_daily_limit_is_rejected_until_the_next_day() {
    for exhausted in [ann_id().to_string(), "cleo@example.com".to_owned()] {
        let storage = MockStorage::default().on_begin(|db| {
            expect_change(db, Some(Role::Admin));
            expect_member(db, false);
            let has = move |it: &Allowance| !it.key().contains(&exhausted);
            expect_allowances_to(db, "cleo@example.com", has);
        });
        assert_fails!(
            create(&storage, Role::Member).await,
            CreateInviteError::TooMany(retry) if retry.seconds() == 12 * 3600
        );
        assert_eq!(storage.commits(), 0);
    }
}

/// An invitation sends an email to an address of the caller's choice.
#[tokio::test]
async fn user_with_an_unverified_email_address_cannot_send_invitations() {
    let caller = Caller { user: unverified(), ..caller() };
    let storage =
        MockStorage::default().on_begin(|db| expect_change(db, Some(Role::Owner))).on_begin(|db| {
            expect_change(db, Some(Role::Owner));
            db.invites.expect_renew().once().returning(|_, _, _| Ok(Some(invite())));
        });
    let application = World::new(&storage).application();
    let org = globex().to_string();
    let created = application.invites.create.run(&caller, &org, command(Role::Member)).await;
    let resent = application.invites.resend.run(&caller, &org, &invite().id.to_string()).await;
    for outcome in [created, resent] {
        assert_fails!(
            outcome,
            CreateInviteError::Denied(OrgAccessError::Forbidden(Forbidden::EMAIL_UNVERIFIED))
        );
    }
}

#[tokio::test]
async fn email_address_of_a_disallowed_domain_is_not_invited() {
    let storage = MockStorage::default().on_begin(|db| expect_change(db, Some(Role::Admin)));
    let mut world = World::new(&storage);
    world.settings.invites.domains = vec!["example.org".parse().unwrap()];
    let org = globex().to_string();
    let outcome =
        world.application().invites.create.run(&caller(), &org, command(Role::Member)).await;
    assert_fails!(outcome, CreateInviteError::DomainNotAllowed);
}

/// The limits of the settings don't apply to operators and platform administrators.
#[tokio::test]
async fn platform_administrator_sends_any_number_of_invitations() {
    let storage = MockStorage::default().on_begin(|db| {
        expect_change(db, Some(Role::Admin));
        expect_member(db, false);
        let to = Allowance::invitations_to(&email("cleo@example.com"), 5, NOW).unwrap();
        db.outbox.expect_take().with(eq(to)).once().returning(|_| Ok(true));
        db.invites.expect_upsert().once().returning(|invite| Ok(invite.clone()));
        db.outbox.expect_enqueue().once().returning(|_| Ok(()));
        expect_org_audit(db, AuditKind::InviteCreated, ann_id());
    });
    let admin = Caller { user: User { is_platform_admin: true, ..ann() }, ..caller() };
    let application = World::new(&storage).application();
    let org = globex().to_string();
    application.invites.create.run(&admin, &org, command(Role::Member)).await.unwrap();
}

#[tokio::test]
async fn invite_is_created_and_its_email_is_queued() {
    let storage = MockStorage::default().on_begin(|db| {
        expect_change(db, Some(Role::Admin));
        expect_member(db, false);
        expect_allowances(db);
        db.invites.expect_upsert().once().returning(|invite| Ok(invite.clone()));
        db.outbox
            .expect_enqueue()
            .withf(|mail| {
                mail.to == email("cleo@example.com")
                    && matches!(mail.subject, MailKind::Invite(token) if token.counter == 1)
            })
            .once()
            .returning(|_| Ok(()));
        expect_org_audit(db, AuditKind::InviteCreated, ann_id());
    });
    let made = create(&storage, Role::Admin).await.unwrap();
    assert_eq!((made.org_id, made.role, made.invited_by), (globex(), Role::Admin, ann_id()));
    assert_eq!((made.created_at, made.expires_at), (NOW, NOW + Invite::LIFETIME));
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn inviting_an_email_address_again_sends_a_new_link() {
    let storage = MockStorage::default().on_begin(|db| {
        expect_change(db, Some(Role::Owner));
        expect_member(db, false);
        expect_allowances(db);
        db.invites.expect_upsert().once().returning(|_| Ok(invite()));
        expect_mail(db, "ann@example.com", MailKind::Invite(invite_reference(&invite())));
        expect_org_audit(db, AuditKind::InviteRenewed, ann_id());
    });
    assert_eq!(create(&storage, Role::Owner).await.unwrap(), invite());
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn inviting_with_a_role_beyond_the_callers_is_rejected() {
    for (own, role) in [(Role::Admin, Role::Owner), (Role::Member, Role::Member)] {
        let storage = MockStorage::default().on_begin(|db| expect_change(db, Some(own)));
        let needed = Forbidden { required: "invite:create" };
        assert_fails!(
            create(&storage, role).await,
            CreateInviteError::Denied(OrgAccessError::Forbidden(it)) if it == needed
        );
    }
}

#[tokio::test]
async fn member_cannot_be_invited_again() {
    let storage = MockStorage::default().on_begin(|db| {
        expect_change(db, Some(Role::Admin));
        expect_member(db, true);
    });
    assert_fails!(create(&storage, Role::Member).await, CreateInviteError::AlreadyMember);
    assert_eq!(storage.commits(), 0);
}

#[tokio::test]
async fn invite_to_a_personal_organization_is_rejected() {
    let storage = MockStorage::default().on_begin(|db| {
        db.orgs.expect_lock().once().returning(|_| Ok(true));
        db.orgs.expect_find_for().once().returning(|id, _| {
            let OrgWithRole { org, role } = workspace(id, Role::Owner);
            Ok(Some(OrgWithRole { org: Org { kind: OrgKind::Personal, ..org }, role }))
        });
    });
    assert_fails!(create(&storage, Role::Member).await, CreateInviteError::Personal);
}

#[tokio::test]
async fn operator_invites_on_behalf_of_a_member() {
    let storage = MockStorage::default().on_begin(|db| {
        db.orgs.expect_lock().once().returning(|_| Ok(true));
        db.orgs
            .expect_find_for()
            .with(eq(globex()), eq(bob_id()))
            .once()
            .returning(|id, _| Ok(Some(workspace(id, Role::Owner))));
        expect_member(db, false);
        db.invites.expect_upsert().once().returning(|invite| Ok(invite.clone()));
        db.outbox.expect_enqueue().once().returning(|_| Ok(()));
        db.audit
            .expect_record()
            .withf(|event| {
                event.user_id == Some(bob_id()) && event.client == RequestContext::internal()
            })
            .once()
            .returning(|_| Ok(()));
    });
    let application = World::new(&storage).application();
    let made = application.invites.create.on_behalf_of(bob_id(), globex(), command(Role::Owner));
    assert_eq!(made.await.unwrap().invited_by, bob_id());
}

#[tokio::test]
async fn pending_invites_are_listed_for_permitted_members_and_operators() {
    let listing = |db: &mut MockRepositories| {
        db.invites
            .expect_list_pending()
            .with(eq(globex()), eq(FIRST_PAGE))
            .once()
            .returning(|_, _| Ok(Page { items: vec![invite()], next: None }));
    };
    let storage = MockStorage::default()
        .on_connect(|db| {
            expect_org_read(db, Some(Role::Admin));
            listing(db);
        })
        .on_connect(listing)
        .on_connect(|db| expect_org_read(db, Some(Role::Member)));
    let application = World::new(&storage).application();
    let id = globex().to_string();
    let page = application.invites.list.run(&caller(), &id, FIRST_PAGE).await.unwrap();
    assert_eq!(page, application.invites.list.of(globex(), FIRST_PAGE).await.unwrap());
    assert_eq!(page.items, [invite()]);
    let outcome = application.invites.list.run(&caller(), &id, FIRST_PAGE).await;
    assert_fails!(outcome, OrgAccessError::Forbidden(Forbidden { required: "invite:list" }));
}

#[tokio::test]
async fn member_with_permission_revokes_an_invite() {
    for (revoked, commits) in [(true, 1), (false, 0)] {
        let storage = MockStorage::default().on_begin(|db| {
            expect_change(db, Some(Role::Admin));
            db.invites
                .expect_revoke()
                .with(eq(globex()), eq(invite().id), eq(NOW))
                .once()
                .returning(move |_, _, _| Ok(revoked));
            if revoked {
                expect_org_audit(db, AuditKind::InviteRevoked, ann_id());
            }
        });
        let application = World::new(&storage).application();
        let (org, id) = (globex().to_string(), invite().id.to_string());
        let outcome = application.invites.revoke.run(&caller(), &org, &id).await;
        assert_eq!(outcome.is_ok(), revoked, "{outcome:?}");
        assert_eq!(storage.commits(), commits);
    }
}

#[tokio::test]
async fn operator_revokes_an_invite() {
    let storage = MockStorage::default().on_begin(|db| {
        db.invites.expect_revoke().once().returning(|_, _, _| Ok(true));
        db.audit
            .expect_record()
            .withf(|event| event.user_id.is_none() && event.org_id == Some(globex()))
            .once()
            .returning(|_| Ok(()));
    });
    World::new(&storage).application().invites.revoke.of(globex(), invite().id).await.unwrap();
    assert_eq!(storage.commits(), 1);
}

#[tokio::test]
async fn resending_an_invite_requires_a_role_that_may_grant_its_role() {
    for (role, is_sent) in [(Role::Member, true), (Role::Owner, false)] {
        let renewed = Invite { role, invited_by: ann_id(), counter: 3, ..invite() };
        let storage = MockStorage::default().on_begin(|db| {
            expect_change(db, Some(Role::Admin));
            let answer = renewed.clone();
            db.invites
                .expect_renew()
                .with(eq(globex()), eq(invite().id), eq(InviteRenewal::new(ann_id(), NOW)))
                .once()
                .return_once(|_, _, _| Ok(Some(answer)));
            if is_sent {
                expect_allowances_to(db, "ann@example.com", |_| true);
                let subject = MailKind::Invite(invite_reference(&renewed));
                expect_mail(db, "ann@example.com", subject);
                expect_org_audit(db, AuditKind::InviteRenewed, ann_id());
            }
        });
        let application = World::new(&storage).application();
        let (org, id) = (globex().to_string(), invite().id.to_string());
        let outcome = application.invites.resend.run(&caller(), &org, &id).await;
        if is_sent {
            assert_eq!(outcome.unwrap(), renewed);
        } else {
            let needed = Forbidden { required: "invite:create" };
            assert_fails!(
                outcome,
                CreateInviteError::Denied(OrgAccessError::Forbidden(it)) if it == needed
            );
        }
        assert_eq!(storage.commits(), usize::from(is_sent));
    }
}

#[tokio::test]
async fn single_pending_invite_of_the_organization_is_returned() {
    let of_another = Invite { org_id: acme(), ..invite() };
    let used = Invite { state: InviteState::Accepted { at: NOW }, ..invite() };
    for (stored, is_there) in
        [(Some(invite()), true), (Some(of_another), false), (Some(used), false), (None, false)]
    {
        let expected = stored.clone();
        let storage = MockStorage::default().on_connect(|db| {
            expect_org_read(db, Some(Role::Admin));
            db.invites.expect_find().with(eq(invite().id)).once().return_once(|_| Ok(stored));
        });
        let application = World::new(&storage).application();
        let (org, id) = (globex().to_string(), invite().id.to_string());
        let found = application.invites.get.run(&caller(), &org, &id).await;
        if is_there {
            assert_eq!(Some(found.unwrap().1), expected);
        } else {
            assert_fails!(found, OrgAccessError::NotFound);
        }
    }
}
