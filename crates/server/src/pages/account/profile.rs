//! `/account`: what a person says of themselves.

use std::sync::Arc;

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::Caller;
use doorward_domain::{profile::Profile, user::User};

use crate::{
    auth::update_profile::{UpdateProfileRequest, command},
    error::ApiError,
    pages::{
        form::{Fields, Form},
        frame::Frame,
        notices::Notice,
        visit::{Answer, Member, Visit},
    },
};

/// Fields that are cleared where nothing is typed in.
const FIELDS: [&str; 4] = ["full_name", "bio", "timezone", "locale"];

#[derive(Template)]
#[template(path = "account/profile.html")]
struct ProfilePage {
    page: Frame,
    form: Form,
    username: String,
    email: String,
    /// Languages to choose from: the tag and the name in the language itself.
    languages: Vec<(String, String)>,
}

pub(in crate::pages) async fn show(Member { visit, caller }: Member) -> Answer {
    let user = own(&visit, caller.clone()).await?;
    let form = Form::with(typed(&user.profile));
    visit.show(StatusCode::OK, &page(&visit, &caller, form))
}

pub(in crate::pages) async fn submit(Member { visit, caller }: Member) -> Answer {
    match save(&visit, caller.clone()).await {
        Ok(()) => visit.go_with("/account", Notice::ProfileSaved),
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_rejected)?;
            visit.show(form.status, &page(&visit, &caller, form))
        }
    }
}

/// The profile is asked for, which some may not: those who have to verify their address first.
async fn own(visit: &Visit, caller: Arc<Caller>) -> Result<User, ApiError> {
    let read = visit.run(|app| async move {
        app.get_profile.run(&caller).cloned().map_err(ApiError::Forbidden)
    });
    read.await
}

async fn save(visit: &Visit, caller: Arc<Caller>) -> Result<(), ApiError> {
    let input: UpdateProfileRequest = visit.fields.clone().clearing(&FIELDS).read()?;
    let command = command(input);
    visit.run(|app| async move { app.update_profile.run(&caller, command).await }).await?;
    Ok(())
}

/// The profile as it would have been typed in.
fn typed(profile: &Profile) -> Fields {
    let Profile { full_name, bio, timezone, locale, .. } = profile;
    Fields::of([
        ("full_name", full_name.as_ref().map(|it| it.as_str())),
        ("bio", bio.as_ref().map(|it| it.as_str())),
        ("timezone", timezone.as_ref().map(|it| it.as_str())),
        ("locale", locale.as_ref().map(|it| it.as_str())),
    ])
}

fn page(visit: &Visit, caller: &Caller, form: Form) -> ProfilePage {
    let mut languages =
        vec![("en".to_owned(), "English".to_owned()), ("de".to_owned(), "Deutsch".to_owned())];
    // One that was chosen elsewhere stays.
    let own = form.value("locale");
    if !own.is_empty() && !languages.iter().any(|(tag, _)| tag == own) {
        languages.push((own.to_owned(), own.to_owned()));
    }
    ProfilePage {
        page: visit.frame(),
        form,
        username: caller.user.username.as_str().to_owned(),
        email: caller.user.email.as_str().to_owned(),
        languages,
    }
}
