//! `/account/organizations/{org_id}/delete`: an owner deletes an organization, for all of its members.

use std::sync::Arc;

use doorward_application::Caller;
use doorward_domain::org::{OrgName, OrgWithRole, role::Permission};

use super::{organization::here, question::Question};
use crate::{
    http::error::ApiError,
    pages::{
        PageError,
        form::Form,
        notices::Notice,
        texts::fill,
        visit::{PageRequest, PageResult, SignedInPage},
    },
};

pub(crate) async fn confirm(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    match find(&visit, caller).await? {
        Some(name) => ask(&visit, &name, Form::default()),
        None => visit.redirect(&here(&visit)?),
    }
}

pub(crate) async fn submit(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let form = match delete(&visit, caller.clone()).await {
        Ok(true) => return visit.go_with("/account/organizations", Notice::OrgDeleted),
        Ok(false) => visit.mistaken("name", visit.texts.error_delete_name),
        Err(error) => visit.refuse(error, visit.texts.error_rejected)?,
    };
    match find(&visit, caller).await? {
        Some(name) => ask(&visit, &name, form),
        None => Err(ApiError::Forbidden(Permission::OrgDelete.into()).into()),
    }
}

/// Deletes the organization if its name was typed. Returns `true` if it was.
async fn delete(visit: &PageRequest, caller: Arc<Caller>) -> Result<bool, ApiError> {
    let (id, by) = (visit.path("org_id"), caller.clone());
    let OrgWithRole { org, role } =
        visit.run(|app| async move { app.orgs.get.run(&by, &id).await }).await?;
    // Without the permission, the use case returns the error.
    if role.permits(Permission::OrgDelete) && !org.name.is_meant_by(visit.fields.text("name")) {
        return Ok(false);
    }
    let id = visit.path("org_id");
    visit.run(|app| async move { app.orgs.delete.run(&caller, &id).await }).await?;
    Ok(true)
}

/// Returns the name of the organization if the caller may delete it.
async fn find(visit: &PageRequest, caller: Arc<Caller>) -> Result<Option<OrgName>, PageError> {
    let id = visit.path("org_id");
    let OrgWithRole { org, role } =
        visit.run(|app| async move { app.orgs.get.run(&caller, &id).await }).await?;
    let may_delete = org.kind.is_shared() && role.permits(Permission::OrgDelete);
    Ok(may_delete.then_some(org.name))
}

fn ask(visit: &PageRequest, name: &OrgName, form: Form) -> PageResult {
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
