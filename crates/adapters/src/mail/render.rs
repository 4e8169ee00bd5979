use std::path::PathBuf;

use doorward_domain::{email::EmailAddress, mail::OutgoingMail, profile::Locale};
use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use url::Host;

use super::{
    NamedAddress,
    templates::{TemplateError, Templates, Words},
};

/// What all mails have in common.
#[derive(Debug, Clone)]
pub struct MailOptions {
    /// The name of the service in the mails' text, and of the sender where that has none.
    pub service_name: String,
    /// The sender.
    pub from: NamedAddress,
    /// Where replies go, if not to the sender.
    pub reply_to: Option<NamedAddress>,
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
    reply_to: Option<Mailbox>,
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
        let MailOptions { service_name, from, reply_to, host, templates, default_locale } = options;
        let name = from.name.unwrap_or_else(|| service_name.clone());
        let from = Mailbox::new(Some(name), address(&from.address)?);
        let reply_to =
            reply_to.map(|to| Ok::<_, RenderError>(Mailbox::new(to.name, address(&to.address)?)));
        let reply_to = reply_to.transpose()?;
        let templates = Templates::load(templates.as_deref(), service_name, default_locale)?;
        Ok(Self { host, from, reply_to, templates })
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
        let to = address(&mail.to)?;
        // Given, because the library would read the recipient from the header, with its narrower rules.
        let envelope = Envelope::new(Some(self.from.email.clone()), vec![to.clone()])?;
        let mut message = Message::builder()
            .envelope(envelope)
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(words.subject)
            .date(mail.created_at.into())
            // The same each time the mail is sent, so that a second copy is known as one.
            .message_id(Some(format!("<{}@{}>", mail.id, self.host)))
            // Ask vacation responders not to answer (RFC 3834, section 5), and Exchange's in its own words.
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("X-Auto-Response-Suppress", "All"));
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.clone());
        }
        let text = part(ContentType::TEXT_PLAIN, words.text);
        let Some(html) = words.html else { return Ok(message.singlepart(text)?) };
        // The same each time as well: a second copy is one to the octet.
        let both = MultiPart::alternative().boundary(mail.id.to_string()).singlepart(text);
        Ok(message.multipart(both.singlepart(part(ContentType::TEXT_HTML, html)))?)
    }
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// The address with its domain in ASCII, which every mail server takes.
fn address(address: &EmailAddress) -> Result<Address, RenderError> {
    let domain = Host::parse(address.domain())?.to_string();
    match Address::new(address.local_part(), &domain) {
        // The library's check knows no characters above U+FFFF, which RFC 6531, section 3.3, allows.
        Err(_) if EmailAddress::parse(address.as_str()).is_ok() => {
            Ok(Address::new_dangerous(address.local_part(), &domain))
        }
        checked => Ok(checked?),
    }
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
mod tests;
