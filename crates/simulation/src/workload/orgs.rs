use doorward_application::{
    access::org::OrgAccessError,
    invites::{
        accept::AcceptInviteError,
        create::{CreateInviteCommand, CreateInviteError},
    },
    orgs::{
        change_role::ChangeRoleError, create::CreateOrgError, remove_member::RemoveMemberError,
    },
    sessions::switch_org::SwitchOrgError,
};
use doorward_domain::{
    OrgId, UserId,
    account::email::EmailAddress,
    org::{
        OrgName,
        invite::InviteState,
        membership::Membership,
        role::{Permission, Role},
    },
};

use super::{Device, memory::Signed};
use crate::{history::Moment, journal::Invariant, storage::State, world::App};

impl Device {
    fn me(&self) -> UserId {
        self.signed.borrow().as_ref().map_or(UserId::NONE, |signed| signed.user)
    }

    /// Returns a random organization that satisfies a condition.
    fn some_org(&self, is_meant: impl Fn(&State, OrgId) -> bool) -> Option<OrgId> {
        let state = self.world.history.state();
        let all = state.orgs.iter().map(|(id, _)| *id);
        let meant: Vec<_> = all.filter(|id| is_meant(&state, *id)).collect();
        self.world.chance.pick(&meant).copied()
    }

    /// Returns a random shared organization of the user.
    fn own_org(&self) -> Option<OrgId> {
        let me = self.me();
        self.some_org(|state, org| {
            state.role(me, org).is_some()
                && state.orgs.get(&org).is_some_and(|org| org.kind.is_shared())
        })
    }

    /// Returns a random member of one of the user's organizations, usually another user.
    fn some_member(&self) -> Option<(OrgId, UserId)> {
        let (me, state) = (self.me(), self.world.history.state());
        let in_mine = |row: &&Membership| {
            state.role(me, row.org_id).is_some()
                && state.orgs.get(&row.org_id).is_some_and(|org| org.kind.is_shared())
        };
        let (own, others): (Vec<&Membership>, Vec<_>) =
            state.memberships.rows().filter(in_mine).partition(|row| row.user_id == me);
        let meant = if self.world.chance.happens(8500) { others } else { own };
        self.world.chance.pick(&meant).map(|row| (row.org_id, row.user_id))
    }

    /// Checks that the user had the permission for what they did.
    fn was_permitted(&self, since: Moment, org: OrgId, permission: Permission) {
        let me = self.me();
        let might = self.world.history.ever_since(since, |state| {
            state.role(me, org).is_some_and(|role| role.permits(permission))
        });
        self.check(might, Invariant::NothingOpens, "a user acted without permission");
    }

    fn is_denied(&self, denied: OrgAccessError) {
        match denied {
            OrgAccessError::Failure(error) => self.fails(&error),
            OrgAccessError::NotFound | OrgAccessError::Forbidden(_) => {
                self.hears(format_args!("{denied}"));
            }
        }
    }

    pub(super) async fn create_org(&self) {
        let Ok(name) = OrgName::parse("Acme") else { return };
        let work = |app: App, caller| async move { app.orgs.create.run(&caller, name).await };
        let me = self.me();
        match self.ask_signed(format_args!("create an organization"), work).await {
            Some((since, Ok(workspace))) => {
                let id = workspace.org.id;
                self.hears(format_args!("created organization {id}"));
                self.counts("organization created");
                // A password reset of a provisional account may have deleted it already.
                let lasts = self
                    .world
                    .history
                    .ever_since(since, |state| state.role(me, id) == Some(Role::Owner));
                self.check(lasts, Invariant::AcknowledgedLasts, "the organization is missing");
            }
            Some((_, Err(CreateOrgError::Failure(error)))) => self.fails(&error),
            Some((_, Err(error))) => self.hears(format_args!("{error}")),
            None => {}
        }
    }

    pub(super) async fn invite(&self) {
        let Some(org) = self.own_org() else { return self.create_org().await };
        let (me, state) = (self.me(), self.world.history.state());
        let may = state.users.get(&me).is_none_or(|account| account.user.is_verified());
        if !may && self.world.chance.happens(9000) {
            return self.verify().await;
        }
        let guest = format!("user{}@example.com", self.chance(4));
        let Ok(email) = EmailAddress::parse(&guest) else { return };
        let role = self.world.chance.pick(&Role::ALL).copied().unwrap_or(Role::Member);
        let command = CreateInviteCommand { email, role };
        let work = move |app: App, caller| async move {
            app.invites.create.run(&caller, &org.to_string(), command).await
        };
        let what = format_args!("invite {guest} into {org} as {role:?}");
        match self.ask_signed(what, work).await {
            Some((since, Ok(invite))) => {
                self.hears(format_args!("invited by {}", invite.id));
                self.counts("invited");
                self.was_permitted(since, org, Permission::InviteCreate);
                let lasts = self.world.history.state().invites.contains(&invite.id);
                self.check(lasts, Invariant::AcknowledgedLasts, "the invite is missing");
            }
            Some((_, Err(CreateInviteError::Denied(denied)))) => self.is_denied(denied),
            Some((_, Err(error))) => self.hears(format_args!("{error}")),
            None => {}
        }
    }

