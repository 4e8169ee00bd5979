//! The texts of pages, in each supported language.

mod de;
mod en;

use actix_web::{
    HttpRequest,
    http::header::{AcceptLanguage, Header},
};
use doorward_domain::{account::profile::Locale, org::role::Role};

macro_rules! texts {
    ($($name:ident)+) => {
        /// The texts of one language. [`fill`] replaces the names in braces.
        #[derive(Debug)]
        pub(crate) struct Texts {
            $(pub(crate) $name: &'static str,)+
        }

        #[cfg(test)]
        impl Texts {
            fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name)),+]
            }
        }
    };
}

texts! {
    lang
    accept
    accounts_nav
    admin
    already_member
    and_more
    back
    back_to_account
    back_to_organizations
    bio
    busy
    cancel
    change_email
    change_email_about
    change_email_signed_out
    change_it
    change_password
    change_role
    check_your_mail
    code_of_request
    confirm_elsewhere
    confirm_email
    confirm_email_about
    confirm_first
    confirm_first_at
    create_account
    create_organization
    create_organization_about
    current_password
    dead_invite_hint
    dead_invite_title
    dead_link_title
    delete_about
    delete_hint
    delete_name
    delete_organization
    delete_question
    disown
    disown_about
    disown_dead
    disown_title
    email
    email_confirmed
    email_is_confirmed
    email_not_confirmed
    end_other_sessions
    end_others_about
    end_others_question
    end_session
    error_account_disabled
    error_already_member
    error_choice
    error_closed
    error_daily
    error_delete_name
    error_domain_not_allowed
    error_email
    error_email_change
    error_email_taken
    error_forbidden
    error_forbidden_title
    error_foreign
    error_foreign_title
    error_internal
    error_internal_title
    error_invite_email
    error_invite_invalid
    error_last_owner
    error_link
    error_locale
    error_not_found
    error_not_found_title
    error_org_create
    error_password_change
    error_password_common
    error_password_incorrect
    error_personal_org
    error_rate
    error_rejected
    error_required
    error_summary
    error_timezone
    error_title
    error_too_large
    error_too_large_title
    error_too_long
    error_too_short
    error_unverified
    error_url
    error_username
    error_username_taken
    error_wrong
    expires
    forgot_password
    forgot_password_about
    forgot_password_link
    full_name
    go_on
    have_account
    here_now
    hide
    invite
    invite_accept
    invite_accept_hint
    invite_for
    invite_for_other
    invite_register
    invite_sign_in
    invite_member
    invite_member_about
    invite_title
    invites
    invites_none
    joined
    language
    language_of_browser
    last_owner
    last_owner_invite
    last_owner_members
    last_used
    signed_in_from
    leave
    leave_about
    leave_question
    leave_question_about
    member
    members
    more
    name
    new_email
    new_password
    no_account
    not_me_question
    notice_confirmed
    notice_email_changed
    notice_email_kept
    notice_invite_revoked
    notice_invite_sent
    notice_joined
    notice_left
    notice_mail_sent
    notice_member_removed
    notice_org_created
    notice_org_deleted
    notice_org_renamed
    notice_password_changed
    notice_password_set
    notice_profile_saved
    notice_registration_deleted
    notice_role_changed
    notice_session_ended
    notice_sessions_ended
    notice_signed_out
    notice_signed_up
    notice_switched
    notice_verification_sent
    open_organization
    optional
    organizations
    organizations_about
    owner
    password
    password_hint
    personal
    profile
    remove
    remove_about
    remove_question
    rename
    resend
    resend_mail
    reset_password
    reset_password_about
    role
    role_about
    save
    send_link
    send_new_link
    sent_mail
    service_unavailable
    sessions
    sessions_about
    set_password
    show
    sign_in
    sign_out
    sign_out_about
    sign_out_and_continue
    sign_up
    signed_in_as
    skip
    step_down_about
    step_down_question
    strength
    strength_acceptable
    strength_good
    strength_missing
    strength_one_missing
    strength_strong
    switch
    timezone
    timezone_hint
    try_again
    typed_is_kept
    unknown_device
    username
    username_hint
    username_or_email
    wait_over
    wait_second
    wait_seconds
    withdraw
    withdraw_about
    withdraw_question
    work_here
    wrong_address
    you
}

