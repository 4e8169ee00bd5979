//! Clauses of `InviteRepository`.

use std::collections::BTreeSet;

use doorward_domain::{
    InviteId,
    account::user::User,
    org::{
        Org,
        invite::{Invite, InviteRenewal, InviteState, InviteWithOrg},
        role::Role,
    },
    pagination::{PageQuery, PageSize},
    ports::Storage,
};
use time::{Duration, OffsetDateTime};

use crate::{
    concurrency::{at_once, count_true},
    fixtures::{self, connect},
    samples::{self, NOW, after},
};

async fn org_and_owner(storage: &dyn Storage) -> (Org, User) {
    let org = fixtures::org(storage, samples::org("Acme")).await;
    let owner = fixtures::user(storage, samples::user("owner")).await;
    fixtures::member(storage, &org, &owner, Role::Owner).await;
    (org, owner)
}

async fn upsert(storage: &dyn Storage, invite: &Invite) -> Invite {
    connect(storage).await.invites().upsert(invite).await.unwrap()
}

async fn pending(storage: &dyn Storage) -> Invite {
    let (org, owner) = org_and_owner(storage).await;
    upsert(storage, &samples::invite(&org, &owner, "bob@example.com")).await
}

async fn find(storage: &dyn Storage, id: InviteId) -> Option<Invite> {
    connect(storage).await.invites().find(id).await.unwrap()
}

async fn accept(storage: &dyn Storage, invite: &Invite, now: OffsetDateTime) -> bool {
    connect(storage).await.invites().accept(invite.id, invite.counter, now).await.unwrap()
}

async fn revoke(storage: &dyn Storage, org: &Org, invite: &Invite, now: OffsetDateTime) -> bool {
    connect(storage).await.invites().revoke(org.id, invite.id, now).await.unwrap()
}

/// Checks that the stored invite is returned unchanged, with times to the microsecond.
pub async fn invite_is_returned_as_it_was_added(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    for (number, role) in [Role::Owner, Role::Admin, Role::Member].into_iter().enumerate() {
        let invite = samples::invite(&org, &owner, &format!("Bob.{number}@example.com"));
        let invite = Invite { role, ..invite };
        assert_eq!(upsert(storage, &invite).await, invite);
        assert_eq!(find(storage, invite.id).await, Some(invite));
    }
}

/// Checks that the result for an unknown invite is `Ok(None)`.
pub async fn unknown_invite_is_absent(storage: &dyn Storage) {
    let id = InviteId::from_uuid(samples::id());
    assert_eq!(find(storage, id).await, None);
    assert!(!connect(storage).await.invites().accept(id, 1, NOW).await.unwrap());
}

/// Checks that a renewal keeps the ID of the row, takes every other value from the invite, and increments the
/// counter by one.
pub async fn inviting_again_renews_the_pending_invite(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let admin = fixtures::user(storage, samples::user("admin")).await;
    let first = upsert(storage, &samples::invite(&org, &owner, "bob@example.com")).await;
    let again = Invite {
        role: Role::Admin,
        created_at: after(60),
        expires_at: after(60) + Invite::LIFETIME,
        ..samples::invite(&org, &admin, "BOB@example.com")
    };
    let renewed = upsert(storage, &again).await;
    let expected = Invite { id: first.id, counter: first.counter + 1, ..again.clone() };
    assert_eq!(renewed, expected);
    assert_eq!(find(storage, first.id).await, Some(expected));
    assert_eq!(find(storage, again.id).await, None);
}

/// Checks that an expired invite is renewed as well, since there must never be two pending invites.
pub async fn expired_invite_is_renewed(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let first = Invite { expires_at: after(1), ..samples::invite(&org, &owner, "bob@example.com") };
    let first = upsert(storage, &first).await;
    let renewed = upsert(storage, &samples::invite(&org, &owner, "bob@example.com")).await;
    assert_eq!((renewed.id, renewed.counter), (first.id, first.counter + 1));
    assert!(accept(storage, &renewed, after(2)).await);
}

/// Checks that there are never two pending invites, even with concurrent callers.
pub async fn concurrent_invites_for_one_email_leave_one_pending(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let answers = at_once(16, async |number| {
        let address = ["bob@example.com", "Bob@example.com"][number % 2];
        upsert(storage, &samples::invite(&org, &owner, address)).await
    });
    let ids: BTreeSet<_> = answers.iter().map(|invite| invite.id).collect();
    let counters: BTreeSet<_> = answers.iter().map(|invite| invite.counter).collect();
    assert_eq!((ids.len(), counters.len()), (1, 16));
}

