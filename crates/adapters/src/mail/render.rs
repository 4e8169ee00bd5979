use std::path::PathBuf;

use doorward_domain::{email::EmailAddress, mail::OutgoingMail, profile::Locale};
use lettre::{
    Address, Message,
    message::{
        Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use url::Host;

use super::templates::{TemplateError, Templates, Words};

/// What all mails have in common.
#[derive(Debug, Clone)]
pub struct MailOptions {
    /// The name of the service in the mails' text and as their sender's name.
    pub service_name: String,
    /// The sender's address.
    pub from: EmailAddress,
    /// The host that is named in `Message-ID`.
    pub host: String,
    /// A folder of templates in the place of the built-in ones.
    pub templates: Option<PathBuf>,
    /// The language of mails to people of whom none is known.
    pub default_locale: Locale,
}

/// Makes messages (RFC 5322) from templates.
#[derive(Debug)]
pub struct Renderer {
    host: String,
    from: Mailbox,
    templates: Templates,
}

/// A mail could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template can't be used.
    #[error(transparent)]
    Templates(#[from] TemplateError),
    /// A template does not fit a mail.
    #[error("the mail's template is wrong")]
    Template(#[from] minijinja::Error),
    /// An address can't be written in a header.
    #[error("the mail's address can't be used")]
    Address(#[from] lettre::address::AddressError),
    /// The part after the @-sign can't be written in ASCII.
    #[error("the domain of the mail's address can't be used")]
    Domain(#[from] url::ParseError),
    /// The parts don't make a mail.
    #[error("the mail could not be put together")]
    Message(#[from] lettre::error::Error),
}

impl Renderer {
    /// Reads the templates and the sender's address.
    ///
    /// # Errors
    /// One of them is wrong.
    pub fn new(options: MailOptions) -> Result<Self, RenderError> {
        let MailOptions { service_name, from, host, templates, default_locale } = options;
        let from = Mailbox::new(Some(service_name.clone()), address(&from)?);
        let templates = Templates::load(templates.as_deref(), service_name, default_locale)?;
        Ok(Self { host, from, templates })
    }

    /// The sender's address, as mail servers are told it.
    pub(super) fn sender(&self) -> &Address {
        &self.from.email
    }

    /// The host that this server calls itself by.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Makes the message: a text part always, an HTML part beside it.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self, mail: &OutgoingMail) -> Result<Message, RenderError> {
        let words = self.templates.render(mail)?;
        self.message(mail, words)
    }

    fn message(&self, mail: &OutgoingMail, words: Words) -> Result<Message, RenderError> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address(&mail.to)?))
            .subject(words.subject)
            .date(mail.created_at.into())
            // The same each time the mail is sent, so that a second copy is known as one.
            .message_id(Some(format!("<{}@{}>", mail.id, self.host)))
            // Asks vacation responders not to answer (RFC 3834, section 5).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        let text = part(ContentType::TEXT_PLAIN, words.text);
        let Some(html) = words.html else { return Ok(message.singlepart(text)?) };
        // The same each time as well: a second copy is one to the octet.
        let both = MultiPart::alternative().boundary(mail.id.to_string()).singlepart(text);
        Ok(message.multipart(both.singlepart(part(ContentType::TEXT_HTML, html)))?)
    }
}

/// The address with its domain in ASCII, which every mail server takes.
fn address(address: &EmailAddress) -> Result<Address, RenderError> {
    let domain = Host::parse(address.domain())?.to_string();
    Ok(Address::new(address.local_part(), domain)?)
}

/// The longest line that mail may have (RFC 5322, section 2.1.1).
const MAX_LINE: usize = 998;

/// A part that is left as it is where the wire allows it, so that a link stays in one piece for
/// people and simple tools. lettre would break lines of more than 76 characters.
fn part(content_type: ContentType, text: String) -> SinglePart {
    let plain = text.is_ascii() && text.lines().all(|line| line.len() <= MAX_LINE);
    let body = if plain {
        let lines: String = text.lines().flat_map(|line| [line, "\r\n"]).collect();
        Body::dangerous_pre_encoded(lines.into_bytes(), ContentTransferEncoding::SevenBit)
    } else {
        Body::new(text)
    };
    SinglePart::builder().header(content_type).body(body)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use doorward_domain::{
        MailId,
        client::Network,
        error::chain,
        mail::{MailContent, PublicUrl, SecretLink, SignInOrigin},
        token::{PlainToken, TokenPurpose},
    };
    use mail_parser::MessageParser;
    use tempfile::TempDir;
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    fn renderer_with(templates: Option<PathBuf>) -> Result<Renderer, RenderError> {
        let from = EmailAddress::parse("auth@example.com").unwrap();
        Renderer::new(MailOptions {
            service_name: "Doorward".to_owned(),
            from,
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

    fn page() -> String {
        PublicUrl::parse("https://auth.example.com").unwrap().forgot_password_page()
    }

    fn every_mail() -> [MailContent; 7] {
        [
            MailContent::VerifyEmail { link: link() },
            MailContent::ResetPassword { link: link() },
            MailContent::Invite { link: link(), org: "Acme".to_owned() },
            MailContent::PasswordChanged,
            warning(Some("Mozilla/5.0")),
            MailContent::SuspiciousSignIn { origin: None, page: page() },
            MailContent::AddressTaken { page: page() },
        ]
    }

    fn rendered(content: MailContent) -> String {
        String::from_utf8(renderer().render(&mail(content)).unwrap().formatted()).unwrap()
    }

    #[test]
    fn a_mail_is_recognisable_when_it_comes_twice() {
        let text = rendered(MailContent::PasswordChanged);
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
        assert!(rendered(MailContent::VerifyEmail { link }).contains(&line));
    }

    /// What a mail client shows of it.
    fn read(
        renderer: &Renderer,
        locale: Option<&str>,
        content: MailContent,
    ) -> (String, String, String) {
        let locale = locale.map(|tag| Locale::parse(tag).unwrap());
        let octets =
            renderer.render(&OutgoingMail { locale, ..mail(content) }).unwrap().formatted();
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
            let content = MailContent::VerifyEmail { link: self::link() };
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
        let own = folder(
            "fr/password_changed.txt",
            "Mot de passe changé\n\nBonjour {{ username or email }}",
        );
        fs::create_dir_all(own.path().join("en")).unwrap();
        fs::write(own.path().join("en/password_changed.txt"), "Changed\n\nHi").unwrap();
        fs::write(own.path().join("README.md"), "{{ what").unwrap();
        let renderer = renderer_with(Some(own.path().to_owned())).unwrap();
        let (subject, text, html) = read(&renderer, Some("fr-CA"), MailContent::PasswordChanged);
        assert_eq!(
            (subject.as_str(), text.trim()),
            ("Mot de passe changé", "Bonjour ann@example.com")
        );
        assert!(!html.contains("Hello"), "{html}");
        let (subject, _, html) = read(&renderer, None, MailContent::PasswordChanged);
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
        let org = "a\r\nBcc: eve@example.com\u{2028}\n\nb".to_owned();
        let content = MailContent::Invite { link: link(), org };
        let text = renderer.render(&mail(content)).unwrap().formatted();
        let parsed = MessageParser::default().parse(&text).unwrap();
        assert!(parsed.bcc().is_none());
        assert_eq!(parsed.subject(), Some("Join a  Bcc: eve@example.com   b"));
    }

    #[test]
    fn names_are_neither_markup_nor_headers() {
        let org = "<b>{{7*7}}</b>\r\nBcc: eve@example.com".to_owned();
        let text = rendered(MailContent::Invite { link: link(), org });
        let headers = text.split("\r\n\r\n").next().unwrap();
        assert!(!headers.lines().any(|line| line.starts_with("Bcc:")), "{headers}");
        assert!(text.contains("&lt;b&gt;{{7*7}}&lt;"), "{text}");
    }
}
