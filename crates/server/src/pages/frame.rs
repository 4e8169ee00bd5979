//! The frame of every page.

use std::sync::Arc;

use doorward_application::Caller;

use super::{
    Pages,
    notices::Notice,
    texts::{Texts, fill},
};

/// The frame of a page.
pub(crate) struct Frame {
    pages: Arc<Pages>,
    /// The texts in the language of the page.
    pub(crate) t: &'static Texts,
    /// The username of the signed-in user.
    pub(crate) me: Option<String>,
    /// Whether the user's email address is verified.
    pub(crate) is_verified: bool,
    /// The notice about the previous form.
    pub(crate) notice: Option<String>,
    /// Whether the page shows a form that was refused.
    pub(crate) is_refused: bool,
    path: String,
}

impl Frame {
    pub(super) fn new(
        pages: Arc<Pages>,
        t: &'static Texts,
        caller: Option<&Caller>,
        path: &str,
    ) -> Self {
        let user = caller.map(|caller| &caller.user);
        Self {
            pages,
            t,
            me: user.map(|user| user.username.as_str().to_owned()),
            is_verified: user.is_some_and(|user| user.is_verified()),
            notice: None,
            is_refused: false,
            path: path.to_owned(),
        }
    }

    /// Sets the notice about the previous form.
    pub(super) fn with_notice(self, notice: Option<Notice>) -> Self {
        let notice = notice.map(|notice| notice.text(self.t).to_owned());
        Self { notice, ..self }
    }

    /// Fills in the values of the notice.
    pub(super) fn naming(self, values: &[(&str, &str)]) -> Self {
        let notice = self.notice.as_deref().map(|notice| fill(notice, values));
        Self { notice, ..self }
    }

    /// Sets whether the title says that the form was refused.
    pub(super) fn refused(self, is_refused: bool) -> Self {
        Self { is_refused, ..self }
    }

    /// Returns the prefix of the paths of pages.
    pub(crate) fn base(&self) -> &str {
        &self.pages.base
    }

    /// Returns the name of the service.
    pub(crate) fn service(&self) -> &str {
        &self.pages.theme.service_name
    }

    /// Returns the name of the file with the styles.
    pub(crate) fn styles(&self) -> &str {
        &self.pages.theme.styles.name
    }

    /// Returns the name of the file with the script.
    pub(crate) fn script(&self) -> &str {
        &self.pages.theme.script.name
    }

    /// Returns the name of the file with the icon.
    pub(crate) fn icon(&self) -> &str {
        &self.pages.theme.icon().name
    }

    /// Returns the name of the file with the logo, if there is one.
    pub(crate) fn logo(&self) -> Option<&str> {
        self.pages.theme.logo.as_ref().map(|logo| logo.name.as_str())
    }

    /// Returns `true` if the page is at or below this path.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        self.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Returns `true` if the page is exactly at this path.
    pub(crate) fn is_exactly(&self, path: &str) -> bool {
        self.path == path
    }
}
