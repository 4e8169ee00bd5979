//! What every page has around what it says.

use std::sync::Arc;

use doorward_application::Caller;

use super::{Pages, texts::Texts};

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
    pub(crate) notice: Option<&'static str>,
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
            path: path.to_owned(),
        }
    }

    /// Says what was done, by the word for it that was in the address.
    pub(super) fn with_notice(self, done: &str) -> Self {
        Self { notice: notice(self.t, done), ..self }
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

fn notice(t: &Texts, done: &str) -> Option<&'static str> {
    Some(match done {
        "confirmed" => t.notice_confirmed,
        "invite-revoked" => t.notice_invite_revoked,
        "invite-sent" => t.notice_invite_sent,
        "joined" => t.notice_joined,
        "left" => t.notice_left,
        "mail-sent" => t.notice_mail_sent,
        "member-removed" => t.notice_member_removed,
        "org-created" => t.notice_org_created,
        "org-renamed" => t.notice_org_renamed,
        "password-changed" => t.notice_password_changed,
        "password-set" => t.notice_password_set,
        "profile-saved" => t.notice_profile_saved,
        "role-changed" => t.notice_role_changed,
        "session-ended" => t.notice_session_ended,
        "sessions-ended" => t.notice_sessions_ended,
        "signed-out" => t.notice_signed_out,
        "signed-up" => t.notice_signed_up,
        "switched" => t.notice_switched,
        _ => return None,
    })
}