/// Checks that only a pending invite is renewed: after its end, a new one is added.
pub async fn ended_invite_is_not_renewed(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let invite = || samples::invite(&org, &owner, "bob@example.com");
    let accepted = upsert(storage, &invite()).await;
    assert!(accept(storage, &accepted, after(1)).await);
    let revoked = upsert(storage, &invite()).await;
    assert!(revoke(storage, &org, &revoked, after(2)).await);
    let new = invite();
    assert_eq!(upsert(storage, &new).await, new);

    let state = async |invite: &Invite| find(storage, invite.id).await.unwrap().state;
    assert_eq!(state(&accepted).await, InviteState::Accepted { at: after(1) });
    assert_eq!(state(&revoked).await, InviteState::Revoked { at: after(2) });
    assert_eq!(state(&new).await, InviteState::Pending);
}

/// Checks that only an invite for the same email address in the same organization is renewed.
pub async fn invites_to_two_organizations_are_separate(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let other = fixtures::org(storage, samples::org("Other")).await;
    for org in [&org, &other] {
        let invite = samples::invite(org, &owner, "bob@example.com");
        assert_eq!(upsert(storage, &invite).await, invite);
    }
    let invite = samples::invite(&org, &owner, "carol@example.com");
    assert_eq!(upsert(storage, &invite).await, invite);
}

/// Checks that an invite can be accepted once.
pub async fn invite_is_accepted_once(storage: &dyn Storage) {
    let invite = pending(storage).await;
    assert!(accept(storage, &invite, after(1)).await);
    assert!(!accept(storage, &invite, after(2)).await);
    let state = InviteState::Accepted { at: after(1) };
    assert_eq!(find(storage, invite.id).await, Some(Invite { state, ..invite }));
}

/// Checks that an invite can be accepted only with its current counter.
pub async fn invite_is_accepted_with_the_current_counter_only(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let first = upsert(storage, &samples::invite(&org, &owner, "bob@example.com")).await;
    let renewed = upsert(storage, &samples::invite(&org, &owner, "bob@example.com")).await;
    for counter in [0, first.counter, renewed.counter + 1, u32::MAX] {
        let wrong = Invite { counter, ..renewed.clone() };
        assert!(!accept(storage, &wrong, after(1)).await, "{counter}");
    }
    assert!(accept(storage, &renewed, after(1)).await);
}

/// Checks that an invite can be accepted only before it expires. It has expired at the exact time of its end.
pub async fn invite_is_accepted_before_it_expires(storage: &dyn Storage) {
    let invite = pending(storage).await;
    assert!(!accept(storage, &invite, invite.expires_at + Duration::SECOND).await);
    assert!(!accept(storage, &invite, invite.expires_at).await);
    assert!(accept(storage, &invite, invite.expires_at - Duration::MICROSECOND).await);
}

/// Checks that an invite can't be accepted if its inviter is disabled or may no longer invite with its role.
pub async fn invite_requires_the_inviters_permission(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let inviter = fixtures::user(storage, samples::user("inviter")).await;
    fixtures::member(storage, &org, &inviter, Role::Owner).await;
    let set_role = async |role| {
        let mut repositories = connect(storage).await;
        assert!(repositories.memberships().set_role(org.id, inviter.id, role).await.unwrap());
    };
    let set_disabled = async |at| {
        connect(storage).await.users().set_disabled(inviter.id, at).await.unwrap();
    };
    for (role, lasts_by_admin) in [(Role::Owner, false), (Role::Admin, true), (Role::Member, true)]
    {
        set_role(Role::Owner).await;
        let address = format!("{}@example.com", role.as_str());
        let invite = Invite { role, ..samples::invite(&org, &inviter, &address) };
        let invite = upsert(storage, &invite).await;
        set_role(Role::Member).await;
        assert!(!accept(storage, &invite, after(1)).await, "{role:?}");
        set_role(Role::Owner).await;
        set_disabled(Some(NOW)).await;
        assert!(!accept(storage, &invite, after(1)).await, "{role:?}");
        set_disabled(None).await;
        set_role(Role::Admin).await;
        assert_eq!(accept(storage, &invite, after(1)).await, lasts_by_admin, "{role:?}");
    }
    let invite = upsert(storage, &samples::invite(&org, &inviter, "bob@example.com")).await;
    assert!(connect(storage).await.memberships().remove(org.id, inviter.id).await.unwrap());
    assert!(!accept(storage, &invite, after(1)).await);
    // A new invite from a user who may invite can be accepted.
    let invite = upsert(storage, &samples::invite(&org, &owner, "bob@example.com")).await;
    assert!(accept(storage, &invite, after(1)).await);
}

