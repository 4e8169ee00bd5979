//! What is done with invites into an organisation.

use doorward_application::create_invite::CreateInviteCommand;

use super::{
    organisation::{Part, done, here},
    question::Question,
};
use crate::{
    orgs::create_invite::CreateInviteRequest,
    pages::{
        notices::Notice,
        texts::fill,
        visit::{Answer, Member},
    },
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
    done(&visit, caller, created.map(drop), Notice::InviteSent, Part::Invite).await
}

pub(in crate::pages) async fn resend(Member { visit, caller }: Member) -> Answer {
    let (org, invite, by) = (visit.path("org_id"), visit.path("invite_id"), caller.clone());
    let resent =
        visit.run(|app| async move { app.resend_invite.run(&by, &org, &invite).await }).await;
    done(&visit, caller, resent.map(drop), Notice::InviteSent, Part::Invites).await
}

/// Asks before an invitation is withdrawn, and says whose it is.
pub(in crate::pages) async fn confirm_withdrawal(Member { visit, caller }: Member) -> Answer {
    let (org, invite) = (visit.path("org_id"), visit.path("invite_id"));
    let found =
        visit.run(|app| async move { app.get_invite.run(&caller, &org, &invite).await }).await?;
    let (workspace, invite) = found;
    let (back, texts) = (here(&visit)?, visit.texts);
    let values = [("email", invite.email.as_str()), ("org", workspace.org.name.as_str())];
    let question = Question {
        title: fill(texts.withdraw_question, &values),
        about: fill(texts.withdraw_about, &values),
        lost: Vec::new(),
        yes: texts.withdraw,
        action: format!("{back}/invites/{}/revoke", invite.id),
        fields: Vec::new(),
        back,
        name: None,
    };
    question.ask(&visit)
}

pub(in crate::pages) async fn revoke(Member { visit, caller }: Member) -> Answer {
    let (org, invite, by) = (visit.path("org_id"), visit.path("invite_id"), caller.clone());
    let revoked =
        visit.run(|app| async move { app.revoke_invite.run(&by, &org, &invite).await }).await;
    done(&visit, caller, revoked, Notice::InviteRevoked, Part::Invites).await
}
