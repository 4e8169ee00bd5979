//! `/password-check`: checks a new password while it is typed, with the result that the form would have.
//!
//! It uses the same use case as the forms, stores nothing, and reveals nothing about accounts.

use actix_web::HttpResponse;
use doorward_application::password::check_new::{PasswordOwner, PasswordVerdict};
use doorward_domain::{
    account::{email::EmailAddress, username::Username},
    credential::password::NewPassword,
    field::FieldError,
};
use serde::Serialize;

use super::strength::Strength;
use crate::pages::{
    texts::fill,
    visit::{PageRequest, PageResult},
};
/// The response for the strength meter.
#[derive(Serialize)]
struct Shown {
    /// From 1 (would be refused) to 4.
    grade: u8,
    text: String,
}

pub(crate) async fn submit(visit: PageRequest) -> PageResult {
    let typed = visit.fields.text("password").to_owned();
    let password = match NewPassword::parse(&typed) {
        Ok(password) => password,
        Err(error) => return response(1, wrong_length(&visit, &typed, &error)),
    };
    let own = own_words(&visit);
    let (owner, judged) = (owner(&visit), password.clone());
    let verdict =
        visit.run(|app| async move { app.password.check_new.run(&judged, owner).await }).await?;
    if verdict == PasswordVerdict::TooCommon {
        return response(1, visit.texts.error_password_common.to_owned());
    }
    match Strength::estimate(password.expose().to_owned(), own).await? {
        Strength::Acceptable => response(2, visit.texts.strength_acceptable.to_owned()),
        Strength::Good => response(3, visit.texts.strength_good.to_owned()),
        Strength::Strong => response(4, visit.texts.strength_strong.to_owned()),
    }
}

fn response(grade: u8, text: String) -> PageResult {
    Ok(HttpResponse::Ok().json(Shown { grade, text }))
}

/// Returns the message about missing or excess characters, which are counted like in the rule.
fn wrong_length(visit: &PageRequest, typed: &str, error: &FieldError) -> String {
    let texts = visit.texts;
    let length = typed.chars().count();
    match error {
        FieldError::TooShort { min } => match min.saturating_sub(length) {
            1 => texts.strength_one_missing.to_owned(),
            missing => fill(texts.strength_missing, &[("count", &missing.to_string())]),
        },
        FieldError::TooLong { max } => fill(texts.error_too_long, &[("max", &max.to_string())]),
        _ => texts.error_wrong.to_owned(),
    }
}

/// Returns the account that the password is for: that of an emailed link, the signed-in one, or the one that is about to
/// be created.
fn owner(visit: &PageRequest) -> PasswordOwner {
    let token = visit.fields.text("token");
    match &visit.caller {
        _ if !token.is_empty() => PasswordOwner::ResetToken(token.to_owned()),
        Some(caller) => PasswordOwner::User(Box::new(caller.user.clone())),
        None => PasswordOwner::Typed {
            email: EmailAddress::parse(visit.fields.text("email")).ok(),
            username: Username::parse(visit.fields.text("username")).ok(),
        },
    }
}

/// Returns the words that are easy to guess in a password of this account, in addition to dictionaries.
fn own_words(visit: &PageRequest) -> Vec<String> {
    let mut words = vec![visit.service_name().to_owned()];
    match &visit.caller {
        Some(caller) => {
            words.extend(
                [caller.user.email.as_str(), caller.user.username.as_str()].map(str::to_owned),
            );
        }
        None => {
            let typed = ["email", "username", "full_name"].map(|name| visit.fields.text(name));
            words.extend(typed.map(str::to_owned));
        }
    }
    words
}
