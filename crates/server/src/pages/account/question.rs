//! The page that asks for confirmation before an operation that can't be undone.
//!
//! It is shown at the URL of the form that performs the operation, so it works without scripts. The safe choice comes
//! first and has the focus.

use actix_web::http::StatusCode;
use askama::Template;

use crate::pages::{
    form::Form,
    frame::Frame,
    texts::fill,
    visit::{PageRequest, PageResult},
};

/// A question with a button to confirm and a link to cancel.
pub(super) struct Question<'a> {
    /// The question.
    pub(super) title: String,
    /// The consequences.
    pub(super) about: String,
    /// The items that are lost.
    pub(super) lost: Vec<String>,
    /// The label of the button to confirm.
    pub(super) yes: &'a str,
    /// The path that the form is sent to.
    pub(super) action: String,
    /// Hidden fields of the form.
    pub(super) fields: Vec<(&'a str, &'a str)>,
    /// The target of the link to cancel.
    pub(super) back: String,
    /// The name that has to be typed to confirm.
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
    /// Shows the question.
    pub(super) fn ask(self, visit: &PageRequest) -> PageResult {
        self.ask_again(visit, Form::default())
    }

    /// Shows the question again with a refused form.
    pub(super) fn ask_again(self, visit: &PageRequest, form: Form) -> PageResult {
        let name_label = fill(visit.texts.delete_name, &[("org", self.name.unwrap_or_default())]);
        let status = if form.alert.is_some() { form.status } else { StatusCode::OK };
        let page = QuestionPage { page: visit.frame(), form, asked: self, name_label };
        visit.show(status, &page)
    }
}
