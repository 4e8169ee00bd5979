//! `/account`: the profile of a user.

use std::sync::Arc;

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::Caller;
use doorward_domain::account::{profile::Profile, user::User};

use crate::{
    api::v1::account::update_profile::{UpdateProfileRequest, command},
    http::error::ApiError,
    pages::{
        form::{Fields, Form},
        frame::Frame,
        notices::Notice,
        visit::{PageRequest, PageResult, SignedInPage},
    },
};

/// Fields that are cleared if they are empty.
const FIELDS: [&str; 4] = ["full_name", "bio", "timezone", "locale"];

#[derive(Template)]
#[template(path = "account/profile.html")]
struct ProfilePage {
    page: Frame,
    form: Form,
    username: String,
    email: String,
    /// The available languages: the tag, and the name in the language itself.
    languages: Vec<(String, String)>,
}

pub(crate) async fn show(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    let user = own(&visit, caller.clone()).await?;
    let form = Form::with(typed(&user.profile));
    visit.show(StatusCode::OK, &page(&visit, &caller, form))
}

pub(crate) async fn submit(SignedInPage { visit, caller }: SignedInPage) -> PageResult {
    match save(&visit, caller.clone()).await {
        Ok(()) => visit.go_with("/account", Notice::ProfileSaved),
        Err(error) => {
            let form = visit.refuse(error, visit.texts.error_rejected)?;
            visit.show(form.status, &page(&visit, &caller, form))
        }
    }
}

/// Returns the user's own profile. Fails for users who have to verify their email address first.
async fn own(visit: &PageRequest, caller: Arc<Caller>) -> Result<User, ApiError> {
    let read = visit.run(|app| async move {
        app.account.get_profile.run(&caller).cloned().map_err(ApiError::Forbidden)
    });
    read.await
}

async fn save(visit: &PageRequest, caller: Arc<Caller>) -> Result<(), ApiError> {
    let input: UpdateProfileRequest = visit.fields.clone().clearing(&FIELDS).read()?;
    let command = command(input);
    visit.run(|app| async move { app.account.update_profile.run(&caller, command).await }).await?;
    Ok(())
}

/// Returns the profile as the values of the form.
fn typed(profile: &Profile) -> Fields {
    let Profile { full_name, bio, timezone, locale, .. } = profile;
    Fields::of([
        ("full_name", full_name.as_ref().map(|it| it.as_str())),
        ("bio", bio.as_ref().map(|it| it.as_str())),
        ("timezone", timezone.as_ref().map(|it| it.as_str())),
        ("locale", locale.as_ref().map(|it| it.as_str())),
    ])
}

fn page(visit: &PageRequest, caller: &Caller, form: Form) -> ProfilePage {
    let mut languages =
        vec![("en".to_owned(), "English".to_owned()), ("de".to_owned(), "Deutsch".to_owned())];
    // A locale that was set elsewhere, such as by the API, stays available.
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
