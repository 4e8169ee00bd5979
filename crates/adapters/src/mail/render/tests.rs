mod addresses;

use std::fs;

use doorward_domain::{
    MailId,
    client::Network,
    error::chain,
    mail::{MailContent, PublicUrl, Registration, SecretLink, SignInOrigin},
    role::Role,
    token::{PlainToken, TokenPurpose},
};
use mail_parser::MessageParser;
use tempfile::TempDir;
use time::macros::datetime;
use uuid::Uuid;

use super::*;

fn renderer_with(templates: Option<PathBuf>) -> Result<Renderer, RenderError> {
    Renderer::new(MailOptions {
        service_name: "Doorward".to_owned(),
        from: "auth@example.com".parse().unwrap(),
        reply_to: None,
        host: "auth.example.com".to_owned(),
        templates,
        default_locale: Locale::parse("en").unwrap(),
    })
}

fn renderer() -> Renderer {
    renderer_with(None).unwrap()
}

fn mail(content: MailContent) -> OutgoingMail {
    OutgoingMail {
        id: MailId::from_uuid(Uuid::nil()),
        to: EmailAddress::parse("ann@example.com").unwrap(),
        username: None,
        locale: None,
        content,
        created_at: datetime!(2026-01-01 12:00 UTC),
    }
}

fn link() -> SecretLink {
    let url = PublicUrl::parse("https://auth.example.com").unwrap();
    let token = PlainToken::new("dwv_token-with_both".to_owned());
    SecretLink::new(&url, TokenPurpose::VerifyEmail, &token)
}

fn warning(user_agent: Option<&str>) -> MailContent {
    let network = Network::of([192, 0, 2, 1].into());
    let user_agent = user_agent.map(ToOwned::to_owned);
    let origin = Some(SignInOrigin { network, user_agent });
    MailContent::SuspiciousSignIn { origin, page: page() }
}

fn invitation(org: &str) -> MailContent {
    let (org, inviter) = (org.to_owned(), Some("Bea Lin".to_owned()));
    MailContent::Invite { link: link(), org, inviter, role: Role::Admin }
}

fn password_changed(user_agent: Option<&str>) -> MailContent {
    let network = Network::of([192, 0, 2, 1].into());
    let origin = SignInOrigin { network, user_agent: user_agent.map(ToOwned::to_owned) };
    MailContent::PasswordChanged { origin: Some(origin), page: page() }
}

fn verification(registration: Option<Registration>) -> MailContent {
    MailContent::VerifyEmail { link: link(), registration }
}

/// What the reader of the email may not know of.
fn registration() -> Registration {
    let url = PublicUrl::parse("https://auth.example.com").unwrap();
    let network = Network::of([192, 0, 2, 1].into());
    Registration {
        username: "ann".to_owned(),
        at: datetime!(2026-01-01 11:59 UTC),
        origin: Some(SignInOrigin { network, user_agent: Some("Firefox".to_owned()) }),
        disown: Some(SecretLink::disown(&url, &PlainToken::new("dwv_token-with_both".to_owned()))),
    }
}

fn page() -> String {
    PublicUrl::parse("https://auth.example.com").unwrap().forgot_password_page()
}

fn every_mail() -> [MailContent; 7] {
    [
        verification(None),
        MailContent::ResetPassword { link: link() },
        invitation("Acme"),
        password_changed(None),
        warning(Some("Mozilla/5.0")),
        MailContent::SuspiciousSignIn { origin: None, page: page() },
        MailContent::AddressTaken { page: page() },
    ]
}

fn rendered(content: MailContent) -> String {
    String::from_utf8(renderer().render(&mail(content)).unwrap().formatted()).unwrap()
}

