//! `/account/organizations`: the organizations of a user, and the current one of the session.

use std::sync::Arc;

use askama::Template;
use doorward_application::Caller;
use doorward_domain::{
    org::OrgWithRole,
    pagination::{PageQuery, PageSize},
};

use crate::{
    api::v1::orgs::create::CreateOrgRequest,
    http::error::ApiError,
    pages::{
        form::Form,
        frame::Frame,
        notices::Notice,
        visit::{PageRequest, PageResult, SignedInPage},
    },
};

#[derive(Template)]
#[template(path = "account/organizations.html")]
struct OrganizationsPage {
    page: Frame,
    form: Form,
    orgs: Vec<Shown>,
    /// The start of the next page of the list.
    more: Option<String>,
}

struct Shown {
    id: String,
    name: String,
    role: &'static str,
    is_personal: bool,
    is_current: bool,
}

pub(crate) async fn show(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    page(&visit, caller, Form::default()).await
}

pub(crate) async fn create(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    match make(&visit, caller.clone()).await {
        Ok(id) => visit.go_with(&format!("/account/organizations/{id}"), Notice::OrgCreated),
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_rejected)?;
            page(&visit, caller, form).await
        }
    }
}

async fn make(visit: &PageRequest, caller: Arc<Caller>) -> Result<String, ApiError> {
    let input: CreateOrgRequest = visit.fields.clone().read()?;
    let made =
        visit.run(|app| async move { app.orgs.create.run(&caller, input.name).await }).await?;
    Ok(made.org.id.to_string())
}

async fn page(visit: &PageRequest, caller: Arc<Caller>, form: Form) -> PageResult {
    let after = visit.fields.text("after").parse().ok();
    let request = PageQuery { limit: PageSize::DEFAULT, after };
    let current = caller.org_id();
    let found = visit.run(|app| async move { app.orgs.list.own(&caller, request).await }).await?;
    let shown = |OrgWithRole { org, role }| Shown {
        is_current: current == Some(org.id),
        id: org.id.to_string(),
        name: org.name.as_str().to_owned(),
        role: visit.texts.of_role(role),
        is_personal: !org.kind.is_shared(),
    };
    let orgs = found.items.into_iter().map(shown).collect();
    let more = found.next.map(|id| id.to_string());
    let status = form.status;
    visit.show(status, &OrganizationsPage { page: visit.frame(), form, orgs, more })
}
