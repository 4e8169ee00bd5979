//! Forms: the submitted values, and error messages for the user.

use std::fmt;

use actix_web::http::StatusCode;
use doorward_application::access::denied::Forbidden;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::texts::{Texts, fill};
use crate::http::{
    error::{ApiError, ValidationError, catalog},
    request::{Body, read_object},
};

/// The fields of a submitted form or of a query, which correspond to the fields of an API request body.
#[derive(Clone, Default)]
pub(crate) struct Fields(Map<String, Value>);

/// Shows only the names of fields, because the values may be passwords and tokens.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Fields {
    /// Parses `application/x-www-form-urlencoded`. The last field with a name counts.
    pub(super) fn parse(encoded: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(encoded);
        let pairs = pairs.map(|(name, value)| {
            let value = meant(&name, &value);
            (name.into_owned(), value.into())
        });
        Self(pairs.collect())
    }

    /// Creates fields from values, as if they had been submitted.
    pub(super) fn of<'a>(
        fields: impl IntoIterator<Item = (&'static str, Option<&'a str>)>,
    ) -> Self {
        let pairs = fields.into_iter();
        Self(
            pairs
                .map(|(name, value)| (name.to_owned(), value.unwrap_or_default().into()))
                .collect(),
        )
    }

    /// Returns the value of a field, or an empty string if it is missing.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Sets the named fields to `null` if they are empty.
    #[must_use]
    pub(super) fn clearing(mut self, names: &[&str]) -> Self {
        for name in names {
            if self.0.get(*name).is_some_and(|value| value == "") {
                self.0.insert((*name).to_owned(), Value::Null);
            }
        }
        self
    }

    /// Renames a field.
    #[must_use]
    pub(super) fn renaming(mut self, from: &str, to: &str) -> Self {
        if let Some(value) = self.0.remove(from) {
            self.0.insert(to.to_owned(), value);
        }
        self
    }

    /// Returns the fields to show again, or `None` if a password is among them.
    pub(super) fn shown(&self) -> Option<Vec<(String, String)>> {
        let mut pairs = self.0.iter();
        if pairs.clone().any(|(name, _)| is_password(name)) {
            return None;
        }
        pairs.try_fold(Vec::new(), |mut shown, (name, value)| {
            shown.push((name.clone(), value.as_str()?.to_owned()));
            Some(shown)
        })
    }

    /// Parses the fields like a request body of the API.
    pub(super) fn read<T: Body>(self) -> Result<T, ApiError> {
        read_object(self.0)
    }
}

/// Fields that are hidden or selected rather than typed. Their errors are shown for the form as a whole.
const HIDDEN: [&str; 3] = ["token", "invite_token", "role"];

/// A form to show.
#[derive(Debug, Default)]
pub(crate) struct Form {
    values: Fields,
    errors: Vec<(String, String)>,
    /// The error of the form as a whole.
    pub(crate) alert: Option<String>,
    pub(super) status: StatusCode,
    /// Whether another verification email helps.
    pub(crate) verify: bool,
    /// The time to wait before the form may be sent again, if a rate limit is the error.
    pub(crate) wait: Option<Wait>,
}

/// The longest wait that is counted down, in seconds.
const LONG_WAIT: u64 = 3600;

/// The time to wait before a form may be sent again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wait {
    /// The number of seconds.
    pub(crate) seconds: u64,
    /// The text shown after the wait.
    pub(crate) over: &'static str,
}

impl Form {
    /// Creates a form with values.
    pub(super) fn with(values: Fields) -> Self {
        Self { values, ..Self::default() }
    }

    /// Creates a form with an error at one field.
    pub(super) fn mistaken(values: Fields, field: &str, text: &str, texts: &Texts) -> Self {
        Self {
            errors: vec![(field.to_owned(), text.to_owned())],
            alert: Some(texts.error_summary.to_owned()),
            status: StatusCode::UNPROCESSABLE_ENTITY,
            ..Self::with(values)
        }
    }

    /// Returns `true` if the form was refused.
    pub(crate) fn is_refused(&self) -> bool {
        self.alert.is_some()
    }

    /// Returns `true` if the form was refused and no field has an error, so the error of the whole form gets the focus.
    pub(crate) fn is_shown_at_once(&self) -> bool {
        self.alert.is_some() && self.errors.is_empty()
    }