/// Checks that of many concurrent callers exactly one gets `true`.
pub async fn concurrent_acceptances_succeed_once(storage: &dyn Storage) {
    let invite = pending(storage).await;
    let answers = at_once(16, async |_| accept(storage, &invite, after(1)).await);
    assert_eq!(count_true(answers), 1);
}

/// Checks that a revoked invite can't be accepted.
pub async fn revoked_invite_is_not_accepted(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let invite = upsert(storage, &samples::invite(&org, &owner, "bob@example.com")).await;
    assert!(revoke(storage, &org, &invite, after(1)).await);
    assert!(!accept(storage, &invite, after(2)).await);
    assert!(!revoke(storage, &org, &invite, after(3)).await);
    let state = InviteState::Revoked { at: after(1) };
    assert_eq!(find(storage, invite.id).await, Some(Invite { state, ..invite }));
}

/// Checks that only a pending invite can be revoked.
pub async fn accepted_invite_is_not_revoked(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let invite = upsert(storage, &samples::invite(&org, &owner, "bob@example.com")).await;
    assert!(accept(storage, &invite, after(1)).await);
    assert!(!revoke(storage, &org, &invite, after(2)).await);
    let state = InviteState::Accepted { at: after(1) };
    assert_eq!(find(storage, invite.id).await.unwrap().state, state);
}

/// Checks that an invite of another organization can't be revoked.
pub async fn invite_of_another_organization_is_not_revoked(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let other = fixtures::org(storage, samples::org("Other")).await;
    let invite = upsert(storage, &samples::invite(&org, &owner, "bob@example.com")).await;
    assert!(!revoke(storage, &other, &invite, after(1)).await);
    assert_eq!(find(storage, invite.id).await, Some(invite));
}

/// Checks that an invite is either accepted or revoked if both are tried concurrently.
pub async fn invite_is_either_accepted_or_revoked(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let invite = upsert(storage, &samples::invite(&org, &owner, "bob@example.com")).await;
    let answers = at_once(8, async |number| {
        if number % 2 == 0 {
            accept(storage, &invite, after(1)).await
        } else {
            revoke(storage, &org, &invite, after(1)).await
        }
    });
    assert_eq!(count_true(answers), 1);
}

/// Checks that the pending invites of this organization are listed, including expired ones, and that each
/// page begins after the previous one.
pub async fn pending_invites_are_listed_page_by_page(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let other = fixtures::org(storage, samples::org("Other")).await;
    upsert(storage, &samples::invite(&other, &owner, "zoe@example.com")).await;
    let mut expected = Vec::new();
    for name in ["bob", "carol", "dave"] {
        let invite = samples::invite(&org, &owner, &format!("{name}@example.com"));
        let invite = Invite { expires_at: after(1), ..invite };
        expected.insert(0, upsert(storage, &invite).await);
    }
    let ended = upsert(storage, &samples::invite(&org, &owner, "erin@example.com")).await;
    assert!(accept(storage, &ended, after(1)).await);
    let ended = upsert(storage, &samples::invite(&org, &owner, "fay@example.com")).await;
    assert!(revoke(storage, &org, &ended, after(1)).await);

    let request = PageQuery { limit: PageSize::new(2).unwrap(), after: None };
    let first = connect(storage).await.invites().list_pending(org.id, request).await.unwrap();
    assert_eq!((&first.items[..], first.next), (&expected[..2], Some(expected[1].id)));
    let request = PageQuery { after: first.next, ..request };
    let second = connect(storage).await.invites().list_pending(org.id, request).await.unwrap();
    assert_eq!((&second.items[..], second.next), (&expected[2..], None));
}

