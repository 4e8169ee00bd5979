mod addresses;

use std::fs;

use doorward_domain::{
    MailId,
    error::chain,
    mail::{ActionLink, MailContent, PublicUrl, Registration, SignInOrigin},
    org::role::Role,
    request_context::IpPrefix,
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

fn link() -> ActionLink {
    let url = PublicUrl::parse("https://auth.example.com").unwrap();
    let token = PlainToken::new("dwv_token-with_both".to_owned());
    ActionLink::new(&url, TokenPurpose::VerifyEmail, &token)
}

fn warning(user_agent: Option<&str>) -> MailContent {
    let network = IpPrefix::of([192, 0, 2, 1].into());
    let user_agent = user_agent.map(ToOwned::to_owned);
    let origin = Some(SignInOrigin { network, user_agent });
    MailContent::SuspiciousSignIn { origin, page: page() }
}

fn invitation(org: &str) -> MailContent {
    let (org, inviter) = (org.to_owned(), Some("Bea Lin".to_owned()));
    MailContent::Invite { link: link(), org, inviter, role: Role::Admin }
}

fn password_changed(user_agent: Option<&str>) -> MailContent {
    let network = IpPrefix::of([192, 0, 2, 1].into());
    let origin = SignInOrigin { network, user_agent: user_agent.map(ToOwned::to_owned) };
    MailContent::PasswordChanged { origin: Some(origin), page: page() }
}

fn verification(registration: Option<Registration>) -> MailContent {
    MailContent::VerifyEmail { link: link(), registration }
}

/// Details of a registration that the reader of the message may not know about.
fn registration() -> Registration {
    let url = PublicUrl::parse("https://auth.example.com").unwrap();
    let network = IpPrefix::of([192, 0, 2, 1].into());
    Registration {
        username: "ann".to_owned(),
        at: datetime!(2026-01-01 11:59 UTC),
        origin: Some(SignInOrigin { network, user_agent: Some("Firefox".to_owned()) }),
        disown: Some(ActionLink::disown(&url, &PlainToken::new("dwv_token-with_both".to_owned()))),
    }
}

fn page() -> String {
    PublicUrl::parse("https://auth.example.com").unwrap().forgot_password_page()
}

fn every_message() -> [MailContent; 7] {
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
fn verification_email_shows_registration_and_deletion_link() {
    let disown = "https://auth.example.com/verify-email/not-me?token=dwv_token-with_both";
    for (locale, lines) in [
        ("en", ["Username: ann", "Time: 2026-01-01 11:59 UTC", "If this wasn't you"]),
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
        // Without pages, there is no page to delete the account, and an account that an operator created is no
        // surprise.
        let without_pages = Registration { disown: None, ..registration() };
        let words = render(Some(without_pages));
        assert!(words.text.contains(lines[0]) && !words.text.contains("not-me"), "{}", words.text);
        let words = render(None);
        assert!(!words.text.contains(lines[0]) && !words.text.contains("not-me"), "{}", words.text);
    }
}

#[test]
fn second_copy_of_a_message_has_the_same_id() {
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
fn every_message_has_subject_text_and_html_part() {
    for content in every_message() {
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
fn link_is_not_broken_across_lines() {
    let token = format!("dwv_{}", "x".repeat(76));
    let url = PublicUrl::parse("https://auth.example.com").unwrap();
    let token = PlainToken::new(token);
    let link = ActionLink::new(&url, TokenPurpose::VerifyEmail, &token);
    let line = format!("\r\n{}\r\n", link.expose());
    assert!(rendered(MailContent::VerifyEmail { link, registration: None }).contains(&line));
}

/// Parses the message like a mail client.
fn read(
    renderer: &Renderer,
    locale: Option<&str>,
    content: MailContent,
) -> (String, String, String) {
    let locale = locale.map(|tag| Locale::parse(tag).unwrap());
    let bytes = renderer.render(&OutgoingMail { locale, ..mail(content) }).unwrap().formatted();
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    let shown = |body: Option<std::borrow::Cow<'_, str>>| body.unwrap_or_default().into_owned();
    let subject = parsed.subject().unwrap().to_owned();
    (subject, shown(parsed.body_text(0)), shown(parsed.body_html(0)))
}

#[test]
fn message_uses_the_recipients_language() {
    let link = format!("\n{}", link().expose());
    for (locale, subject) in [
        (None, "Verify your email address for Doorward"),
        (Some("en-GB"), "Verify your email address for Doorward"),
        (Some("fr"), "Verify your email address for Doorward"),
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
fn every_language_has_every_message() {
    for language in ["en", "de"] {
        for content in every_message() {
            let (_, text, html) = read(&renderer(), Some(language), content);
            let hello = if language == "de" { "Hallo," } else { "Hello," };
            assert!(text.starts_with(hello) && html.contains(hello), "{text}");
        }
    }
}

#[test]
fn sign_in_warning_shows_time_and_origin_and_links_to_password_reset() {
    for (language, known) in [
        (
            "en",
            "Time: 2026-01-01 12:00 UTC\nIP address: 192.0.2.1\nBrowser: Mozilla/5.0\n\nIf this was you",
        ),
        (
            "de",
            "Zeit: 2026-01-01 12:00 UTC\nIP-Adresse: 192.0.2.1\nBrowser: Mozilla/5.0\n\nWenn Sie das",
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
    assert!(text.contains("12:00 UTC") && !text.contains("IP address"), "{text}");
    assert!(html.contains("12:00 UTC") && !html.contains("IP address"), "{html}");
}

#[test]
fn invitation_shows_inviter_organization_and_role() {
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
fn emails_state_how_long_their_links_are_valid() {
    use doorward_domain::token::one_time::OneTimePurpose::{self, ResetPassword, VerifyEmail};
    let content = |purpose: OneTimePurpose| match purpose {
        VerifyEmail => MailContent::VerifyEmail { link: link(), registration: None },
        ResetPassword => MailContent::ResetPassword { link: link() },
    };
    for (language, unit) in [("en", "hours"), ("de", "Stunden")] {
        for purpose in [VerifyEmail, ResetPassword] {
            let (_, text, html) = read(&renderer(), Some(language), content(purpose));
            let validity = format!("{} {unit}", purpose.valid_for_at_least().whole_hours());
            assert!(text.contains(&validity) && html.contains(&validity), "{text} {html}");
        }
    }
}

#[test]
fn password_change_email_shows_time_and_origin_and_links_to_password_reset() {
    for (language, known) in [
        ("en", "Time: 2026-01-01 12:00 UTC\nIP address: 192.0.2.1\nBrowser: Mozilla/5.0\n\n"),
        ("de", "Zeit: 2026-01-01 12:00 UTC\nIP-Adresse: 192.0.2.1\nBrowser: Mozilla/5.0\n\n"),
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
    assert!(text.contains("12:00 UTC") && !text.contains("IP address"), "{text}");
    assert!(html.contains("12:00 UTC") && !html.contains("IP address"), "{html}");
}

/// Custom templates may have been written before some values existed, or may use all of them.
#[test]
fn template_can_use_all_values_or_none() {
    for name in ["invite", "password_changed", "suspicious_sign_in"] {
        for source in [
            "Hello\n\nHi {{ email }}",
            "Hello\n\n{{ inviter }} {{ role }} {{ org }} {{ time }} {{ address }} {{ browser }} {{ link }}",
        ] {
            let own = folder(&format!("en/{name}.txt"), source);
            let renderer = renderer_with(Some(own.path().to_owned())).unwrap();
            for content in every_message() {
                renderer.render(&mail(content)).unwrap();
            }
        }
    }
}

#[test]
fn user_agent_cannot_inject_markup_or_paragraphs() {
    let evil = "<a href=x>y</a>\r\n\r\nGo to\u{2028}";
    let (_, text, html) = read(&renderer(), None, warning(Some(evil)));
    assert!(text.contains("Browser: <a href=x>y</a>    Go to "), "{text}");
    assert!(html.contains("&lt;a href") && !html.contains("<a href=x"), "{html}");
}

/// Creates a folder that contains one file.
fn folder(name: &str, source: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, source).unwrap();
    folder
}

#[test]
fn templates_in_a_folder_replace_built_in_ones() {
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
    // A message without a template in a language is sent in the default language.
    let content = MailContent::ResetPassword { link: link() };
    assert_eq!(read(&renderer, Some("fr"), content).0, "Choose a new password for Doorward");
}

#[test]
fn invalid_template_is_reported_by_name_on_load() {
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
fn template_values_cannot_inject_headers() {
    let own = folder("en/invite.txt", "Join {{ org }}\n\n{{ org }}");
    let renderer = renderer_with(Some(own.path().to_owned())).unwrap();
    let content = invitation("a\r\nBcc: eve@example.com\u{2028}\n\nb");
    let text = renderer.render(&mail(content)).unwrap().formatted();
    let parsed = MessageParser::default().parse(&text).unwrap();
    assert!(parsed.bcc().is_none());
    assert_eq!(parsed.subject(), Some("Join a  Bcc: eve@example.com   b"));
}

#[test]
fn names_cannot_inject_markup_or_headers() {
    let text = rendered(invitation("<b>{{7*7}}</b>\r\nBcc: eve@example.com"));
    let headers = text.split("\r\n\r\n").next().unwrap();
    assert!(!headers.lines().any(|line| line.starts_with("Bcc:")), "{headers}");
    assert!(text.contains("&lt;b&gt;{{7*7}}&lt;"), "{text}");
}
