//! Forms for the members of an organization.

use std::sync::Arc;

use doorward_application::Caller;
use doorward_domain::org::role::Role;

use super::{
    organization::{Part, done, here, names},
    question::Question,
};
use crate::{
    api::v1::orgs::update_member::UpdateMemberRequest,
    pages::{
        PageError,
        notices::Notice,
        texts::fill,
        visit::{PageRequest, PageResult, SignedInPage},
    },
};

pub(crate) async fn change_role(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let (org, user) = (visit.path("org_id"), visit.path("user_id"));
    let changed = match visit.fields.clone().read::<UpdateMemberRequest>() {
        Ok(UpdateMemberRequest { role }) => {
            if let Some(question) = stepping_down(&visit, &caller, role).await? {
                return question.ask(&visit);
            }
            let caller = caller.clone();
            visit
                .run(
                    |app| async move { app.orgs.change_role.run(&caller, &org, &user, role).await },
                )
                .await
        }
        Err(error) => Err(error),
    };
    done(&visit, caller, changed, Notice::RoleChanged, Part::Members).await
}

/// Asks for confirmation if users lower their own role, because only others can restore it. Returns `None` if the user
/// has confirmed or the change isn't possible.
async fn stepping_down(
    visit: &PageRequest,
    caller: &Arc<Caller>,
    role: Role,
) -> Result<Option<Question<'static>>, PageError> {
    let is_self = visit.path("user_id") == caller.user.id.to_string();
    if !is_self || !visit.fields.text("confirmed").is_empty() || visit.is_excess() {
        return Ok(None);
    }
    let (org, by) = (visit.path("org_id"), caller.clone());
    let found = visit.run(|app| async move { app.orgs.get.with_last_owner(&by, &org).await });
    let (workspace, is_last_owner) = found.await?;
    let is_possible = workspace.role.may_change(workspace.role, role) && !is_last_owner;
    if !is_possible || workspace.role == role {
        return Ok(None);
    }
    let (back, texts) = (here(visit)?, visit.texts);
    let values = [
        ("role", texts.of_role(role)),
        ("now", texts.of_role(workspace.role)),
        ("org", workspace.org.name.as_str()),
    ];
    Ok(Some(Question {
        title: fill(texts.step_down_question, &values),
        about: fill(texts.step_down_about, &values),
        lost: Vec::new(),
        yes: texts.change_role,
        action: format!("{back}/members/{}/role", caller.user.id),
        fields: vec![("role", role.as_str()), ("confirmed", "yes")],
        back,
        name: None,
    }))
}

/// Asks for confirmation before a member is removed, and shows the member.
pub(crate) async fn confirm_removal(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let (org, user, by) = (visit.path("org_id"), visit.path("user_id"), caller.clone());
    let found =
        visit.run(|app| async move { app.orgs.get_member.run(&by, &org, &user).await }).await?;
    let (workspace, member) = found;
    let (back, texts) = (here(&visit)?, visit.texts);
    let may_remove = member.user_id != caller.user.id && workspace.role.may_remove(member.role);
    if !may_remove {
        return visit.redirect(&back);
    }
    let (name, address) = names(&member);
    let who = address.map_or_else(|| name.clone(), |address| format!("{name} ({address})"));
    let values = [("member", &*name), ("who", &*who), ("org", workspace.org.name.as_str())];
    let question = Question {
        title: fill(texts.remove_question, &values),
        about: fill(texts.remove_about, &values),
        lost: Vec::new(),
        yes: texts.remove,
        action: format!("{back}/members/{}/remove", member.user_id),
        fields: Vec::new(),
        back,
        name: None,
    };
    question.ask(&visit)
}

pub(crate) async fn remove(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let (org, user, by) = (visit.path("org_id"), visit.path("user_id"), caller.clone());
    let removed =
        visit.run(|app| async move { app.orgs.remove_member.run(&by, &org, &user).await }).await;
    done(&visit, caller, removed, Notice::MemberRemoved, Part::Members).await
}
