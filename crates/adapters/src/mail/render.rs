use doorward_domain::{
    email::EmailAddress,
    mail::{MailContent, OutgoingMail},
};
use lettre::{
    Address, Message,
    message::{
        Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use minijinja::{Environment, context};
use url::Host;

/// What all mails have in common.
#[derive(Debug, Clone)]
pub struct MailOptions {
    /// The name of the service in the mails' text and as their sender's name.
    pub service_name: String,
    /// The sender's address.
    pub from: EmailAddress,
    /// The host that is named in `Message-ID`.
    pub host: String,
}

/// Makes messages (RFC 5322) from templates.
#[derive(Debug)]
pub struct Renderer {
    options: MailOptions,
    from: Mailbox,
    templates: Environment<'static>,
}

/// A mail could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template is wrong.
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

macro_rules! template {
    ($name:literal) => {
        ($name, include_str!(concat!("templates/", $name)))
    };
}

/// Text templates; the first line is the subject. HTML is escaped by the name's ending.
const TEMPLATES: [(&str, &str); 8] = [
    template!("verify_email.txt"),
    template!("verify_email.html"),
    template!("reset_password.txt"),
    template!("reset_password.html"),
    template!("invite.txt"),
    template!("invite.html"),
    template!("password_changed.txt"),
    template!("password_changed.html"),
];

impl Renderer {
    /// Reads the templates and the sender's address.
    ///
    /// # Errors
    /// One of them is wrong.
    pub fn new(options: MailOptions) -> Result<Self, RenderError> {
        let mut templates = Environment::new();
        for (name, source) in TEMPLATES {
            templates.add_template(name, source)?;
        }
        let from = Mailbox::new(Some(options.service_name.clone()), address(&options.from)?);
        Ok(Self { options, from, templates })
    }

    /// The sender's address, as mail servers are told it.
    pub(super) fn sender(&self) -> &Address {
        &self.from.email
    }

    /// The host that this server calls itself by.
    pub(super) fn host(&self) -> &str {
        &self.options.host
    }

    /// Makes the message: a text part always, an HTML part beside it.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self, mail: &OutgoingMail) -> Result<Message, RenderError> {
        let name = match &mail.content {
            MailContent::VerifyEmail { .. } => "verify_email",
            MailContent::ResetPassword { .. } => "reset_password",
            MailContent::Invite { .. } => "invite",
            MailContent::PasswordChanged => "password_changed",
        };
        let org = match &mail.content {
            MailContent::Invite { org, .. } => Some(org),
            MailContent::VerifyEmail { .. }
            | MailContent::ResetPassword { .. }
            | MailContent::PasswordChanged => None,
        };
        let values = context! {
            service => &self.options.service_name,
            username => mail.username.as_ref().map(|name| name.as_str()),
            email => mail.to.as_str(),
            org => org,
            link => mail.content.link().map(|link| link.expose()),
        };
        let text = self.templates.get_template(&format!("{name}.txt"))?.render(&values)?;
        let html = self.templates.get_template(&format!("{name}.html"))?.render(&values)?;
        let (subject, text) = text.split_once('\n').unwrap_or((&text, ""));
        self.message(mail, subject, text.trim_start(), html)
    }

    fn message(
        &self,
        mail: &OutgoingMail,
        subject: &str,
        text: &str,
        html: String,
    ) -> Result<Message, RenderError> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address(&mail.to)?))
            .subject(subject)
            .date(mail.created_at.into())
            // The same each time the mail is sent, so that a second copy is known as one.
            .message_id(Some(format!("<{}@{}>", mail.id, self.options.host)))
            // Asks vacation responders not to answer (RFC 3834, section 5).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .multipart(
                // The same as well: a second copy is one to the octet.
                MultiPart::alternative()
                    .boundary(mail.id.to_string())
                    .singlepart(part(ContentType::TEXT_PLAIN, text.to_owned()))
                    .singlepart(part(ContentType::TEXT_HTML, html)),
            )?;
        Ok(message)
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
    use doorward_domain::{
        MailId,
        mail::{PublicUrl, SecretLink},
        token::{PlainToken, TokenPurpose},
    };
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    fn renderer() -> Renderer {
        let from = EmailAddress::parse("auth@example.com").unwrap();
        Renderer::new(MailOptions {
            service_name: "Doorward".to_owned(),
            from,
            host: "auth.example.com".to_owned(),
        })
        .unwrap()
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
        for content in [
            MailContent::VerifyEmail { link: link() },
            MailContent::ResetPassword { link: link() },
            MailContent::Invite { link: link(), org: "Acme".to_owned() },
            MailContent::PasswordChanged,
        ] {
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

    #[test]
    fn names_are_neither_markup_nor_headers() {
        let org = "<b>{{7*7}}</b>\r\nBcc: eve@example.com".to_owned();
        let text = rendered(MailContent::Invite { link: link(), org });
        let headers = text.split("\r\n\r\n").next().unwrap();
        assert!(!headers.lines().any(|line| line.starts_with("Bcc:")), "{headers}");
        assert!(text.contains("&lt;b&gt;{{7*7}}&lt;"), "{text}");
    }
}
