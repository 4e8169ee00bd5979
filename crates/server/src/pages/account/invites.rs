//! Forms for the invites of an organization.

use doorward_application::invites::create::CreateInviteCommand;

use super::{
    organization::{Part, done, here},
    question::Question,
};
use crate::{
    api::v1::invites::create::CreateInviteRequest,
    pages::{
        notices::Notice,
        texts::fill,
        visit::{PageResult, SignedInPage},
    },
};

pub(crate) async fn create(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let org = visit.path("org_id");
    let created = match visit.fields.clone().read::<CreateInviteRequest>() {
        Ok(CreateInviteRequest { email, role }) => {
            let (by, command) = (caller.clone(), CreateInviteCommand { email, role });
            visit.run(|app| async move { app.invites.create.run(&by, &org, command).await }).await
        }
        Err(error) => Err(error),
    };
    done(&visit, caller, created.map(drop), Notice::InviteSent, Part::Invite).await
}

pub(crate) async fn resend(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let (org, invite, by) = (visit.path("org_id"), visit.path("invite_id"), caller.clone());
    let resent =
        visit.run(|app| async move { app.invites.resend.run(&by, &org, &invite).await }).await;
    done(&visit, caller, resent.map(drop), Notice::InviteSent, Part::Invites).await
}

/// Asks for confirmation before an invite is withdrawn, and shows its email address.
pub(crate) async fn confirm_withdrawal(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let (org, invite) = (visit.path("org_id"), visit.path("invite_id"));
    let found =
        visit.run(|app| async move { app.invites.get.run(&caller, &org, &invite).await }).await?;
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

pub(crate) async fn revoke(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let (org, invite, by) = (visit.path("org_id"), visit.path("invite_id"), caller.clone());
    let revoked =
        visit.run(|app| async move { app.invites.revoke.run(&by, &org, &invite).await }).await;
    done(&visit, caller, revoked, Notice::InviteRevoked, Part::Invites).await
}
