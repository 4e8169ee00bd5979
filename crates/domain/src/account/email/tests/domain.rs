//! Tests of the domains of addresses.

use super::{EmailAddress, EmailError, assert_normal_forms, assert_rejected};

#[test]
fn domain_is_mapped_and_shown_in_unicode() {
    assert_normal_forms(&[
        ("ann@example。com", "ann@example.com"),
        ("ann@example．com", "ann@example.com"),
        ("ann@ｅｘａｍｐｌｅ.com", "ann@example.com"),
        ("ann@XN--BCHER-KVA.example", "ann@bücher.example"),
        ("ann@faß.example", "ann@faß.example"),
        ("ann@сайт.xn--p1ai", "ann@сайт.рф"),
    ]);
}

#[test]
fn invalid_domain_characters_are_rejected() {
    assert_rejected(&[
        ("ann@exam_ple.com", EmailError::InvalidDomainCharacter),
        ("ann@exam ple.com", EmailError::InvalidDomainCharacter),
        ("ann@example.com:25", EmailError::InvalidDomainCharacter),
        ("ann@exam⒈ple.com", EmailError::InvalidDomainCharacter),
        ("ann@exam\u{AD}ple.com", EmailError::UnsafeCharacter),
        ("ann@a\u{200D}b.com", EmailError::UnsafeCharacter),
        ("ann@\u{301}example.com", EmailError::UnsafeCharacter),
        ("ann@exam！ple.com", EmailError::InvalidIdna),
        ("ann@www.\u{301}example.com", EmailError::InvalidIdna),
    ]);
}

#[test]
fn domain_outside_the_public_internet_is_rejected() {
    assert_rejected(&[
        ("ann@localhost", EmailError::MissingPeriod),
        ("ann@127.0.0.1", EmailError::InvalidTopLevelDomain),
        ("ann@example.co1", EmailError::InvalidTopLevelDomain),
        ("ann@EXAMPLE.TEST", EmailError::SpecialUseDomain),
        ("ann@nas.local", EmailError::SpecialUseDomain),
        ("ann@mail.localhost", EmailError::SpecialUseDomain),
        ("ann@example.invalid", EmailError::SpecialUseDomain),
        ("ann@example.onion", EmailError::SpecialUseDomain),
        ("ann@1.in-addr.arpa", EmailError::SpecialUseDomain),
    ]);
}

#[test]
fn symbols_in_domain_are_rejected_even_in_punycode() {
    for text in ["ann@exam☃ple.com", "ann@😀.com", "ann@xn--e28h.com", "ann@\u{1100}.com"] {
        assert_rejected(&[(text, EmailError::DisallowedByIdna)]);
    }
}

#[test]
fn invalid_and_misleading_punycode_is_rejected() {
    for label in ["xn--", "xn--a", "xn--abc-", "xn---bbk", "xn--bücher", "xn--zca-zca-"] {
        assert_rejected(&[(&format!("ann@{label}.com"), EmailError::InvalidIdna)]);
    }
}

#[test]
fn contextual_characters_are_accepted_only_in_context() {
    for domain in ["col·legi.cat", "\u{375}α.gr", "א׳.com", "ア・イ.jp", "ب\u{660}.com"] {
        let text = format!("ann@{domain}");
        assert_normal_forms(&[(&text, &text)]);
    }
    for domain in ["a·b.com", "·l.com", "\u{375}a.com", "a・b.com", "ب\u{660}\u{6F0}.com"] {
        assert!(EmailAddress::parse(&format!("ann@{domain}")).is_err(), "{domain:?}");
    }
}

#[test]
fn bidi_rule_applies_to_every_label_beside_right_to_left_text() {
    assert_normal_forms(&[("ann@אב.com", "ann@אב.com"), ("ann@אב1.com", "ann@אב1.com")]);
    for text in ["ann@aא.com", "ann@1א.com", "ann@1.אב.com", "ann@אב.1.com"] {
        assert_rejected(&[(text, EmailError::InvalidIdna)]);
    }
}