#[test]
fn verification_says_what_was_registered_and_how_to_delete_it() {
    let disown = "https://auth.example.com/verify-email/not-me?token=dwv_token-with_both";
    for (locale, lines) in [
        ("en", ["User name: ann", "Time: 2026-01-01 11:59 UTC", "If this was not you"]),
        ("de", ["Benutzername: ann", "Zeit: 2026-01-01 11:59 UTC", "Wenn Sie das nicht waren"]),
    ] {
        let locale = Some(Locale::parse(locale).unwrap());
        let render = |registration| {
            let mail = OutgoingMail { locale: locale.clone(), ..mail(verification(registration)) };
            renderer().templates.render(&mail).unwrap()
        };
        let words = render(Some(registration()));
        for part in [words.text, words.html.unwrap().replace("&#x2f;", "/")] {
            for line in lines.into_iter().chain([disown, "192.0.2.1", "Firefox"]) {
                assert!(part.contains(line), "{line}: {part}");
            }
        }
        // Without pages there is nowhere to delete it, and an operator's account is no surprise.
        let without_pages = Registration { disown: None, ..registration() };
        let words = render(Some(without_pages));
        assert!(words.text.contains(lines[0]) && !words.text.contains("not-me"), "{}", words.text);
        let words = render(None);
        assert!(!words.text.contains(lines[0]) && !words.text.contains("not-me"), "{}", words.text);
    }
}

#[test]
fn a_mail_is_recognisable_when_it_comes_twice() {
    let text = rendered(password_changed(None));
    let id = "Message-ID: <00000000-0000-0000-0000-000000000000@auth.example.com>\r\n";
    assert!(text.contains(id), "{text}");
    assert_eq!(
        text.lines()
            .filter(|line| line.starts_with("Message-ID") || line.starts_with("Date"))
            .count(),
        2
    );
}

#[test]
fn every_mail_has_a_subject_a_text_and_an_html_part() {
    for content in every_mail() {
        let text = rendered(content);
        for part in [
            "Subject: ",
            "To: ann@example.com",
            "text/plain",
            "text/html",
            "Auto-Submitted: auto-generated",
        ] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
    }
}

#[test]
fn a_link_stays_in_one_piece() {
    let token = format!("dwv_{}", "x".repeat(76));
    let url = PublicUrl::parse("https://auth.example.com").unwrap();
    let token = PlainToken::new(token);
    let link = SecretLink::new(&url, TokenPurpose::VerifyEmail, &token);
    let line = format!("\r\n{}\r\n", link.expose());
    assert!(rendered(MailContent::VerifyEmail { link, registration: None }).contains(&line));
}

/// What a mail client shows of it.
fn read(
    renderer: &Renderer,
    locale: Option<&str>,
    content: MailContent,
) -> (String, String, String) {
    let locale = locale.map(|tag| Locale::parse(tag).unwrap());
    let octets = renderer.render(&OutgoingMail { locale, ..mail(content) }).unwrap().formatted();
    let parsed = MessageParser::default().parse(&octets).unwrap();
    let shown = |body: Option<std::borrow::Cow<'_, str>>| body.unwrap_or_default().into_owned();
    let subject = parsed.subject().unwrap().to_owned();
    (subject, shown(parsed.body_text(0)), shown(parsed.body_html(0)))
}

#[test]
fn a_mail_is_in_the_language_of_whom_it_is_for() {
    let link = format!("\n{}", link().expose());
    for (locale, subject) in [
        (None, "Verify your e-mail address for Doorward"),
        (Some("en-GB"), "Verify your e-mail address for Doorward"),
        (Some("fr"), "Verify your e-mail address for Doorward"),
        (Some("de"), "Bestätigen Sie Ihre E-Mail-Adresse für Doorward"),
        (Some("de-Latn-CH"), "Bestätigen Sie Ihre E-Mail-Adresse für Doorward"),
        (Some("DE-AT"), "Bestätigen Sie Ihre E-Mail-Adresse für Doorward"),
    ] {
        let content = verification(None);
        let (said, text, html) = read(&renderer(), locale, content);
        assert_eq!(said, subject, "{locale:?}");
        assert!(text.contains(&link), "{text}");
        let german = subject.starts_with('B');
        assert_eq!((text.contains("Hallo,"), html.contains("Hallo,")), (german, german));
    }
}

