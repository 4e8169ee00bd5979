//! `/sign-up`, also with an invite.

use actix_web::http::StatusCode;
use askama::Template;
use doorward_application::{
    account::register::RegisterCommand,
    invites::info::{Invitation, InvitationState},
    sign_in::complete::SignedIn,
};
use doorward_domain::credential::password::NewPassword;

use super::{dead_link, invite};
use crate::{
    api::v1::account::register::RegisterRequest,
    http::error::{ApiError, catalog},
    pages::{
        form::Form,
        frame::Frame,
        next::{self, AFTER_SIGN_IN, own_page},
        notices::Notice,
        visit::{PageRequest, PageResult},
    },
};

const OPTIONAL: [&str; 2] = ["full_name", "invite_token"];

#[derive(Template)]
#[template(path = "sign-up.html")]
struct SignUp {
    page: Frame,
    form: Form,
    next: String,
    sign_in: String,
    /// The page to request a password reset, if the email address already has an account.
    reset: Option<String>,
    /// Whether the user may create an account.
    is_open: bool,
    invitation: Option<Invited>,
    password_hint: String,
    password_min: usize,
}

/// The invite that the user registers with.
struct Invited {
    token: String,
    about: String,
    email: String,
}

pub(crate) async fn show(visit: PageRequest) -> PageResult {
    let token = invite_token(&visit);
    if visit.caller.is_some() {
        return match &token {
            Some(token) => visit.redirect(&invite::here(token)),
            None => visit.redirect(own_page(visit.fields.text("next"))),
        };
    }
    let invitation = match token {
        Some(token) => match invite::find(&visit, &token).await? {
            // The page of the invite offers to sign in.
            InvitationState::Open(Invitation { has_account: true, .. }) => {
                return visit.redirect(&invite::here(&token));
            }
            InvitationState::Open(invitation) => Some(Invited::new(&visit, token, &invitation)),
            InvitationState::Joined(_) | InvitationState::Closed => {
                return dead_link::show_invitation(&visit, &token);
            }
        },
        None => None,
    };
    let page = page(&visit, Form::with(visit.fields.clone()), invitation);
    let status = if page.is_open { StatusCode::OK } else { StatusCode::FORBIDDEN };
    visit.show(status, &page)
}

pub(crate) async fn submit(visit: PageRequest) -> PageResult {
    match sign_up(&visit).await {
        Ok(signed_in) => {
            let path = after(&visit, &signed_in);
            visit.signed_in(&signed_in, &path).await
        }
        Err(error) => refused(&visit, error).await,
    }
}

async fn refused(visit: &PageRequest, error: ApiError) -> PageResult {
    let invitation = match invite_token(visit) {
        Some(token) => match invite::find(visit, &token).await {
            Ok(InvitationState::Open(invitation)) => Some(Invited::new(visit, token, &invitation)),
            Ok(InvitationState::Joined(_) | InvitationState::Closed) => {
                return dead_link::show_invitation(visit, &token);
            }
            // The database is unavailable, which is the error that the form shows.
            Err(_) => None,
        },
        None => None,
    };
    let email = visit.fields.text("email");
    let reset = is_taken(&error).then(|| next::query("/forgot-password", &[("email", email)]));
    let form = visit.refuse(error, visit.texts.error_rejected)?;
    let page = SignUp { reset, ..page(visit, form, invitation) };
    visit.show(page.form.status, &page)
}

fn is_taken(error: &ApiError) -> bool {
    let ApiError::Validation(issues) = error else { return false };
    issues.iter().any(|issue| {
        issue.body_field() == Some("email") && issue.kind().name == catalog::ALREADY_EXISTS.name
    })
}

/// Returns the token of the invite that led here, possibly through the sign-in page.
fn invite_token(visit: &PageRequest) -> Option<String> {
    let own = Some(visit.fields.text("invite_token")).filter(|token| !token.is_empty());
    own.map(str::to_owned).or_else(|| next::invite_token(own_page(visit.fields.text("next"))))
}

/// Returns the next page: the organization of the invite, else the requested page, else the account.
fn after(visit: &PageRequest, signed_in: &SignedIn) -> String {
    let is_invited = invite_token(visit).is_some();
    let next = own_page(visit.fields.text("next"));
    let is_explicit = next != AFTER_SIGN_IN && next::invite_token(next).is_none();
    let user = Some(signed_in.user.id);
    match signed_in.user.default_org {
        _ if is_explicit => next.to_owned(),
        Some(org) if is_invited => {
            let path = format!("/account/organizations/{org}");
            visit.notify(&path, user, Notice::Joined);
            path
        }
        _ => {
            visit.notify(AFTER_SIGN_IN, user, Notice::SignedUp);
            AFTER_SIGN_IN.to_owned()
        }
    }
}

async fn sign_up(visit: &PageRequest) -> Result<SignedIn, ApiError> {
    let input: RegisterRequest = visit.fields.clone().clearing(&OPTIONAL).read()?;
    let command = RegisterCommand {
        email: input.email,
        username: input.username,
        password: input.password,
        full_name: input.full_name,
        invite_token: input.invite_token,
        client: visit.client(),
    };
    visit.run(|app| async move { app.account.register.run(command).await }).await
}

fn page(visit: &PageRequest, form: Form, invitation: Option<Invited>) -> SignUp {
    let next = own_page(visit.fields.text("next")).to_owned();
    let sign_in = match &invitation {
        Some(invitation) => next::with("/sign-in", &invite::here(&invitation.token)),
        None => next::with("/sign-in", &next),
    };
    SignUp {
        page: visit.frame(),
        form,
        sign_in,
        next,
        reset: None,
        is_open: visit.registration_is_open() || invitation.is_some(),
        invitation,
        password_hint: password_hint(visit),
        password_min: NewPassword::MIN,
    }
}

impl Invited {
    fn new(visit: &PageRequest, token: String, invitation: &Invitation) -> Self {
        let about = invite::about(invitation, visit.texts);
        Self { token, about, email: invitation.email.as_str().to_owned() }
    }
}

/// Returns the requirements for a new password.
pub(crate) fn password_hint(visit: &PageRequest) -> String {
    let min = NewPassword::MIN.to_string();
    crate::pages::texts::fill(visit.texts.password_hint, &[("min", &min)])
}
