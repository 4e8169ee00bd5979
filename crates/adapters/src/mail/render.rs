use std::path::PathBuf;

use doorward_domain::{
    account::{email::EmailAddress, profile::Locale},
    mail::OutgoingMail,
};
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

/// Options for all messages.
#[derive(Debug, Clone)]
pub struct MailOptions {
    /// The name of the service in the text of messages, and the sender's display name if it has none.
    pub service_name: String,
    /// The sender.
    pub from: NamedAddress,
    /// The address for replies, if it isn't the sender's.
    pub reply_to: Option<NamedAddress>,
    /// The host in `Message-ID`.
    pub host: String,
    /// A folder of templates that replace the built-in ones.
    pub templates: Option<PathBuf>,
    /// The language of messages to users whose language is unknown.
    pub default_locale: Locale,
}

/// Creates messages (RFC 5322) from templates.
#[derive(Debug)]
pub struct Renderer {
    host: String,
    from: Mailbox,
    reply_to: Option<Mailbox>,
    templates: Templates,
}

/// Errors returned by [`Renderer::new`] and [`Renderer::render`].
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template is unusable.
    #[error(transparent)]
    Templates(#[from] TemplateError),
    /// A template failed to render.
    #[error("cannot render the template of the message")]
    Template(#[from] minijinja::Error),
    /// An email address can't be written in a header.
    #[error("cannot use the email address in a message")]
    Address(#[from] lettre::address::AddressError),
    /// The domain of an email address can't be written in ASCII.
    #[error("cannot use the domain of the email address")]
    Domain(#[from] url::ParseError),
    /// The parts can't be combined into a message.
    #[error("cannot build the message")]
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

    /// Returns the sender's address for the SMTP envelope.
    pub(super) fn sender(&self) -> &Address {
        &self.from.email
    }

    /// Returns the name of this server's host.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Creates the message, with a text part, and an HTML part beside it if there is a template for one.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self, mail: &OutgoingMail) -> Result<Message, RenderError> {
        let words = self.templates.render(mail)?;
        self.message(mail, words)
    }

    fn message(&self, mail: &OutgoingMail, words: Words) -> Result<Message, RenderError> {
        let to = address(&mail.to)?;
        // Set explicitly, because the library would derive the recipient from the header, with its stricter rules.
        let envelope = Envelope::new(Some(self.from.email.clone()), vec![to.clone()])?;
        let mut message = Message::builder()
            .envelope(envelope)
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(words.subject)
            .date(mail.created_at.into())
            // The same for each delivery, so that mail clients recognize a second copy.
            .message_id(Some(format!("<{}@{}>", mail.id, self.host)))
            // Asks vacation responders not to reply (RFC 3834, section 5), with an additional header for Exchange.
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("X-Auto-Response-Suppress", "All"));
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.clone());
        }
        let text = part(ContentType::TEXT_PLAIN, words.text);
        let Some(html) = words.html else { return Ok(message.singlepart(text)?) };
        // Also the same for each delivery, so that a second copy is identical to the byte.
        let both = MultiPart::alternative().boundary(mail.id.to_string()).singlepart(text);
        Ok(message.multipart(both.singlepart(part(ContentType::TEXT_HTML, html)))?)
    }
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// Converts the domain of an address to ASCII, which every mail server accepts.
fn address(address: &EmailAddress) -> Result<Address, RenderError> {
    let domain = Host::parse(address.domain())?.to_string();
    match Address::new(address.local_part(), &domain) {
        // The library's check rejects characters above U+FFFF, which RFC 6531, section 3.3, allows.
        Err(_) if EmailAddress::parse(address.as_str()).is_ok() => {
            Ok(Address::new_dangerous(address.local_part(), &domain))
        }
        checked => Ok(checked?),
    }
}

/// The maximum length of a line in a message (RFC 5322, section 2.1.1).
const MAX_LINE: usize = 998;

/// Creates a part that is not encoded unless SMTP requires it, so that links stay in one piece for readers and
/// simple tools. lettre would break lines of more than 76 characters.
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