    /// Accepts an invite to the user, or occasionally one to another user.
    pub(super) async fn accept(&self) {
        let trespasses = self.world.chance.happens(1000);
        let mails = self.world.mailbox.all().into_iter();
        let own = self.person.addresses();
        let meant = mails.filter(|mail| own.contains(&mail.to) != trespasses);
        let tokens = meant.filter_map(|mail| mail.token).filter(|token| token.starts_with("dwi_"));
        let tokens: Vec<_> = tokens.collect();
        let Some(token) = self.world.chance.pick(&tokens).cloned() else { return };
        let what = format!("accept {token}");
        let work = |app: App, caller| async move { app.invites.accept.run(&caller, &token).await };
        match self.ask_signed(format_args!("{what}"), work).await {
            Some((since, Ok(workspace))) => {
                self.hears(format_args!("joined {}", workspace.org.id));
                self.counts("joined");
                self.has_joined(since, workspace.org.id, trespasses);
            }
            Some((_, Err(AcceptInviteError::Failure(error)))) => self.fails(&error),
            Some((_, Err(error))) => self.hears(format_args!("{error}")),
            None => {}
        }
    }

    fn has_joined(&self, since: Moment, org: OrgId, trespasses: bool) {
        self.check(!trespasses, Invariant::NothingOpens, "another user's invite was accepted");
        let me = self.me();
        let history = &self.world.history;
        let joined = history.ever_since(since, |state| state.role(me, org).is_some());
        self.check(joined, Invariant::AcknowledgedLasts, "the membership was never stored");
        let used = history.state().invites.rows().any(|invite| {
            invite.org_id == org && matches!(invite.state, InviteState::Accepted { .. })
        });
        self.check(used, Invariant::OnceAtMost, "a user joined, but no invite was consumed");
    }

    pub(super) async fn switch_org(&self) {
        let me = self.me();
        let Some(org) = self.some_org(|state, org| state.role(me, org).is_some()) else { return };
        let work = move |app: App, caller| async move {
            app.sessions.switch_org.run(&caller, &org.to_string()).await
        };
        match self.ask_signed(format_args!("switch to {org}"), work).await {
            Some((since, Ok((_, access)))) => {
                self.hears(format_args!("acts in {org}"));
                self.counts("organization switched");
                self.was_permitted(since, org, Permission::OrgAccess);
                if let Some(signed) = self.signed.borrow_mut().as_mut() {
                    *signed = Signed { access: access.token.expose().to_owned(), ..signed.clone() };
                }
            }
            Some((_, Err(SwitchOrgError::Failure(error)))) => self.fails(&error),
            Some((_, Err(error))) => self.hears(format_args!("{error}")),
            None => {}
        }
    }

    pub(super) async fn change_role(&self) {
        let Some((org, member)) = self.some_member() else { return };
        let role = self.world.chance.pick(&Role::ALL).copied().unwrap_or(Role::Member);
        let work = move |app: App, caller| async move {
            app.orgs.change_role.run(&caller, &org.to_string(), &member.to_string(), role).await
        };
        let what = format_args!("make {member} {role:?} of {org}");
        match self.ask_signed(what, work).await {
            Some((since, Ok(()))) => {
                self.hears(format_args!("done"));
                self.counts("role changed");
                self.was_permitted(since, org, Permission::MemberUpdate);
                let history = &self.world.history;
                let came = history.ever_since(since, |state| state.role(member, org) == Some(role));
                self.check(came, Invariant::AcknowledgedLasts, "the role was never stored");
            }
            Some((_, Err(ChangeRoleError::Denied(denied)))) => self.is_denied(denied),
            Some((_, Err(error))) => self.hears(format_args!("{error}")),
            None => {}
        }
    }

    pub(super) async fn remove_member(&self) {
        let Some((org, member)) = self.some_member() else { return };
        let work = move |app: App, caller| async move {
            app.orgs.remove_member.run(&caller, &org.to_string(), &member.to_string()).await
        };
        match self.ask_signed(format_args!("remove {member} from {org}"), work).await {
            Some((since, Ok(()))) => {
                self.hears(format_args!("done"));
                self.counts("member removed");
                self.was_permitted(since, org, Permission::OrgAccess);
                let history = &self.world.history;
                let went = history.ever_since(since, |state| state.role(member, org).is_none());
                self.check(went, Invariant::AcknowledgedLasts, "the member was never removed");
            }
            Some((_, Err(RemoveMemberError::Denied(denied)))) => self.is_denied(denied),
            Some((_, Err(error))) => self.hears(format_args!("{error}")),
            None => {}
        }
    }

    /// Tries to read an organization of other users.
    pub(super) async fn trespass(&self) {
        let me = self.me();
        let Some(org) = self.some_org(|state, org| state.role(me, org).is_none()) else { return };
        let work = move |app: App, caller| async move {
            app.orgs.get.run(&caller, &org.to_string()).await
        };
        match self.ask_signed(format_args!("read {org} of other users"), work).await {
            Some((since, Ok(_))) => {
                self.hears(format_args!("shown"));
                self.was_permitted(since, org, Permission::OrgRead);
            }
            Some((_, Err(denied))) => self.is_denied(denied),
            None => {}
        }
    }
}
