//! `/password-check`: says of a new password, while it is typed, what the form would say once it is sent.
//!
//! It judges by the use case that the forms share, keeps nothing, and says nothing about accounts.

use actix_web::{HttpResponse, web};
use doorward_application::check_new_password::{PasswordOwner, PasswordVerdict};
use doorward_domain::{
    email::EmailAddress, field::FieldError, password::NewPassword, username::Username,
};
use serde::Serialize;

use super::{
    strength::Strength,
    texts::fill,
    visit::{Answer, Visit},
};
use crate::error::ApiError;

/// What the meter shows.
#[derive(Serialize)]
struct Shown {
    /// From 1, which would be refused, to 4.
    grade: u8,
    text: String,
}

pub(super) async fn submit(visit: Visit) -> Answer {
    let typed = visit.fields.text("password").to_owned();
    let password = match NewPassword::parse(&typed) {
        Ok(password) => password,
        Err(error) => return answer(1, wrong_length(&visit, &typed, &error)),
    };
    let own = own_words(&visit);
    let (owner, judged) = (owner(&visit), password.clone());
    let verdict =
        visit.run(|app| async move { app.check_new_password.run(&judged, owner).await }).await?;
    if verdict == PasswordVerdict::TooCommon {
        return answer(1, visit.texts.error_password_common.to_owned());
    }
    let estimate = web::block(move || Strength::of(password.expose(), &own));
    match estimate.await.map_err(ApiError::internal)? {
        Strength::Acceptable => answer(2, visit.texts.strength_acceptable.to_owned()),
        Strength::Good => answer(3, visit.texts.strength_good.to_owned()),
        Strength::Strong => answer(4, visit.texts.strength_strong.to_owned()),
    }
}

fn answer(grade: u8, text: String) -> Answer {
    Ok(HttpResponse::Ok().json(Shown { grade, text }))
}

/// How many characters are missing or too many, counted as the rule counts them.
fn wrong_length(visit: &Visit, typed: &str, error: &FieldError) -> String {
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

/// The account that the password is for: the one of a mailed link, or the one that is signed in, or the one that
/// is about to be created.
fn owner(visit: &Visit) -> PasswordOwner {
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

/// What is easy to guess in a password of this account's, beside what is in dictionaries.
fn own_words(visit: &Visit) -> Vec<String> {
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
