//! Mail by SMTP, to a server that takes it from there.

mod blame;
mod error;
mod helo;
mod idle;
mod prelude;
mod server;
mod stream;
mod url;

pub use error::{SmtpError, Step};
pub use helo::{HeloName, InvalidHeloName};
pub use rustls::Error as TlsError;
pub use url::{InvalidSmtpUrl, SmtpUrl};

use std::{fmt, time::Duration};

use async_trait::async_trait;
use doorward_domain::{
    mail::{OutgoingMail, retry},
    ports::{MailError, Mailer},
};
use lettre::{
    Address, Message,
    transport::smtp::{
        client::AsyncSmtpConnection,
        commands::{Data, Mail, Rcpt, Rset},
        extension::{Extension, MailBodyParameter, MailParameter},
    },
};
use rustls::RootCertStore;
use tokio::time::timeout;

use self::{
    error::{Progress, Trouble},
    idle::{Idle, end},
    server::Server,
};
use super::Renderer;
use crate::tls;

/// How an [`SmtpMailer`] behaves.
#[derive(Debug, Clone)]
pub struct SmtpOptions {
    /// A mail that is not taken within this is given up for now. More than [`retry::SEND_TIMEOUT`] is more
    /// than a worker has for it.
    pub timeout: Duration,
    /// Authorities that vouch for servers; `None` takes the machine's, or those of `SSL_CERT_FILE`.
    pub roots: Option<RootCertStore>,
    /// What this server calls itself (`EHLO`); `None` takes the host of the public URL if it is a full name
    /// or an address, else the machine's name, else its address.
    pub helo_name: Option<HeloName>,
}

impl Default for SmtpOptions {
    fn default() -> Self {
        Self { timeout: retry::SEND_TIMEOUT.unsigned_abs(), roots: None, helo_name: None }
    }
}

/// Hands mails to a mail server.
pub struct SmtpMailer {
    server: Server,
    idle: Idle,
    renderer: Renderer,
    timeout: Duration,
}

impl SmtpMailer {
    /// Connects when the first mail comes, so that a mail server that is away stops no start.
    ///
    /// # Errors
    /// TLS can't be set up.
    pub fn new(url: SmtpUrl, options: SmtpOptions, renderer: Renderer) -> Result<Self, TlsError> {
        let roots = options.roots.unwrap_or_else(tls::system_roots);
        let server = Server::new(url, options.helo_name, renderer.host(), roots)?;
        Ok(Self { server, idle: Idle::default(), renderer, timeout: options.timeout })
    }

    /// Goes through all that sending takes, up to naming a recipient, and sends nothing. Returns the
    /// steps that succeeded.
    ///
    /// The recipient is the sender itself. Many servers (Postfix by default) refuse a client, its name,
    /// or its sender only then; a refusal of the recipient is no error, since a sender needs no mailbox.
    ///
    /// # Errors
    /// The step that failed.
    pub async fn probe(&self) -> Result<Vec<Step>, SmtpError> {
        let mut progress = Progress::default();
        let going = async {
            let mut connection = self.server.connect(&mut progress).await?;
            let outcome = name_sender(&mut connection, self.renderer.sender(), &mut progress).await;
            end(connection);
            outcome
        };
        let outcome = timeout(self.timeout, going).await;
        match self.judge(outcome, progress.last(), &[]) {
            Err(error) if error.step == Step::Recipient && error.is_about_message() => {}
            other => other?,
        }
        Ok(progress.into_steps())
    }

    async fn deliver(&self, message: &Message, progress: &mut Progress) -> Result<(), Trouble> {
        let mut connection = match self.idle.take().await {
            Some(connection) => connection,
            None => self.server.connect(progress).await?,
        };
        let outcome = hand_over(&mut connection, message, progress).await;
        match &outcome {
            Ok(()) => self.idle.put(connection),
            Err(_) => end(connection),
        }
        outcome
    }

    fn judge<T>(
        &self,
        outcome: Result<Result<T, Trouble>, tokio::time::error::Elapsed>,
        step: Step,
        others: &[String],
    ) -> Result<T, SmtpError> {
        let outcome = outcome.unwrap_or_else(|_elapsed| Err(Trouble::Late(self.timeout)));
        outcome.map_err(|trouble| {
            let secrets = [self.server.secrets().as_slice(), others].concat();
            SmtpError::new(step, &trouble, &secrets)
        })
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        let message =
            self.renderer.render(mail).map_err(|error| MailError::Permanent(Box::new(error)))?;
        let mut progress = Progress::default();
        // Dropped half-way, a conversation leaves nothing but a connection that hangs up.
        let outcome = timeout(self.timeout, self.deliver(&message, &mut progress)).await;
        let recipients = message.envelope().to().iter().map(ToString::to_string);
        let link = mail.content.link().map(|link| link.expose().to_owned());
        let secrets: Vec<_> = recipients.chain([mail.to.as_str().to_owned()]).chain(link).collect();
        Ok(self.judge(outcome, progress.last(), &secrets)?)
    }
}

/// Names the sender, and the same as a recipient, and takes both back.
async fn name_sender(
    connection: &mut AsyncSmtpConnection,
    sender: &Address,
    progress: &mut Progress,
) -> Result<(), Trouble> {
    progress.at(Step::Sender);
    connection.command(Mail::new(Some(sender.clone()), Vec::new())).await?;
    progress.at(Step::Recipient);
    connection.command(Rcpt::new(sender.clone(), Vec::new())).await?;
    connection.command(Rset).await?;
    Ok(())
}

/// Says one mail, and hears that it is in the server's hands.
async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    message: &Message,
    progress: &mut Progress,
) -> Result<(), Trouble> {
    let envelope = message.envelope();
    progress.at(Step::Sender);
    let parameters = parameters(connection, message)?;
    let is_plain = parameters.is_empty();
    let sender = Mail::new(envelope.from().cloned(), parameters);
    let answer = connection.command(sender).await;
    answer.map_err(|error| if is_plain { error.into() } else { Trouble::Parameter(error) })?;
    progress.at(Step::Recipient);
    for recipient in envelope.to() {
        connection.command(Rcpt::new(recipient.clone(), Vec::new())).await?;
    }
    progress.at(Step::Content);
    connection.command(Data).await?;
    connection.message(&message.formatted()).await?;
    Ok(())
}

/// What the server has to know of a mail with letters beyond ASCII in its addresses (RFC 6531).
fn parameters(
    connection: &AsyncSmtpConnection,
    message: &Message,
) -> Result<Vec<MailParameter>, Trouble> {
    let envelope = message.envelope();
    let is_ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    if envelope.from().into_iter().chain(envelope.to()).all(is_ascii) {
        return Ok(Vec::new());
    }
    let can = connection.server_info();
    if !can.supports_feature(Extension::SmtpUtfEight) {
        return Err(Trouble::NoSmtpUtf8);
    }
    let mut parameters = vec![MailParameter::SmtpUtfEight];
    if can.supports_feature(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}

impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpMailer").field("server", self.server.url()).finish_non_exhaustive()
    }
}