/// Checks that the pending invites of all organizations are listed, each with the name of its organization.
pub async fn pending_invites_of_all_organizations_are_listed_with_their_names(
    storage: &dyn Storage,
) {
    let (org, owner) = org_and_owner(storage).await;
    let other = fixtures::org(storage, samples::org("Other")).await;
    let mut expected = Vec::new();
    for (org, name) in [(&org, "bob"), (&other, "bob"), (&org, "carol")] {
        let invite = samples::invite(org, &owner, &format!("{name}@example.com"));
        let invite = upsert(storage, &invite).await;
        expected.insert(0, InviteWithOrg { invite, org_name: org.name.clone() });
    }
    let ended = upsert(storage, &samples::invite(&org, &owner, "erin@example.com")).await;
    assert!(accept(storage, &ended, after(1)).await);
    let ended = upsert(storage, &samples::invite(&other, &owner, "fay@example.com")).await;
    assert!(revoke(storage, &other, &ended, after(1)).await);

    let list = async |after| {
        let request = PageQuery { limit: PageSize::new(2).unwrap(), after };
        connect(storage).await.invites().list_all_pending(request).await.unwrap()
    };
    let first = list(None).await;
    assert_eq!((&first.items[..], first.next), (&expected[..2], Some(expected[1].invite.id)));
    let second = list(first.next).await;
    assert_eq!((&second.items[..], second.next), (&expected[2..], None));
}

/// Checks that every pending invite is revoked, and no accepted one.
pub async fn invites_of_all_organizations_are_revoked_once(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let other = fixtures::org(storage, samples::org("Other")).await;
    let accepted = upsert(storage, &samples::invite(&org, &owner, "erin@example.com")).await;
    assert!(accept(storage, &accepted, after(1)).await);
    let one = upsert(storage, &samples::invite(&org, &owner, "bob@example.com")).await;
    let two = upsert(storage, &samples::invite(&other, &owner, "bob@example.com")).await;
    for (at, count) in [(after(2), 2), (after(3), 0)] {
        assert_eq!(connect(storage).await.invites().revoke_all(at).await.unwrap(), count);
    }
    let state = async |invite: &Invite| find(storage, invite.id).await.unwrap().state;
    for invite in [&one, &two] {
        assert_eq!(state(invite).await, InviteState::Revoked { at: after(2) });
    }
    assert_eq!(state(&accepted).await, InviteState::Accepted { at: after(1) });
}

/// Checks that the counter is incremented by one, and that the email address and the role stay.
pub async fn pending_invite_is_renewed_by_its_id(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let admin = fixtures::user(storage, samples::user("admin")).await;
    let first = samples::invite(&org, &owner, "Bob@example.com");
    let first = upsert(storage, &Invite { role: Role::Admin, ..first }).await;
    let renewal = InviteRenewal::new(admin.id, after(60));
    let renewed = renew(storage, &org, first.id, &renewal).await;
    let expected = Invite {
        invited_by: admin.id,
        counter: first.counter + 1,
        created_at: after(60),
        expires_at: after(60) + Invite::LIFETIME,
        ..first.clone()
    };
    assert_eq!(renewed, Some(expected.clone()));
    assert_eq!(find(storage, first.id).await, Some(expected));
    assert!(!accept(storage, &first, after(61)).await);
}

/// Checks that only a pending invite of this organization is renewed.
pub async fn other_invites_are_not_renewed(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let other = fixtures::org(storage, samples::org("Other")).await;
    let invite = upsert(storage, &samples::invite(&org, &owner, "bob@example.com")).await;
    let renewal = InviteRenewal::new(owner.id, after(1));
    assert_eq!(renew(storage, &other, invite.id, &renewal).await, None);
    assert_eq!(renew(storage, &org, InviteId::NONE, &renewal).await, None);
    assert_eq!(find(storage, invite.id).await, Some(invite.clone()));
    assert!(revoke(storage, &org, &invite, after(1)).await);
    assert_eq!(renew(storage, &org, invite.id, &renewal).await, None);
    let invite = upsert(storage, &samples::invite(&org, &owner, "bob@example.com")).await;
    assert!(accept(storage, &invite, after(1)).await);
    assert_eq!(renew(storage, &org, invite.id, &renewal).await, None);
}

async fn renew(
    storage: &dyn Storage,
    org: &Org,
    id: InviteId,
    renewal: &InviteRenewal,
) -> Option<Invite> {
    connect(storage).await.invites().renew(org.id, id, renewal).await.unwrap()
}
