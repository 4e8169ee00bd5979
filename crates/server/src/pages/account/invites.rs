//! What is done with invites into an organisation.

use doorward_application::create_invite::CreateInviteCommand;

use super::organisation::done;
use crate::{
    orgs::create_invite::CreateInviteRequest,
    pages::visit::{Answer, Member},
};

pub(in crate::pages) async fn create(Member { visit, caller }: Member) -> Answer {
    let org = visit.path("org_id");
    let created = match visit.fields.clone().read::<CreateInviteRequest>() {
        Ok(CreateInviteRequest { email, role }) => {
            let (by, command) = (caller.clone(), CreateInviteCommand { email, role });
            visit.run(|app| async move { app.create_invite.run(&by, &org, command).await }).await
        }
        Err(error) => Err(error),
    };
    done(&visit, caller, created.map(drop), "invite-sent").await
}

pub(in crate::pages) async fn resend(Member { visit, caller }: Member) -> Answer {
    let (org, invite, by) = (visit.path("org_id"), visit.path("invite_id"), caller.clone());
    let resent =
        visit.run(|app| async move { app.resend_invite.run(&by, &org, &invite).await }).await;
    done(&visit, caller, resent.map(drop), "invite-sent").await
}

pub(in crate::pages) async fn revoke(Member { visit, caller }: Member) -> Answer {
    let (org, invite, by) = (visit.path("org_id"), visit.path("invite_id"), caller.clone());
    let revoked =
        visit.run(|app| async move { app.revoke_invite.run(&by, &org, &invite).await }).await;
    done(&visit, caller, revoked, "invite-revoked").await
}
