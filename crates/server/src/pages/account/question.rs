//! The page that asks before something is done that can't be undone.
//!
//! It is at the address of the form that does it, for those who look at it, so it works without a script. What
//! is safe comes first and has the focus.

use actix_web::http::StatusCode;
use askama::Template;

use crate::pages::{
    form::Form,
    frame::Frame,
    texts::fill,
    visit::{Answer, Visit},
};

/// A question that is answered by a button or a link.
pub(super) struct Question<'a> {
    /// What is asked.
    pub(super) title: String,
    /// What follows if the answer is yes.
    pub(super) about: String,
    /// What is lost, one by one.
    pub(super) lost: Vec<String>,
    /// The button that says yes.
    pub(super) yes: &'a str,
    /// Where the form is sent to.
    pub(super) action: String,
    /// What is sent along.
    pub(super) fields: Vec<(&'a str, &'a str)>,
    /// Where the link leads that says no.
    pub(super) back: String,
    /// The name that has to be typed to say yes.
    pub(super) name: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "account/question.html")]
struct QuestionPage<'a> {
    page: Frame,
    form: Form,
    asked: Question<'a>,
    name_label: String,
}

impl Question<'_> {
    /// Asks.
    pub(super) fn ask(self, visit: &Visit) -> Answer {
        self.ask_again(visit, Form::default())
    }

    /// Asks again, because the answer was refused.
    pub(super) fn ask_again(self, visit: &Visit, form: Form) -> Answer {
        let name_label = fill(visit.texts.delete_name, &[("org", self.name.unwrap_or_default())]);
        let status = if form.alert.is_some() { form.status } else { StatusCode::OK };
        let page = QuestionPage { page: visit.frame(), form, asked: self, name_label };
        visit.show(status, &page)
    }
}
