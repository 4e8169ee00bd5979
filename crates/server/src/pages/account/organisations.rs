//! `/account/organisations`: where a person is a member, and where they work.

use std::sync::Arc;

use askama::Template;
use doorward_application::Caller;
use doorward_domain::{
    org::Workspace,
    page::{PageLimit, PageRequest},
};

use crate::{
    error::ApiError,
    orgs::create_org::CreateOrgRequest,
    pages::{
        form::Form,
        frame::Frame,
        notices::Notice,
        visit::{Answer, Member, Visit},
    },
};

#[derive(Template)]
#[template(path = "account/organisations.html")]
struct OrganisationsPage {
    page: Frame,
    form: Form,
    orgs: Vec<Shown>,
    /// Where the list goes on.
    more: Option<String>,
}

struct Shown {
    id: String,
    name: String,
    role: &'static str,
    is_personal: bool,
    is_current: bool,
}

pub(in crate::pages) async fn show(Member { visit, caller }: Member) -> Answer {
    page(&visit, caller, Form::default()).await
}

pub(in crate::pages) async fn create(Member { visit, caller }: Member) -> Answer {
    match make(&visit, caller.clone()).await {
        Ok(id) => visit.go_with(&format!("/account/organisations/{id}"), Notice::OrgCreated),
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_rejected)?;
            page(&visit, caller, form).await
        }
    }
}

async fn make(visit: &Visit, caller: Arc<Caller>) -> Result<String, ApiError> {
    let input: CreateOrgRequest = visit.fields.clone().read()?;
    let made =
        visit.run(|app| async move { app.create_org.run(&caller, input.name).await }).await?;
    Ok(made.org.id.to_string())
}

async fn page(visit: &Visit, caller: Arc<Caller>, form: Form) -> Answer {
    let after = visit.fields.text("after").parse().ok();
    let request = PageRequest { limit: PageLimit::DEFAULT, after };
    let current = caller.org_id();
    let found = visit.run(|app| async move { app.list_orgs.own(&caller, request).await }).await?;
    let shown = |Workspace { org, role }| Shown {
        is_current: current == Some(org.id),
        id: org.id.to_string(),
        name: org.name.as_str().to_owned(),
        role: visit.texts.of_role(role),
        is_personal: !org.kind.is_shared(),
    };
    let orgs = found.items.into_iter().map(shown).collect();
    let more = found.next.map(|id| id.to_string());
    let status = form.status;
    visit.show(status, &OrganisationsPage { page: visit.frame(), form, orgs, more })
}
