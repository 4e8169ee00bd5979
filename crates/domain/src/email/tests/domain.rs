//! What counts as the domain of an address.

use super::{EmailAddress, EmailError, assert_normal_forms, assert_refused};

#[test]
fn maps_the_domain_and_shows_it_in_unicode() {
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
fn refuses_characters_that_a_domain_cannot_have() {
    assert_refused(&[
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
fn refuses_a_domain_that_is_nobodys_on_the_public_internet() {
    assert_refused(&[
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
fn refuses_symbols_in_a_domain_even_in_punycode() {
    for text in ["ann@exam☃ple.com", "ann@😀.com", "ann@xn--e28h.com", "ann@\u{1100}.com"] {
        assert_refused(&[(text, EmailError::DisallowedByIdna)]);
    }
}

#[test]
fn refuses_broken_and_misleading_punycode() {
    for label in ["xn--", "xn--a", "xn--abc-", "xn---bbk", "xn--bücher", "xn--zca-zca-"] {
        assert_refused(&[(&format!("ann@{label}.com"), EmailError::InvalidIdna)]);
    }
}

#[test]
fn takes_contextual_characters_only_in_their_context() {
    for domain in ["col·legi.cat", "\u{375}α.gr", "א׳.com", "ア・イ.jp", "ب\u{660}.com"] {
        let text = format!("ann@{domain}");
        assert_normal_forms(&[(&text, &text)]);
    }
    for domain in ["a·b.com", "·l.com", "\u{375}a.com", "a・b.com", "ب\u{660}\u{6F0}.com"] {
        assert!(EmailAddress::parse(&format!("ann@{domain}")).is_err(), "{domain:?}");
    }
}

#[test]
fn holds_every_label_beside_right_to_left_text_to_the_bidi_rule() {
    assert_normal_forms(&[("ann@אב.com", "ann@אב.com"), ("ann@אב1.com", "ann@אב1.com")]);
    for text in ["ann@aא.com", "ann@1א.com", "ann@1.אב.com", "ann@אב.1.com"] {
        assert_refused(&[(text, EmailError::InvalidIdna)]);
    }
}
