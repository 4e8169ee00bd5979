//! Errors of email addresses.

/// Errors returned by [`EmailAddress::parse`](super::EmailAddress::parse). Each message is a sentence that
/// can be shown to users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// The text is longer than 2048 code points.
    #[error("Length must not exceed 2048 characters")]
    InputTooLong,
    /// The text contains a carriage return or line feed.
    #[error("Carriage return and line feed characters are not allowed")]
    LineBreak,
    /// The address is longer than [`EmailAddress::MAX_LENGTH`](super::EmailAddress::MAX_LENGTH), as entered,
    /// in its normal form, or with its domain in Punycode.
    #[error("The email address is too long.")]
    TooLong,
    /// The text is `Name <address>`, or an address in angle brackets.
    #[error("A display name and angle brackets around the email address are not permitted here.")]
    DisplayName,
    /// There is no `@`.
    #[error("An email address must have an @-sign.")]
    MissingAtSign,
    /// There are two periods in a row before or after the `@`.
    #[error("An email address cannot have two periods in a row.")]
    ConsecutivePeriods,
    /// There is white space, a control, format, private-use, or unassigned character, or a combining mark
    /// with no character before it.
    #[error("The email address contains unsafe characters.")]
    UnsafeCharacter,

    /// There is nothing before the `@`.
    #[error("There must be something before the @-sign.")]
    EmptyLocalPart,
    /// The local part is longer than 64 bytes.
    #[error("The email address is too long before the @-sign.")]
    LocalPartTooLong,
    /// The local part is quoted.
    #[error("Quoting the part before the @-sign is not allowed here.")]
    QuotedLocalPart,
    /// The local part contains a character that isn't allowed.
    #[error("The email address contains invalid characters before the @-sign.")]
    InvalidLocalPartCharacter,
    /// The address starts with a period.
    #[error("An email address cannot start with a period.")]
    LeadingPeriod,
    /// The local part ends with a period.
    #[error("An email address cannot have a period immediately before the @-sign.")]
    PeriodBeforeAtSign,

    /// There is nothing after the `@`.
    #[error("There must be something after the @-sign.")]
    EmptyDomain,
    /// The domain is an address literal, such as `[127.0.0.1]`.
    #[error("A bracketed IP address after the @-sign is not allowed here.")]
    AddressLiteral,
    /// The domain contains a character that isn't allowed.
    #[error("The part after the @-sign contains invalid characters.")]
    InvalidDomainCharacter,
    /// The domain starts with a period.
    #[error("An email address cannot have a period immediately after the @-sign.")]
    PeriodAfterAtSign,
    /// The address ends with a period.
    #[error("An email address cannot end with a period.")]
    TrailingPeriod,
    /// A label begins or ends with a hyphen.
    #[error(
        "An email address cannot have a hyphen immediately after the @-sign, at the end, or next \
         to a period after the @-sign."
    )]
    HyphenAtLabelEdge,
    /// A label has hyphens in the third and fourth position, but isn't Punycode.
    #[error(
        "An email address cannot have two letters followed by two dashes immediately after the \
         @-sign or after a period, except Punycode."
    )]
    ReservedLabel,
    /// The domain breaks a rule of UTS #46, of Punycode, or of right-to-left text.
    #[error("The part after the @-sign is not valid IDNA.")]
    InvalidIdna,
    /// The domain contains a character that IDNA 2008 doesn't allow at all or at this position.
    #[error("The part after the @-sign contains characters that IDNA does not allow.")]
    DisallowedByIdna,
    /// A label is longer than 63 bytes.
    #[error("After the @-sign, periods cannot be separated by so many characters.")]
    LabelTooLong,
    /// The domain has only one label.
    #[error("The part after the @-sign is not valid. It should have a period.")]
    MissingPeriod,
    /// The last label doesn't end with a letter.
    #[error("The part after the @-sign is not valid. It is not within a valid top-level domain.")]
    InvalidTopLevelDomain,
    /// The domain is reserved and can't receive email.
    #[error(
        "The part after the @-sign is a special-use or reserved name that cannot be used with \
         email."
    )]
    SpecialUseDomain,
}
