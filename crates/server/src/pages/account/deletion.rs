//! `/account/organisations/{org_id}/delete`: an owner deletes an organization, for all of its members.

use std::sync::Arc;

use doorward_application::Caller;
use doorward_domain::{
    org::{OrgName, Workspace},
    role::Permission,
};

use super::{organisation::here, question::Question};
use crate::{
    error::ApiError,
    pages::{
        PageError,
        form::Form,
        notices::Notice,
        texts::fill,
        visit::{Answer, Member, Visit},
    },
};

pub(in crate::pages) async fn confirm(Member { visit, caller }: Member) -> Answer {
    match find(&visit, caller).await? {
        Some(name) => ask(&visit, &name, Form::default()),
        None => visit.go(&here(&visit)?),
    }
}

pub(in crate::pages) async fn submit(Member { visit, caller }: Member) -> Answer {
    let form = match delete(&visit, caller.clone()).await {
        Ok(true) => return visit.go_with("/account/organisations", Notice::OrgDeleted),
        Ok(false) => visit.mistaken("name", visit.texts.error_delete_name),
        Err(error) => visit.refuse(error, visit.texts.error_rejected)?,
    };
    match find(&visit, caller).await? {
        Some(name) => ask(&visit, &name, form),
        None => Err(ApiError::Forbidden(Permission::OrgDelete.into()).into()),
    }
}

/// Deletes the organization if its name was typed, and says whether it was.
async fn delete(visit: &Visit, caller: Arc<Caller>) -> Result<bool, ApiError> {
    let (id, by) = (visit.path("org_id"), caller.clone());
    let Workspace { org, role } =
        visit.run(|app| async move { app.get_org.run(&by, &id).await }).await?;
    // Those who may not are told so by the use case.
    if role.permits(Permission::OrgDelete) && !org.name.is_meant_by(visit.fields.text("name")) {
        return Ok(false);
    }
    let id = visit.path("org_id");
    visit.run(|app| async move { app.delete_org.run(&caller, &id).await }).await?;
    Ok(true)
}

/// The name of an organization that the caller may delete.
async fn find(visit: &Visit, caller: Arc<Caller>) -> Result<Option<OrgName>, PageError> {
    let id = visit.path("org_id");
    let Workspace { org, role } =
        visit.run(|app| async move { app.get_org.run(&caller, &id).await }).await?;
    let may_delete = org.kind.is_shared() && role.permits(Permission::OrgDelete);
    Ok(may_delete.then_some(org.name))
}

fn ask(visit: &Visit, name: &OrgName, form: Form) -> Answer {
    let (back, texts) = (here(visit)?, visit.texts);
    let values = [("org", name.as_str())];
    let question = Question {
        title: fill(texts.delete_question, &values),
        about: fill(texts.delete_about, &values),
        lost: Vec::new(),
        yes: texts.delete_organization,
        action: format!("{back}/delete"),
        fields: Vec::new(),
        back,
        name: Some(name.as_str()),
    };
    question.ask_again(visit, form)
}
