//! Tests of which texts are addresses, and of their normal form.

use super::{EmailAddress, EmailError};

mod domain;

fn normal_form(text: &str) -> Result<String, EmailError> {
    EmailAddress::parse(text).map(|address| address.as_str().to_owned())
}

fn assert_normal_forms(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(normal_form(text), Ok((*expected).to_owned()), "{text:?}");
    }
}

fn assert_rejected(cases: &[(&str, EmailError)]) {
    for (text, reason) in cases {
        assert_eq!(normal_form(text), Err(*reason), "{text:?}");
    }
}

#[test]
fn ordinary_addresses_are_unchanged() {
    for text in [
        "ann@example.com",
        "Ann.Lee+news@mail.example.co.uk",
        "!#$%&'*+-/=?^_`{|}~@example.com",
        "1@123.example",
        "a@b.co",
        "ann@a-b.example",
        "änn@example.com",
        "用户@例え.jp",
        "😀@example.com",
    ] {
        assert_normal_forms(&[(text, text)]);
    }
}

#[test]
fn domain_is_lower_cased_and_local_part_keeps_case() {
    assert_normal_forms(&[
        ("Ann@EXAMPLE.COM", "Ann@example.com"),
        ("ÄNN@BÜCHER.example", "ÄNN@bücher.example"),
        ("ann@\u{212A}elvin.com", "ann@kelvin.com"),
    ]);
}

#[test]
fn role_names_are_lower_cased() {
    assert_normal_forms(&[
        ("POSTMASTER@example.com", "postmaster@example.com"),
        ("InFo@example.com", "info@example.com"),
        ("mar\u{212A}eting@example.com", "marketing@example.com"),
        ("Admin@example.com", "Admin@example.com"),
    ]);
}

#[test]
fn characters_are_composed() {
    assert_normal_forms(&[
        ("a\u{308}nn@example.com", "änn@example.com"),
        ("ann@bu\u{308}cher.example", "ann@bücher.example"),
        ("a\u{1FEF}b@example.com", "a`b@example.com"),
    ]);
}

#[test]
fn surrounding_white_space_is_removed() {
    for blank in [" ", "\t", "\u{A0}", "\u{3000}", "\u{B}", "\u{1C}", "\u{85}", " \t\u{2003}"] {
        let text = format!("{blank}ann@example.com{blank}");
        assert_normal_forms(&[(&text, "ann@example.com")]);
    }
}

#[test]
fn line_break_is_rejected_even_around_address() {
    for text in ["ann@example.com\n", "\r\nann@example.com", "ann\n@example.com", "\n"] {
        assert_rejected(&[(text, EmailError::LineBreak)]);
    }
}

