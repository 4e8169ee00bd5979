//! One-time notices: the page that a form redirects to says once what has changed.
//!
//! A notice travels in a cookie that is set with the redirect and removed when the notice is shown, so no link
//! can show a notice, and neither a reload nor a bookmark shows it again. The cookie is authenticated for
//! one page, one user, and one minute: a cookie that another host of the same site has set shows nothing.

use actix_web::{HttpRequest, http::Method};
use doorward_adapters::{secret::Secrets, tokens::MessageMac};
use doorward_domain::UserId;
use time::OffsetDateTime;

use super::{Pages, texts::Texts};

/// The lifetime of a notice that is not shown, in seconds.
pub(super) const LIFETIME: i64 = 60;
/// The maximum difference between the clocks of two servers, in seconds.
const LEEWAY: i64 = 30;
/// The maximum number of pending notices. There are several if forms are sent in several tabs.
const AT_ONCE: usize = 4;
/// The separator of notices in a cookie.
const SEPARATOR: char = '~';

macro_rules! notices {
    ($($notice:ident $name:literal $text:ident;)+) => {
        /// The result of a form.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Notice {
            $($notice,)+
        }

        impl Notice {
            const fn name(self) -> &'static str {
                match self { $(Self::$notice => $name,)+ }
            }

            fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$notice),)+ _ => None }
            }

            /// Returns the text of the notice.
            pub(super) const fn text(self, texts: &Texts) -> &'static str {
                match self { $(Self::$notice => texts.$text,)+ }
            }
        }
    };
}

notices! {
    Confirmed "confirmed" notice_confirmed;
    EmailChanged "email-changed" notice_email_changed;
    EmailKept "email-kept" notice_email_kept;
    InviteRevoked "invite-revoked" notice_invite_revoked;
    InviteSent "invite-sent" notice_invite_sent;
    Joined "joined" notice_joined;
    Left "left" notice_left;
    MailSent "mail-sent" notice_mail_sent;
    MemberRemoved "member-removed" notice_member_removed;
    OrgCreated "org-created" notice_org_created;
    OrgDeleted "org-deleted" notice_org_deleted;
    OrgRenamed "org-renamed" notice_org_renamed;
    PasswordChanged "password-changed" notice_password_changed;
    PasswordSet "password-set" notice_password_set;
    ProfileSaved "profile-saved" notice_profile_saved;
    RegistrationDeleted "registration-deleted" notice_registration_deleted;
    RoleChanged "role-changed" notice_role_changed;
    SessionEnded "session-ended" notice_session_ended;
    SessionsEnded "sessions-ended" notice_sessions_ended;
    SignedOut "signed-out" notice_signed_out;
    SignedUp "signed-up" notice_signed_up;
    Switched "switched" notice_switched;
    VerificationSent "verification-sent" notice_verification_sent;
}

/// Writes and reads the cookie's value.
#[derive(Debug)]
pub(super) struct Notices(MessageMac);

/// A notice in the cookie: its name, the time at which it was written in seconds since the epoch, and its MAC.
#[derive(Clone, Copy)]
struct Entry<'a> {
    text: &'a str,
    name: &'a str,
    at: i64,
    mac: &'a str,
}

impl<'a> Entry<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (name, rest) = text.split_once('.')?;
        let (at, mac) = rest.split_once('.')?;
        Some(Self { text, name, at: at.parse().ok()?, mac })
    }

    fn waits(&self, now: OffsetDateTime) -> bool {
        let age = now.unix_timestamp().saturating_sub(self.at);
        (-LEEWAY..LIFETIME).contains(&age)
    }
}

impl Notices {
    pub(super) fn new(secrets: &Secrets) -> Self {
        Self(MessageMac::new(secrets, "page notice"))
    }

    /// Returns the cookie's value with a notice added for a page and the user who will see it.
    fn add(
        &self,
        cookie: &str,
        (path, user): (&str, Option<UserId>),
        notice: Notice,
        now: OffsetDateTime,
    ) -> String {
        let at = now.unix_timestamp();
        let mac = self.0.sign(&message(notice.name(), at, path, user));
        let added = format!("{}.{at}.{mac}", notice.name());
        let earlier = entries(cookie, now).map(|entry| entry.text);
        let mut kept: Vec<_> = std::iter::once(added.as_str()).chain(earlier).collect();
        kept.truncate(AT_ONCE);
        kept.join(&SEPARATOR.to_string())
    }

    /// Returns the latest notice for a page, and the cookie's value without the page's notices; `None` if
    /// there is no notice for the page.
    fn take(
        &self,
        cookie: &str,
        (path, user): (&str, Option<UserId>),
        now: OffsetDateTime,
    ) -> Option<(Notice, String)> {
        let (own, others): (Vec<_>, Vec<_>) = entries(cookie, now)
            .partition(|it| self.0.verify(&message(it.name, it.at, path, user), it.mac));
        let notice = own.first().and_then(|entry| Notice::parse(entry.name))?;
        let others: Vec<_> = others.iter().map(|entry| entry.text).collect();
        Some((notice, others.join(&SEPARATOR.to_string())))
    }
}