    /// Creates the form to show after an error. Returns the error if the user can't correct it in the form.
    pub(super) fn refused(
        values: Fields,
        error: ApiError,
        rejected: &str,
        texts: &Texts,
    ) -> Result<Self, ApiError> {
        let form = |status, alert, errors| Self {
            values,
            errors,
            alert,
            status,
            verify: false,
            wait: None,
        };
        let alert = |text: &str| Some(text.to_owned());
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        Ok(match error {
            ApiError::Validation(issues) => {
                let told = |issue: &ValidationError| {
                    let field = issue.body_field().filter(|field| !HIDDEN.contains(field))?;
                    Some((field.to_owned(), words(issue, texts)))
                };
                let untold = issues.iter().find(|issue| told(issue).is_none());
                let summary = untold.map(|issue| words(issue, texts));
                let errors = issues.iter().filter_map(told).collect();
                form(unprocessable, summary.or_else(|| alert(texts.error_summary)), errors)
            }
            // Not 401, which requires a header that makes browsers prompt for credentials.
            ApiError::Unauthenticated(_) => form(unprocessable, alert(rejected), Vec::new()),
            ApiError::Forbidden(forbidden) => {
                let verify = forbidden == Forbidden::EMAIL_UNVERIFIED;
                let alert = alert(missing(forbidden, texts));
                Self { verify, ..form(StatusCode::FORBIDDEN, alert, Vec::new()) }
            }
            // Too long to count down.
            ApiError::RateLimited(retry) if retry.seconds() > LONG_WAIT => {
                form(StatusCode::TOO_MANY_REQUESTS, Some(texts.error_daily.to_owned()), Vec::new())
            }
            ApiError::RateLimited(retry) => {
                let text = Some(texts.and_wait(texts.error_rate, retry.seconds()));
                let wait = Some(Wait { seconds: retry.seconds(), over: texts.wait_over });
                Self { wait, ..form(StatusCode::TOO_MANY_REQUESTS, text, Vec::new()) }
            }
            ApiError::Unavailable { retry_after, .. } => {
                let text = Some(texts.and_wait(texts.busy, retry_after));
                let wait = Some(Wait { seconds: retry_after, over: texts.wait_over });
                Self { wait, ..form(StatusCode::SERVICE_UNAVAILABLE, text, Vec::new()) }
            }
            error @ (ApiError::RefreshRefused { .. }
            | ApiError::NotFound
            | ApiError::MethodNotAllowed { .. }
            | ApiError::BodyTooSlow
            | ApiError::PayloadTooLarge { .. }
            | ApiError::Internal(_)) => return Err(error),
        })
    }

    /// Returns the value of a field.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.values.text(name)
    }

    /// Returns the error of a field.
    pub(crate) fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|(field, _)| field == name).map(|(_, error)| error.as_str())
    }

    /// Returns `true` if a field gets the focus: the first field with an error, or `first` if there are no errors.
    pub(crate) fn begins_with(&self, name: &str, first: bool) -> bool {
        self.errors.first().map_or(first, |(field, _)| field == name)
    }
}

/// Normalizes a value: removes white space around it and unifies line endings. Passwords are not changed.
fn meant(name: &str, value: &str) -> String {
    if is_password(name) { value.to_owned() } else { value.trim().replace("\r\n", "\n") }
}

fn is_password(name: &str) -> bool {
    name.ends_with("password")
}

/// Returns the message for a missing permission, with what the user can do.
pub(super) fn missing(forbidden: Forbidden, texts: &Texts) -> &'static str {
    match forbidden {
        Forbidden::REGISTER => texts.error_closed,
        Forbidden::ACCOUNT_DISABLED => texts.error_account_disabled,
        Forbidden::EMAIL_UNVERIFIED => texts.error_unverified,
        Forbidden::EMAIL_CHANGE => texts.error_email_change,
        Forbidden::PASSWORD_CHANGE => texts.error_password_change,
        Forbidden::ORG_CREATE => texts.error_org_create,
        _ => texts.error_forbidden,
    }
}

/// Returns the message for an error of a field.
fn words(issue: &ValidationError, texts: &Texts) -> String {
    let field = issue.body_field().unwrap_or_default();
    let number = |name| issue.ctx(name).map(Value::to_string).unwrap_or_default();
    let text = match issue.kind().name {
        name if name == catalog::MISSING.name => texts.error_required,
        name if name == catalog::STRING_TOO_SHORT.name => {
            let min = number("min_length");
            if min == "1" {
                return texts.error_required.to_owned();
            }
            return fill(texts.error_too_short, &[("min", &min)]);
        }
        name if name == catalog::STRING_TOO_LONG.name => {
            return fill(texts.error_too_long, &[("max", &number("max_length"))]);
        }
        name if name == catalog::STRING_PATTERN_MISMATCH.name => texts.error_username,
        name if name == catalog::VALUE_ERROR.name => texts.error_email,
        name if name == catalog::TOO_LARGE.name && field == "email" => texts.error_email,
        name if name == catalog::ALREADY_EXISTS.name && field == "email" => texts.error_email_taken,
        name if name == catalog::ALREADY_EXISTS.name => texts.error_username_taken,
        name if name == catalog::PASSWORD_INCORRECT.name => texts.error_password_incorrect,
        name if name == catalog::PASSWORD_TOO_COMMON.name => texts.error_password_common,
        name if name == catalog::INVITE_INVALID.name => texts.error_invite_invalid,
        name if name == catalog::INVITE_EMAIL_MISMATCH.name => texts.error_invite_email,
        name if name == catalog::ALREADY_MEMBER.name => texts.error_already_member,
        name if name == catalog::DOMAIN_NOT_ALLOWED.name => texts.error_domain_not_allowed,
        name if name == catalog::LAST_OWNER.name => texts.error_last_owner,
        name if name == catalog::PERSONAL_ORG.name => texts.error_personal_org,
        name if name == catalog::TIMEZONE_UNKNOWN.name => texts.error_timezone,
        name if name == catalog::LOCALE_INVALID.name => texts.error_locale,
        name if name == catalog::URL_INVALID.name => texts.error_url,
        name if name == catalog::ENUM.name => texts.error_choice,
        _ => texts.error_wrong,
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_are_trimmed_from_texts_but_not_from_passwords() {
        let fields = Fields::parse(b"name=+a++b+&bio=a%0D%0Ab&new_password=+p+&name2=+++");
        let texts = ["name", "bio", "new_password", "name2", "none"].map(|name| fields.text(name));
        assert_eq!(texts, ["a  b", "a\nb", " p ", "", ""]);
    }

    #[test]
    fn last_of_several_fields_with_one_name_counts() {
        assert_eq!(Fields::parse(b"next=a&next=b").text("next"), "b");
        assert_eq!(Fields::parse(b"%ff=%ff&&=;").text("next"), "");
    }
}