#[test]
fn control_characters_are_rejected_on_either_side() {
    for control in (0..0xFF).filter_map(char::from_u32).filter(|c| c.is_control()) {
        for text in [format!("a{control}b@example.com"), format!("ann@exam{control}ple.com")] {
            assert!(EmailAddress::parse(&text).is_err(), "{text:?}");
        }
    }
    for text in ["\0ann@example.com", "ann@example.com\0", "ann@example.com\u{7F}"] {
        assert!(EmailAddress::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn text_without_both_sides_of_at_sign_is_rejected() {
    assert_rejected(&[
        ("", EmailError::MissingAtSign),
        (" \t ", EmailError::MissingAtSign),
        ("ann.example.com", EmailError::MissingAtSign),
        ("ann＠example.com", EmailError::MissingAtSign),
        ("@example.com", EmailError::EmptyLocalPart),
        ("ann@", EmailError::EmptyDomain),
        ("ann@\u{FE0F}", EmailError::UnsafeCharacter),
        ("ann@lee@example.com", EmailError::InvalidDomainCharacter),
    ]);
}

#[test]
fn forms_of_email_headers_are_rejected() {
    assert_rejected(&[
        ("Ann <ann@example.com>", EmailError::DisplayName),
        ("<ann@example.com>", EmailError::DisplayName),
        ("\"Ann Lee\" <ann@example.com>", EmailError::DisplayName),
        ("\"ann\"@example.com", EmailError::QuotedLocalPart),
        ("\"ann@lee\"@example.com", EmailError::QuotedLocalPart),
        ("ann(comment)@example.com", EmailError::InvalidLocalPartCharacter),
        ("ann@[127.0.0.1]", EmailError::AddressLiteral),
        ("ann@[IPv6:::1]", EmailError::AddressLiteral),
        ("ann@example.com, bob@example.com", EmailError::InvalidDomainCharacter),
    ]);
}

#[test]
fn invalid_local_part_characters_are_rejected() {
    assert_rejected(&[
        ("ann lee@example.com", EmailError::InvalidLocalPartCharacter),
        ("ann\\lee@example.com", EmailError::InvalidLocalPartCharacter),
        ("mailto:ann@example.com", EmailError::InvalidLocalPartCharacter),
        // NFC turns it into a semicolon.
        ("ann\u{37E}lee@example.com", EmailError::InvalidLocalPartCharacter),
        ("\u{301}ann@example.com", EmailError::UnsafeCharacter),
        ("ann\u{A0}lee@example.com", EmailError::UnsafeCharacter),
        ("ann\u{200B}lee@example.com", EmailError::UnsafeCharacter),
        ("ann\u{202E}lee@example.com", EmailError::UnsafeCharacter),
        ("ann\u{2028}lee@example.com", EmailError::UnsafeCharacter),
        ("ann\u{E000}@example.com", EmailError::UnsafeCharacter),
    ]);
}

#[test]
fn misplaced_periods_and_hyphens_are_rejected() {
    assert_rejected(&[
        (".ann@example.com", EmailError::LeadingPeriod),
        ("ann.@example.com", EmailError::PeriodBeforeAtSign),
        ("ann..lee@example.com", EmailError::ConsecutivePeriods),
        ("ann@.example.com", EmailError::PeriodAfterAtSign),
        ("ann@example.com.", EmailError::TrailingPeriod),
        ("ann@example。。com", EmailError::ConsecutivePeriods),
        ("ann@-example.com", EmailError::HyphenAtLabelEdge),
        ("ann@example-.com", EmailError::HyphenAtLabelEdge),
        ("ann@example.com-", EmailError::HyphenAtLabelEdge),
        ("ann@ab--cd.com", EmailError::ReservedLabel),
    ]);
}

#[test]
fn length_limits_are_enforced() {
    let domain = |length: usize| format!("{}.com", vec!["d".repeat(length); 3].join("."));
    let padded = |blanks: usize| format!("{}ann@example.com", " ".repeat(blanks));
    for text in [
        format!("{}@example.com", "l".repeat(64)),
        format!("a@{}.com", "d".repeat(63)),
        format!("{}@{}", "l".repeat(58), domain(63)),
        padded(2048 - 15),
    ] {
        assert!(EmailAddress::parse(&text).is_ok(), "{text:?}");
    }
    assert_rejected(&[
        (&format!("{}@example.com", "l".repeat(65)), EmailError::LocalPartTooLong),
        (&format!("{}@example.com", "ü".repeat(33)), EmailError::LocalPartTooLong),
        (&format!("a@{}.com", "d".repeat(64)), EmailError::LabelTooLong),
        (&format!("a@{}.com", "ü".repeat(60)), EmailError::LabelTooLong),
        (&format!("{}@{}", "l".repeat(59), domain(63)), EmailError::TooLong),
        (&padded(2049 - 15), EmailError::InputTooLong),
    ]);
}

#[test]
fn local_part_length_is_checked_last() {
    let local_part = "l".repeat(65);
    assert_rejected(&[
        (&format!("{local_part}@"), EmailError::EmptyDomain),
        (&format!("{local_part}@example"), EmailError::MissingPeriod),
        (&format!("{local_part}@example.test"), EmailError::SpecialUseDomain),
        (&format!("{local_part}@[127.0.0.1]"), EmailError::AddressLiteral),
        (&format!("{local_part}@exam☃ple.com"), EmailError::DisallowedByIdna),
        (&format!("{local_part}@{}example.com", "bbbbbbbüÿ.".repeat(13)), EmailError::TooLong),
    ]);
}

#[test]
fn length_limit_includes_domain_in_punycode() {
    // 14 bytes per label in Unicode, 21 in Punycode.
    let text = format!("{}@{}example.com", "l".repeat(20), "bbbbbbbbbbbüÿ.".repeat(12));
    assert!(text.len() <= EmailAddress::MAX_LENGTH);
    assert_rejected(&[(&text, EmailError::TooLong)]);
}

#[test]
fn normal_form_parses_to_itself() {
    for text in ["InFo@XN--BCHER-KVA.example", "a\u{308}@Faß.Example", " ann@例え。jp "] {
        let address = EmailAddress::parse(text);
        let again = address.as_ref().map_or(Err(EmailError::MissingAtSign), |address| {
            EmailAddress::parse(address.as_str())
        });
        assert_eq!(again, address, "{text:?}");
    }
}

#[test]
fn address_splits_at_the_at_sign() {
    let address = EmailAddress::parse("Ann.Lee@Example.com");
    let parts = address.as_ref().map(|address| (address.local_part(), address.domain()));
    assert_eq!(parts, Ok(("Ann.Lee", "example.com")));
}

#[test]
fn key_ignores_case() {
    let key = |text| EmailAddress::parse(text).map(|address| address.key());
    assert_eq!(key("Ann@Example.com"), Ok("ann@example.com".to_owned()));
    assert_eq!(key("ÄNN@bücher.de"), key("a\u{308}nn@XN--BCHER-KVA.de"));
    assert_ne!(key("ann@fass.de"), key("ann@faß.de"));
}

#[test]
fn debug_output_is_masked() {
    let address = EmailAddress::parse("ann@example.com");
    assert_eq!(format!("{address:?}"), "Ok(EmailAddress(a***@example.com))");
}

#[test]
fn error_message_is_a_sentence() {
    let reason = normal_form("ann").map_err(|reason| reason.to_string());
    assert_eq!(reason, Err("An email address must have an @-sign.".to_owned()));
}
