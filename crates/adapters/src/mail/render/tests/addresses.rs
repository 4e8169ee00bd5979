//! Email addresses and names of any form result in messages that mail servers accept.

use super::*;

#[test]
fn sender_and_reply_to_match_the_configuration() {
    let renderer = |service: &str, from: &str, reply_to: Option<&str>| {
        Renderer::new(MailOptions {
            service_name: service.to_owned(),
            from: from.parse().unwrap(),
            reply_to: reply_to.map(|to| to.parse().unwrap()),
            host: "auth.example.com".to_owned(),
            templates: None,
            default_locale: Locale::parse("en").unwrap(),
        })
        .unwrap()
    };
    let long = "Ünïcödé ".repeat(12);
    for (service, from, name) in [
        ("Doorward", "auth@example.com", "Doorward"),
        ("Acme, \"Inc.\"", "auth@example.com", "Acme, \"Inc.\""),
        ("Doorward", "Größe & Maß <auth@bücher.example>", "Größe & Maß"),
        (long.trim(), "auth@example.com", long.trim()),
    ] {
        let sent = renderer(service, from, Some("Help <help@example.com>"));
        let bytes = sent.render(&mail(password_changed(None))).unwrap().formatted();
        let parsed = MessageParser::default().parse(&bytes).unwrap();
        let sender = parsed.from().unwrap().first().unwrap();
        assert_eq!(sender.name(), Some(name), "{from}");
        let reply_to = parsed.reply_to().unwrap().first().unwrap();
        assert_eq!((reply_to.name(), reply_to.address()), (Some("Help"), Some("help@example.com")));
    }
    let bytes = renderer("Doorward", "auth@example.com", None)
        .render(&mail(password_changed(None)))
        .unwrap()
        .formatted();
    let text = String::from_utf8(bytes).unwrap();
    assert!(!text.contains("Reply-To") && text.contains("X-Auto-Response-Suppress: All"));
}

/// Every address that registration accepts results in a message with lines that mail servers accept.
#[test]
fn every_accepted_address_results_in_lines_within_limits() {
    let long_local = "x".repeat(64);
    let long_domain = format!("{}.example", [&"d".repeat(59)[..]; 3].join("."));
    for address in [
        "!#$%&'*+-/=?^_`{|}~@example.com",
        "-oQ/tmp@example.com",
        "--help@example.com",
        "1@123.example",
        "a.b.c@xn--bcher-kva.example",
        "ann@bücher.example",
        "ann@例え.jp",
        "ann@faß.example",
        "用户@例え.jp",
        "😀@example.com",
        "e\u{301}@example.com",
        &format!("{long_local}@{long_domain}"),
    ] {
        let to = EmailAddress::parse(address).unwrap_or_else(|error| panic!("{address}: {error}"));
        for content in every_message() {
            let sent = renderer().render(&OutgoingMail { to: to.clone(), ..mail(content) });
            let sent = sent.unwrap_or_else(|error| panic!("{address}: {}", chain(&error)));
            let recipient = sent.envelope().to()[0].to_string();
            assert!(recipient.starts_with(to.local_part()), "{recipient}");
            assert!(recipient.rsplit_once('@').unwrap().1.is_ascii(), "{recipient}");
            assert_in_bounds(&sent.formatted());
        }
    }
}

#[test]
fn long_and_unusual_names_result_in_headers_within_limits() {
    for org in
        ["Ünïcödé ".repeat(12), "x".repeat(100), ".\n.\n".repeat(20), "\"a\", b; <c>".to_owned()]
    {
        let bytes = renderer().render(&mail(invitation(&org))).unwrap().formatted();
        assert_in_bounds(&bytes);
        let parsed = MessageParser::default().parse(&bytes).unwrap();
        let shown = org.replace('\n', " ");
        assert!(parsed.subject().unwrap().contains(shown.trim()), "{:?}", parsed.subject());
    }
}

/// RFC 5322, section 2.1.1. Line breaks in headers must belong to folded lines.
fn assert_in_bounds(bytes: &[u8]) {
    for line in bytes.split(|byte| *byte == b'\n') {
        assert!(line.len() <= MAX_LINE, "{}", String::from_utf8_lossy(line));
        let inner = line.strip_suffix(b"\r").unwrap_or(line);
        assert!(!inner.contains(&b'\r'));
    }
}