/// The languages of pages. The first is the fallback.
static LANGUAGES: [&Texts; 2] = [&en::EN, &de::DE];

impl Texts {
    /// Returns the texts in the language that the user has chosen, else in the one that the browser prefers
    /// (`Accept-Language`), else in the default language of the service.
    pub(super) fn of(
        chosen: Option<&Locale>,
        request: &HttpRequest,
        default: &Locale,
    ) -> &'static Self {
        let accepted = AcceptLanguage::parse(request).map(|accepted| accepted.ranked());
        let accepted = accepted.unwrap_or_default();
        let accepted = accepted.iter().filter_map(|language| language.item());
        let wanted = chosen.map(Locale::as_str).into_iter();
        let wanted = wanted.map(str::to_owned).chain(accepted.map(ToString::to_string));
        let found = wanted.chain([default.as_str().to_owned()]).find_map(|tag| Self::speaks(&tag));
        found.unwrap_or(&en::EN)
    }

    /// Returns the texts of a language tag. Its region is ignored.
    fn speaks(tag: &str) -> Option<&'static Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        LANGUAGES.into_iter().find(|texts| texts.lang.eq_ignore_ascii_case(primary))
    }

    /// Returns a message that says what is wrong and in how many seconds to try again.
    pub(super) fn and_wait(&self, what: &str, seconds: u64) -> String {
        let wait = match seconds {
            1 => self.wait_second.to_owned(),
            _ => fill(self.wait_seconds, &[("seconds", &seconds.to_string())]),
        };
        format!("{what} {wait}")
    }

    /// Returns the name of a role.
    pub(crate) const fn of_role(&self, role: Role) -> &'static str {
        match role {
            Role::Owner => self.owner,
            Role::Admin => self.admin,
            Role::Member => self.member,
        }
    }
}

/// Replaces each name in braces by its value, and an unknown name by nothing.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inner)) = rest.split_once('{') {
        let Some((name, after)) = inner.split_once('}') else { break };
        filled.push_str(before);
        let value = values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        filled.push_str(value.unwrap_or_default());
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn language(chosen: Option<&str>, accepted: &str, default: &str) -> &'static str {
        let request = TestRequest::get().insert_header(("accept-language", accepted));
        let chosen = chosen.map(|tag| Locale::parse(tag).unwrap());
        let default = Locale::parse(default).unwrap();
        Texts::of(chosen.as_ref(), &request.to_http_request(), &default).lang
    }

    #[test]
    fn chosen_language_takes_precedence_over_accept_language() {
        assert_eq!(language(Some("de-CH"), "en", "en"), "de");
        assert_eq!(language(Some("fr"), "de", "en"), "de");
    }

    #[test]
    fn accept_language_is_ranked_by_quality() {
        assert_eq!(language(None, "fr, de;q=0.5, en;q=0.9", "de"), "en");
        assert_eq!(language(None, "fr, de-AT;q=0.9, en;q=0.5", "en"), "de");
        assert_eq!(language(None, "DE", "en"), "de");
    }

    #[test]
    fn default_language_is_used_if_no_accepted_one_is_supported() {
        assert_eq!(language(None, "fr", "de"), "de");
        assert_eq!(language(None, "*", "en"), "en");
        assert_eq!(language(None, "??;;;,", "de"), "de");
        assert_eq!(language(None, "fr", "sv"), "en");
    }

    #[test]
    fn languages_have_the_same_texts_and_placeholders() {
        let names = |text: &str| {
            let mut names: Vec<_> = text
                .split('{')
                .skip(1)
                .map(|rest| rest.split('}').next().unwrap().to_owned())
                .collect();
            names.sort();
            names
        };
        for texts in LANGUAGES {
            for ((name, text), (_, english)) in texts.all().into_iter().zip(en::EN.all()) {
                assert!(!text.is_empty(), "{}: {name}", texts.lang);
                assert_eq!(names(text), names(english), "{}: {name}", texts.lang);
            }
        }
    }

    #[test]
    fn placeholders_are_replaced_by_their_values() {
        let values = [("who", "Ada {org}"), ("org", "Engines")];
        assert_eq!(fill("{who} in {org}!", &values), "Ada {org} in Engines!");
        assert_eq!(fill("no {name}, {", &values), "no , {");
    }
}