#[test]
fn every_language_has_every_mail() {
    for language in ["en", "de"] {
        for content in every_mail() {
            let (_, text, html) = read(&renderer(), Some(language), content);
            let hello = if language == "de" { "Hallo," } else { "Hello," };
            assert!(text.starts_with(hello) && html.contains(hello), "{text}");
        }
    }
}

#[test]
fn a_warning_tells_when_and_from_where_and_leads_to_a_new_password() {
    for (language, known) in [
        (
            "en",
            "Time: 2026-01-01 12:00 UTC\nAddress: 192.0.2.1\nBrowser: Mozilla/5.0\n\nIf it was you",
        ),
        (
            "de",
            "Zeit: 2026-01-01 12:00 UTC\nAdresse: 192.0.2.1\nBrowser: Mozilla/5.0\n\nWenn Sie das",
        ),
    ] {
        let (_, text, html) = read(&renderer(), Some(language), warning(Some("Mozilla/5.0")));
        let text = text.replace("\r\n", "\n");
        assert!(text.contains(known), "{text}");
        assert!(text.contains("\n\nhttps://auth.example.com/forgot-password"), "{text}");
        assert!(html.contains("192.0.2.1<br>Browser: Mozilla"), "{html}");
    }
    let (_, text, _) = read(&renderer(), None, warning(None));
    assert!(text.contains("192.0.2.1") && !text.contains("Browser"), "{text}");
    let content = MailContent::SuspiciousSignIn { origin: None, page: page() };
    let (_, text, html) = read(&renderer(), None, content);
    assert!(text.contains("12:00 UTC") && !text.contains("Address"), "{text}");
    assert!(html.contains("12:00 UTC") && !html.contains("Address"), "{html}");
}

#[test]
fn invitation_says_who_invites_into_what_and_as_what() {
    for (language, sentence) in [
        ("en", "Bea Lin invites you to join Acme as an admin."),
        ("de", "Bea Lin lädt Sie als Admin zu Acme ein."),
    ] {
        let (_, text, html) = read(&renderer(), Some(language), invitation("Acme"));
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(sentence) && html.contains(sentence), "{text} {html}");
    }
    let content = MailContent::Invite {
        link: link(),
        org: "Acme".to_owned(),
        inviter: None,
        role: Role::Member,
    };
    let (_, text, html) = read(&renderer(), None, content);
    let sentence = "You are invited to join Acme as a member.";
    assert!(text.contains(sentence) && html.contains(sentence), "{text} {html}");
}

#[test]
fn password_change_says_when_and_from_where_and_leads_to_a_reset() {
    for (language, known) in [
        ("en", "Time: 2026-01-01 12:00 UTC\nAddress: 192.0.2.1\nBrowser: Mozilla/5.0\n\n"),
        ("de", "Zeit: 2026-01-01 12:00 UTC\nAdresse: 192.0.2.1\nBrowser: Mozilla/5.0\n\n"),
    ] {
        let content = password_changed(Some("Mozilla/5.0"));
        let (_, text, html) = read(&renderer(), Some(language), content);
        let text = text.replace("\r\n", "\n");
        assert!(text.contains(known), "{text}");
        assert!(text.contains("\n\nhttps://auth.example.com/forgot-password"), "{text}");
        assert!(html.contains("192.0.2.1<br>Browser: Mozilla"), "{html}");
        let html = html.replace("&#x2f;", "/");
        assert!(html.contains("href=\"https://auth.example.com/forgot-password\""), "{html}");
    }
    let content = MailContent::PasswordChanged { origin: None, page: page() };
    let (_, text, html) = read(&renderer(), None, content);
    assert!(text.contains("12:00 UTC") && !text.contains("Address"), "{text}");
    assert!(html.contains("12:00 UTC") && !html.contains("Address"), "{html}");
}

