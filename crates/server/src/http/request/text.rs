//! The text types of fields: how each is parsed, and its schema in the OpenAPI document.

use doorward_domain::{
    account::{
        email::EmailAddress,
        profile::{AvatarUrl, Bio, FullName, Locale, Timezone},
        username::Username,
    },
    credential::password::{NewPassword, Password},
    field::{FieldError, check_length},
    org::OrgName,
};
use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, schema::Type};

/// A value that is parsed from a text.
pub(crate) trait Text: Sized {
    /// An invalid text, for the documentation. Defaults to the empty text.
    const REFUSED: &str = "";

    fn parse(text: &str) -> Result<Self, FieldError>;

    fn schema() -> ObjectBuilder;
}

/// A text that is not empty. The use case validates its content.
#[derive(Debug)]
pub(crate) struct NotEmpty(pub(crate) String);

fn string() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn at_most(max: usize) -> ObjectBuilder {
    string().max_length(Some(max))
}

fn password() -> ObjectBuilder {
    string().format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
}

impl Text for String {
    fn parse(text: &str) -> Result<Self, FieldError> {
        Ok(text.to_owned())
    }

    fn schema() -> ObjectBuilder {
        string()
    }
}

impl Text for NotEmpty {
    fn parse(text: &str) -> Result<Self, FieldError> {
        check_length(text, 1, usize::MAX)?;
        Ok(Self(text.to_owned()))
    }

    fn schema() -> ObjectBuilder {
        string().min_length(Some(1))
    }
}

impl Text for EmailAddress {
    const REFUSED: &str = "ada@example";

    fn parse(text: &str) -> Result<Self, FieldError> {
        Ok(Self::parse(text)?)
    }

    fn schema() -> ObjectBuilder {
        string().format(Some(SchemaFormat::KnownFormat(KnownFormat::Email)))
    }
}

impl Text for Username {
    const REFUSED: &str = "Ada Lovelace";

    fn parse(text: &str) -> Result<Self, FieldError> {
        Self::parse(text)
    }

    fn schema() -> ObjectBuilder {
        string()
            .min_length(Some(Self::MIN))
            .max_length(Some(Self::MAX))
            .pattern(Some(Self::PATTERN))
    }
}

impl Text for Password {
    fn parse(text: &str) -> Result<Self, FieldError> {
        check_length(text, 1, usize::MAX)?;
        Ok(Self::new(text))
    }

    fn schema() -> ObjectBuilder {
        password().min_length(Some(1))
    }
}

impl Text for NewPassword {
    fn parse(text: &str) -> Result<Self, FieldError> {
        Self::parse(text)
    }

    fn schema() -> ObjectBuilder {
        password().min_length(Some(Self::MIN)).max_length(Some(Self::MAX))
    }
}

impl Text for FullName {
    fn parse(text: &str) -> Result<Self, FieldError> {
        Self::parse(text)
    }

    fn schema() -> ObjectBuilder {
        at_most(Self::MAX)
    }
}

impl Text for Bio {
    fn parse(text: &str) -> Result<Self, FieldError> {
        Self::parse(text)
    }

    fn schema() -> ObjectBuilder {
        at_most(Self::MAX)
    }
}

impl Text for AvatarUrl {
    const REFUSED: &str = "ftp://example.com/ada.png";

    fn parse(text: &str) -> Result<Self, FieldError> {
        Self::parse(text)
    }

    fn schema() -> ObjectBuilder {
        at_most(Self::MAX).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uri)))
    }
}

impl Text for Timezone {
    const REFUSED: &str = "Europe/Nowhere";

    fn parse(text: &str) -> Result<Self, FieldError> {
        Self::parse(text)
    }

    fn schema() -> ObjectBuilder {
        at_most(Self::MAX)
    }
}

impl Text for Locale {
    const REFUSED: &str = "en_GB";

    fn parse(text: &str) -> Result<Self, FieldError> {
        Self::parse(text)
    }

    fn schema() -> ObjectBuilder {
        at_most(Self::MAX)
    }
}

impl Text for OrgName {
    fn parse(text: &str) -> Result<Self, FieldError> {
        Self::parse(text)
    }

    fn schema() -> ObjectBuilder {
        at_most(Self::MAX).min_length(Some(1))
    }
}
