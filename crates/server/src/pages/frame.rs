//! What every page has around what it says.

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
    /// What it says.
    pub(crate) t: &'static Texts,
    /// The user name of the person, if they are signed in.
    pub(crate) me: Option<String>,
    /// Whether the person's address is verified.
    pub(crate) is_verified: bool,
    /// What was done by the form before.
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

    /// Says what was done by the form before.
    pub(super) fn with_notice(self, notice: Option<Notice>) -> Self {
        let notice = notice.map(|notice| notice.text(self.t).to_owned());
        Self { notice, ..self }
    }

    /// Fills the notice in, where it names something of the page.
    pub(super) fn naming(self, values: &[(&str, &str)]) -> Self {
        let notice = self.notice.as_deref().map(|notice| fill(notice, values));
        Self { notice, ..self }
    }

    /// Says in the title whether the form was refused.
    pub(super) fn refused(self, is_refused: bool) -> Self {
        Self { is_refused, ..self }
    }

    /// What the addresses of pages begin with.
    pub(crate) fn base(&self) -> &str {
        &self.pages.base
    }

    /// The name of the service.
    pub(crate) fn service(&self) -> &str {
        &self.pages.theme.service_name
    }

    /// The name of the file with the styles.
    pub(crate) fn styles(&self) -> &str {
        &self.pages.theme.styles.name
    }

    /// The name of the file with the script.
    pub(crate) fn script(&self) -> &str {
        &self.pages.theme.script.name
    }

    /// The name of the file with the icon.
    pub(crate) fn icon(&self) -> &str {
        &self.pages.theme.icon().name
    }

    /// The name of the file with the logo, if there is one.
    pub(crate) fn logo(&self) -> Option<&str> {
        self.pages.theme.logo.as_ref().map(|logo| logo.name.as_str())
    }

    /// Whether the page is at this path, or below.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        self.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether the page is at this very path.
    pub(crate) fn is_exactly(&self, path: &str) -> bool {
        self.path == path
    }
}
