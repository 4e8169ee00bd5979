//! Why a text is not an e-mail address.

/// Why a text is not an e-mail address, as a sentence that a person can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// The text is beyond anything worth looking at.
    #[error("Length must not exceed 2048 characters")]
    InputTooLong,
    /// A carriage return or line feed, anywhere in the text.
    #[error("Carriage return and line feed characters are not allowed")]
    LineBreak,
    /// The address is over [`EmailAddress::MAX_LENGTH`](super::EmailAddress::MAX_LENGTH), as it
    /// was given, in its normal form, or with its domain in Punycode.
    #[error("The email address is too long.")]
    TooLong,
    /// `Name <address>`, or an address in angle brackets.
    #[error("A display name and angle brackets around the email address are not permitted here.")]
    DisplayName,
    /// No @-sign.
    #[error("An email address must have an @-sign.")]
    MissingAtSign,
    /// Two periods in a row, on either side of the @-sign.
    #[error("An email address cannot have two periods in a row.")]
    ConsecutivePeriods,
    /// A blank, control, format, private-use or unassigned character, or a combining mark with
    /// nothing before it to combine with.
    #[error("The email address contains unsafe characters.")]
    UnsafeCharacter,

    /// Nothing before the @-sign.
    #[error("There must be something before the @-sign.")]
    EmptyLocalPart,
    /// A local part over 64 octets.
    #[error("The email address is too long before the @-sign.")]
    LocalPartTooLong,
    /// A quoted local part.
    #[error("Quoting the part before the @-sign is not allowed here.")]
    QuotedLocalPart,
    /// A character that a local part cannot have.
    #[error("The email address contains invalid characters before the @-sign.")]
    InvalidLocalPartCharacter,
    /// A period first of all.
    #[error("An email address cannot start with a period.")]
    LeadingPeriod,
    /// A period as the last character of the local part.
    #[error("An email address cannot have a period immediately before the @-sign.")]
    PeriodBeforeAtSign,

    /// Nothing after the @-sign.
    #[error("There must be something after the @-sign.")]
    EmptyDomain,
    /// An address literal, like `[127.0.0.1]`.
    #[error("A bracketed IP address after the @-sign is not allowed here.")]
    AddressLiteral,
    /// A character that a domain name cannot have.
    #[error("The part after the @-sign contains invalid characters.")]
    InvalidDomainCharacter,
    /// A period as the first character of the domain.
    #[error("An email address cannot have a period immediately after the @-sign.")]
    PeriodAfterAtSign,
    /// A period last of all.
    #[error("An email address cannot end with a period.")]
    TrailingPeriod,
    /// A label that begins or ends with a hyphen.
    #[error(
        "An email address cannot have a hyphen immediately after the @-sign, at the end, or next \
         to a period after the @-sign."
    )]
    HyphenAtLabelEdge,
    /// A label with hyphens in the third and fourth place that is not Punycode.
    #[error(
        "An email address cannot have two letters followed by two dashes immediately after the \
         @-sign or after a period, except Punycode."
    )]
    ReservedLabel,
    /// A domain that breaks a rule of UTS #46, of Punycode, or of right-to-left text.
    #[error("The part after the @-sign is not valid IDNA.")]
    InvalidIdna,
    /// A character that IDNA 2008 does not allow in a domain name, or not in this place.
    #[error("The part after the @-sign contains characters that IDNA does not allow.")]
    DisallowedByIdna,
    /// A label over 63 octets.
    #[error("After the @-sign, periods cannot be separated by so many characters.")]
    LabelTooLong,
    /// A domain of a single label.
    #[error("The part after the @-sign is not valid. It should have a period.")]
    MissingPeriod,
    /// A last label that does not end with a letter.
    #[error("The part after the @-sign is not valid. It is not within a valid top-level domain.")]
    InvalidTopLevelDomain,
    /// A domain that is set aside and has no mail.
    #[error(
        "The part after the @-sign is a special-use or reserved name that cannot be used with \
         email."
    )]
    SpecialUseDomain,
}
