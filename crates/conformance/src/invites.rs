//! `InviteRepository`.

use std::collections::BTreeSet;

use doorward_domain::{
    InviteId,
    invite::{Invite, InviteRenewal, InviteState, InviteWithOrg},
    org::Org,
    page::{PageLimit, PageRequest},
    ports::Storage,
    role::Role,
    user::User,
};
use time::{Duration, OffsetDateTime};

use crate::{
    concurrency::{at_once, count_yes},
    given::{self, connect},
    sample::{self, NOW, after},
};

async fn org_and_owner(storage: &dyn Storage) -> (Org, User) {
    let org = given::org(storage, sample::org("Acme")).await;
    let owner = given::user(storage, sample::user("owner")).await;
    given::member(storage, &org, &owner, Role::Owner).await;
    (org, owner)
}

async fn upsert(storage: &dyn Storage, invite: &Invite) -> Invite {
    connect(storage).await.invites().upsert(invite).await.unwrap()
}

async fn pending(storage: &dyn Storage) -> Invite {
    let (org, owner) = org_and_owner(storage).await;
    upsert(storage, &sample::invite(&org, &owner, "bob@example.com")).await
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

/// `InviteRepository::upsert`, `find`: it answers what is stored, times to the microsecond.
pub async fn an_invite_comes_back_as_it_was_added(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    for (number, role) in [Role::Owner, Role::Admin, Role::Member].into_iter().enumerate() {
        let invite = sample::invite(&org, &owner, &format!("Bob.{number}@example.com"));
        let invite = Invite { role, ..invite };
        assert_eq!(upsert(storage, &invite).await, invite);
        assert_eq!(find(storage, invite.id).await, Some(invite));
    }
}

/// `InviteRepository::find`: absence is `Ok(None)`.
pub async fn an_unknown_invite_is_absent(storage: &dyn Storage) {
    let id = InviteId::from_uuid(sample::id());
    assert_eq!(find(storage, id).await, None);
    assert!(!connect(storage).await.invites().accept(id, 1, NOW).await.unwrap());
}

/// `InviteRepository::upsert`: a renewal MUST keep the row's id, take everything else from the
/// invite, and move the counter on by one.
pub async fn inviting_again_renews_the_pending_invite(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let admin = given::user(storage, sample::user("admin")).await;
    let first = upsert(storage, &sample::invite(&org, &owner, "bob@example.com")).await;
    let again = Invite {
        role: Role::Admin,
        created_at: after(60),
        expires_at: after(60) + Invite::LIFETIME,
        ..sample::invite(&org, &admin, "BOB@example.com")
    };
    let renewed = upsert(storage, &again).await;
    let expected = Invite { id: first.id, counter: first.counter + 1, ..again.clone() };
    assert_eq!(renewed, expected);
    assert_eq!(find(storage, first.id).await, Some(expected));
    assert_eq!(find(storage, again.id).await, None);
}

/// `InviteRepository::upsert`: an invite that expired is pending as well, since there MUST never be
/// two of those.
pub async fn an_expired_invite_is_renewed(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let first = Invite { expires_at: after(1), ..sample::invite(&org, &owner, "bob@example.com") };
    let first = upsert(storage, &first).await;
    let renewed = upsert(storage, &sample::invite(&org, &owner, "bob@example.com")).await;
    assert_eq!((renewed.id, renewed.counter), (first.id, first.counter + 1));
    assert!(accept(storage, &renewed, after(2)).await);
}

/// `InviteRepository::upsert`: there MUST never be two pending ones, whoever invites at the same
/// moment.
pub async fn of_many_invites_for_one_address_one_is_pending(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let answers = at_once(16, async |number| {
        let address = ["bob@example.com", "Bob@example.com"][number % 2];
        upsert(storage, &sample::invite(&org, &owner, address)).await
    });
    let ids: BTreeSet<_> = answers.iter().map(|invite| invite.id).collect();
    let counters: BTreeSet<_> = answers.iter().map(|invite| invite.counter).collect();
    assert_eq!((ids.len(), counters.len()), (1, 16));
}

/// `InviteRepository::upsert`: only a pending invite is renewed: after its end there is a new one.
pub async fn after_an_invite_has_ended_there_is_a_new_one(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let invite = || sample::invite(&org, &owner, "bob@example.com");
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

/// `InviteRepository::upsert`: the same address in the same organisation, and in no other.
pub async fn invites_into_two_organisations_are_two(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let other = given::org(storage, sample::org("Other")).await;
    for org in [&org, &other] {
        let invite = sample::invite(org, &owner, "bob@example.com");
        assert_eq!(upsert(storage, &invite).await, invite);
    }
    let invite = sample::invite(&org, &owner, "carol@example.com");
    assert_eq!(upsert(storage, &invite).await, invite);
}

/// `InviteRepository::accept`: it uses the invite up, once.
pub async fn an_invite_is_accepted_once(storage: &dyn Storage) {
    let invite = pending(storage).await;
    assert!(accept(storage, &invite, after(1)).await);
    assert!(!accept(storage, &invite, after(2)).await);
    let state = InviteState::Accepted { at: after(1) };
    assert_eq!(find(storage, invite.id).await, Some(Invite { state, ..invite }));
}

/// `InviteRepository::accept`: if this is its counter.
pub async fn an_invite_is_accepted_with_the_current_counter_only(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let first = upsert(storage, &sample::invite(&org, &owner, "bob@example.com")).await;
    let renewed = upsert(storage, &sample::invite(&org, &owner, "bob@example.com")).await;
    for counter in [0, first.counter, renewed.counter + 1, u32::MAX] {
        let wrong = Invite { counter, ..renewed.clone() };
        assert!(!accept(storage, &wrong, after(1)).await, "{counter}");
    }
    assert!(accept(storage, &renewed, after(1)).await);
}

/// `InviteRepository::accept`: if it is open, which it no longer is at the moment it expires.
pub async fn an_invite_is_accepted_before_it_expires(storage: &dyn Storage) {
    let invite = pending(storage).await;
    assert!(!accept(storage, &invite, invite.expires_at + Duration::SECOND).await);
    assert!(!accept(storage, &invite, invite.expires_at).await);
    assert!(accept(storage, &invite, invite.expires_at - Duration::MICROSECOND).await);
}

/// `InviteRepository::accept`: it MUST NOT be used when whoever invited may no longer invite into
/// its role.
pub async fn an_invite_lasts_as_long_as_its_inviters_right(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let inviter = given::user(storage, sample::user("inviter")).await;
    given::member(storage, &org, &inviter, Role::Owner).await;
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
        let invite = Invite { role, ..sample::invite(&org, &inviter, &address) };
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
    let invite = upsert(storage, &sample::invite(&org, &inviter, "bob@example.com")).await;
    assert!(connect(storage).await.memberships().remove(org.id, inviter.id).await.unwrap());
    assert!(!accept(storage, &invite, after(1)).await);
    // Invited anew by somebody who may, it opens.
    let invite = upsert(storage, &sample::invite(&org, &owner, "bob@example.com")).await;
    assert!(accept(storage, &invite, after(1)).await);
}

/// `InviteRepository::accept`: of many callers at the same moment exactly one MUST hear yes.
pub async fn of_many_who_accept_one_hears_yes(storage: &dyn Storage) {
    let invite = pending(storage).await;
    let answers = at_once(16, async |_| accept(storage, &invite, after(1)).await);
    assert_eq!(count_yes(answers), 1);
}

/// `InviteRepository::revoke`: it takes a pending invite back, which nobody can accept then.
pub async fn a_revoked_invite_is_not_accepted(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let invite = upsert(storage, &sample::invite(&org, &owner, "bob@example.com")).await;
    assert!(revoke(storage, &org, &invite, after(1)).await);
    assert!(!accept(storage, &invite, after(2)).await);
    assert!(!revoke(storage, &org, &invite, after(3)).await);
    let state = InviteState::Revoked { at: after(1) };
    assert_eq!(find(storage, invite.id).await, Some(Invite { state, ..invite }));
}

/// `InviteRepository::revoke`: a pending one only.
pub async fn an_accepted_invite_is_not_revoked(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let invite = upsert(storage, &sample::invite(&org, &owner, "bob@example.com")).await;
    assert!(accept(storage, &invite, after(1)).await);
    assert!(!revoke(storage, &org, &invite, after(2)).await);
    let state = InviteState::Accepted { at: after(1) };
    assert_eq!(find(storage, invite.id).await.unwrap().state, state);
}

/// `InviteRepository::revoke`: an invite of this organisation: another one's id does nothing.
pub async fn an_invite_of_another_organisation_is_not_revoked(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let other = given::org(storage, sample::org("Other")).await;
    let invite = upsert(storage, &sample::invite(&org, &owner, "bob@example.com")).await;
    assert!(!revoke(storage, &other, &invite, after(1)).await);
    assert_eq!(find(storage, invite.id).await, Some(invite));
}

/// `InviteRepository`: an invite is either accepted or revoked, if both are tried at the same moment.
pub async fn an_invite_has_one_end(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let invite = upsert(storage, &sample::invite(&org, &owner, "bob@example.com")).await;
    let answers = at_once(8, async |number| {
        if number % 2 == 0 {
            accept(storage, &invite, after(1)).await
        } else {
            revoke(storage, &org, &invite, after(1)).await
        }
    });
    assert_eq!(count_yes(answers), 1);
}

/// `InviteRepository::list_pending`: the pending ones of this organisation, those past their time among
/// them; each page begins after the one before.
pub async fn pending_invites_are_listed_page_by_page(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let other = given::org(storage, sample::org("Other")).await;
    upsert(storage, &sample::invite(&other, &owner, "zoe@example.com")).await;
    let mut expected = Vec::new();
    for name in ["bob", "carol", "dave"] {
        let invite = sample::invite(&org, &owner, &format!("{name}@example.com"));
        let invite = Invite { expires_at: after(1), ..invite };
        expected.insert(0, upsert(storage, &invite).await);
    }
    let ended = upsert(storage, &sample::invite(&org, &owner, "erin@example.com")).await;
    assert!(accept(storage, &ended, after(1)).await);
    let ended = upsert(storage, &sample::invite(&org, &owner, "fay@example.com")).await;
    assert!(revoke(storage, &org, &ended, after(1)).await);

    let request = PageRequest { limit: PageLimit::new(2).unwrap(), after: None };
    let first = connect(storage).await.invites().list_pending(org.id, request).await.unwrap();
    assert_eq!((&first.items[..], first.next), (&expected[..2], Some(expected[1].id)));
    let request = PageRequest { after: first.next, ..request };
    let second = connect(storage).await.invites().list_pending(org.id, request).await.unwrap();
    assert_eq!((&second.items[..], second.next), (&expected[2..], None));
}

/// `InviteRepository::list_all_pending`: the pending ones of all organizations, each with the name of its own.
pub async fn pending_invites_of_all_organizations_are_listed_with_their_names(
    storage: &dyn Storage,
) {
    let (org, owner) = org_and_owner(storage).await;
    let other = given::org(storage, sample::org("Other")).await;
    let mut expected = Vec::new();
    for (org, name) in [(&org, "bob"), (&other, "bob"), (&org, "carol")] {
        let invite = sample::invite(org, &owner, &format!("{name}@example.com"));
        let invite = upsert(storage, &invite).await;
        expected.insert(0, InviteWithOrg { invite, org_name: org.name.clone() });
    }
    let ended = upsert(storage, &sample::invite(&org, &owner, "erin@example.com")).await;
    assert!(accept(storage, &ended, after(1)).await);
    let ended = upsert(storage, &sample::invite(&other, &owner, "fay@example.com")).await;
    assert!(revoke(storage, &other, &ended, after(1)).await);

    let list = async |after| {
        let request = PageRequest { limit: PageLimit::new(2).unwrap(), after };
        connect(storage).await.invites().list_all_pending(request).await.unwrap()
    };
    let first = list(None).await;
    assert_eq!((&first.items[..], first.next), (&expected[..2], Some(expected[1].invite.id)));
    let second = list(first.next).await;
    assert_eq!((&second.items[..], second.next), (&expected[2..], None));
}

/// `InviteRepository::revoke_all`: every pending one, and none that has ended.
pub async fn invites_of_all_organizations_are_revoked_once(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let other = given::org(storage, sample::org("Other")).await;
    let accepted = upsert(storage, &sample::invite(&org, &owner, "erin@example.com")).await;
    assert!(accept(storage, &accepted, after(1)).await);
    let one = upsert(storage, &sample::invite(&org, &owner, "bob@example.com")).await;
    let two = upsert(storage, &sample::invite(&other, &owner, "bob@example.com")).await;
    for (at, count) in [(after(2), 2), (after(3), 0)] {
        assert_eq!(connect(storage).await.invites().revoke_all(at).await.unwrap(), count);
    }
    let state = async |invite: &Invite| find(storage, invite.id).await.unwrap().state;
    for invite in [&one, &two] {
        assert_eq!(state(invite).await, InviteState::Revoked { at: after(2) });
    }
    assert_eq!(state(&accepted).await, InviteState::Accepted { at: after(1) });
}

/// `InviteRepository::renew`: the counter MUST move on by one, and address and role stay.
pub async fn a_pending_invite_is_renewed_by_its_id(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let admin = given::user(storage, sample::user("admin")).await;
    let first = sample::invite(&org, &owner, "Bob@example.com");
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

/// `InviteRepository::renew`: a pending one of this organisation only.
pub async fn no_other_invite_is_renewed(storage: &dyn Storage) {
    let (org, owner) = org_and_owner(storage).await;
    let other = given::org(storage, sample::org("Other")).await;
    let invite = upsert(storage, &sample::invite(&org, &owner, "bob@example.com")).await;
    let renewal = InviteRenewal::new(owner.id, after(1));
    assert_eq!(renew(storage, &other, invite.id, &renewal).await, None);
    assert_eq!(renew(storage, &org, InviteId::NONE, &renewal).await, None);
    assert_eq!(find(storage, invite.id).await, Some(invite.clone()));
    assert!(revoke(storage, &org, &invite, after(1)).await);
    assert_eq!(renew(storage, &org, invite.id, &renewal).await, None);
    let invite = upsert(storage, &sample::invite(&org, &owner, "bob@example.com")).await;
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