fn entries(cookie: &str, now: OffsetDateTime) -> impl Iterator<Item = Entry<'_>> {
    let entries = cookie.split(SEPARATOR).filter_map(Entry::parse);
    entries.filter(move |entry| entry.waits(now)).take(AT_ONCE)
}

fn message(name: &str, at: i64, path: &str, user: Option<UserId>) -> String {
    let user = user.map(|user| user.to_string()).unwrap_or_default();
    format!("{name}\n{at}\n{path}\n{user}")
}

/// Stores a notice that a page shows once, to the user who will see it.
pub(super) fn show(
    pages: &Pages,
    request: &HttpRequest,
    (path, user): (&str, Option<UserId>),
    notice: Notice,
    now: OffsetDateTime,
) {
    let sent = pages.cookies.read(request).notices;
    let earlier = sent.as_ref().map(|sent| sent.expose()).unwrap_or_default();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    pages.cookies.keep_notices(request, pages.notices.add(earlier, (path, user), notice, now));
}

/// Returns the notice for the current page and removes it.
pub(super) fn take(
    pages: &Pages,
    request: &HttpRequest,
    user: Option<UserId>,
    now: OffsetDateTime,
) -> Option<Notice> {
    if *request.method() != Method::GET {
        return None;
    }
    let sent = pages.cookies.read(request).notices?;
    let (notice, others) = pages.notices.take(sent.expose(), (request.path(), user), now)?;
    pages.cookies.keep_notices(request, others);
    Some(notice)
}

#[cfg(test)]
mod tests {
    use doorward_adapters::secret::MasterKey;
    use time::{Duration, macros::datetime};
    use uuid::Uuid;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-01-01 12:00 UTC);
    const PAGE: (&str, Option<UserId>) = ("/account", None);

    fn notices(secret: &str) -> Notices {
        let current = MasterKey::new(&secret.repeat(32)).unwrap();
        Notices::new(&Secrets { current, previous: Vec::new() })
    }

    fn taken(
        cookie: &str,
        page: (&str, Option<UserId>),
        now: OffsetDateTime,
    ) -> Option<(Notice, String)> {
        notices("a").take(cookie, page, now)
    }

    #[test]
    fn notice_is_for_its_page_user_and_minute_only() {
        let cookie = notices("a").add("", PAGE, Notice::ProfileSaved, NOW);
        let expected = Some((Notice::ProfileSaved, String::new()));
        assert_eq!(taken(&cookie, PAGE, NOW), expected);
        assert_eq!(taken(&cookie, PAGE, NOW + Duration::seconds(59)), expected);
        assert_eq!(taken(&cookie, PAGE, NOW - Duration::seconds(30)), expected);
        assert_eq!(taken(&cookie, PAGE, NOW + Duration::seconds(60)), None);
        assert_eq!(taken(&cookie, PAGE, NOW - Duration::seconds(31)), None);
        assert_eq!(taken(&cookie, ("/account/sessions", None), NOW), None);
        let another = Some(UserId::from_uuid(Uuid::nil()));
        assert_eq!(taken(&cookie, ("/account", another), NOW), None);
        assert_eq!(notices("b").take(&cookie, PAGE, NOW), None);
    }

    #[test]
    fn altered_notice_shows_nothing() {
        let cookie = notices("a").add("", PAGE, Notice::ProfileSaved, NOW);
        let forged = cookie.replace("profile-saved", "password-changed");
        assert_eq!(taken(&forged, PAGE, NOW), None);
        for cookie in ["", "profile-saved", "profile-saved.0", "..", "~~~", "profile-saved.x.y"] {
            assert_eq!(taken(cookie, PAGE, NOW), None, "{cookie}");
        }
    }

    #[test]
    fn notices_of_two_tabs_are_kept_apart() {
        let sessions = ("/account/sessions", None);
        let cookie = notices("a").add("", PAGE, Notice::ProfileSaved, NOW);
        let both = notices("a").add(&cookie, sessions, Notice::SessionEnded, NOW);
        assert_eq!(taken(&both, PAGE, NOW).unwrap().0, Notice::ProfileSaved);
        assert_eq!(taken(&both, sessions, NOW), Some((Notice::SessionEnded, cookie)));
    }

    #[test]
    fn latest_notice_of_a_page_is_shown_and_none_is_left() {
        let cookie = notices("a").add("", PAGE, Notice::ProfileSaved, NOW);
        let cookie = notices("a").add(&cookie, PAGE, Notice::Confirmed, NOW);
        assert_eq!(taken(&cookie, PAGE, NOW), Some((Notice::Confirmed, String::new())));
    }

    #[test]
    fn cookie_does_not_grow() {
        let mut cookie = "x.0.y~".repeat(1000);
        for _ in 0..10 {
            cookie = notices("a").add(&cookie, PAGE, Notice::ProfileSaved, NOW);
        }
        assert_eq!(cookie.split(SEPARATOR).count(), AT_ONCE);
        assert!(cookie.len() < 500, "{cookie}");
    }
}