/// Templates of an operator, who wrote them before there were these values, or with all that there are.
#[test]
fn template_may_use_every_value_or_none() {
    for name in ["invite", "password_changed", "suspicious_sign_in"] {
        for source in [
            "Hello\n\nHi {{ email }}",
            "Hello\n\n{{ inviter }} {{ role }} {{ org }} {{ time }} {{ address }} {{ browser }} {{ link }}",
        ] {
            let own = folder(&format!("en/{name}.txt"), source);
            let renderer = renderer_with(Some(own.path().to_owned())).unwrap();
            for content in every_mail() {
                renderer.render(&mail(content)).unwrap();
            }
        }
    }
}

#[test]
fn what_a_client_calls_itself_is_neither_markup_nor_a_paragraph() {
    let evil = "<a href=x>y</a>\r\n\r\nGo to\u{2028}";
    let (_, text, html) = read(&renderer(), None, warning(Some(evil)));
    assert!(text.contains("Browser: <a href=x>y</a>    Go to "), "{text}");
    assert!(html.contains("&lt;a href") && !html.contains("<a href=x"), "{html}");
}

/// A folder with a file in it.
fn folder(name: &str, source: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, source).unwrap();
    folder
}

#[test]
fn a_folder_has_templates_in_the_place_of_the_built_in_ones() {
    let own =
        folder("fr/password_changed.txt", "Mot de passe changé\n\nBonjour {{ username or email }}");
    fs::create_dir_all(own.path().join("en")).unwrap();
    fs::write(own.path().join("en/password_changed.txt"), "Changed\n\nHi").unwrap();
    fs::write(own.path().join("README.md"), "{{ what").unwrap();
    let renderer = renderer_with(Some(own.path().to_owned())).unwrap();
    let (subject, text, html) = read(&renderer, Some("fr-CA"), password_changed(None));
    assert_eq!((subject.as_str(), text.trim()), ("Mot de passe changé", "Bonjour ann@example.com"));
    assert!(!html.contains("Hello"), "{html}");
    let (subject, _, html) = read(&renderer, None, password_changed(None));
    assert!(subject == "Changed" && html.contains("Hello"), "{subject} {html}");
    // What there is none of in a language is said in that of the service.
    let content = MailContent::ResetPassword { link: link() };
    assert_eq!(read(&renderer, Some("fr"), content).0, "Choose a new password for Doorward");
}

#[test]
fn a_template_that_can_not_be_used_is_named_at_once() {
    for (name, source) in [
        ("de/invite.txt", "Hallo {{ org"),
        ("de/invite.html", "{% if %}"),
        ("en/verify_email.txt", "Hello {{ usrname }}"),
        ("en/verify_email.txt", "Hello {{ username | shout }}"),
        ("en/verify-email.txt", "Hello"),
        ("not a language/invite.txt", "Hello"),
        ("invite.txt", "Hello"),
    ] {
        let own = folder(name, source);
        let error = renderer_with(Some(own.path().to_owned())).unwrap_err();
        assert!(chain(&error).contains(name), "{name}: {}", chain(&error));
    }
    let error = renderer_with(Some("/does/not/exist".into())).unwrap_err();
    assert!(error.to_string().contains("/does/not/exist"), "{error}");
}

#[test]
fn no_template_lets_a_name_into_a_header() {
    let own = folder("en/invite.txt", "Join {{ org }}\n\n{{ org }}");
    let renderer = renderer_with(Some(own.path().to_owned())).unwrap();
    let content = invitation("a\r\nBcc: eve@example.com\u{2028}\n\nb");
    let text = renderer.render(&mail(content)).unwrap().formatted();
    let parsed = MessageParser::default().parse(&text).unwrap();
    assert!(parsed.bcc().is_none());
    assert_eq!(parsed.subject(), Some("Join a  Bcc: eve@example.com   b"));
}

#[test]
fn names_are_neither_markup_nor_headers() {
    let text = rendered(invitation("<b>{{7*7}}</b>\r\nBcc: eve@example.com"));
    let headers = text.split("\r\n\r\n").next().unwrap();
    assert!(!headers.lines().any(|line| line.starts_with("Bcc:")), "{headers}");
    assert!(text.contains("&lt;b&gt;{{7*7}}&lt;"), "{text}");
}
