//! Mail by SMTP, to a server that takes it from there.

mod error;
mod idle;
mod prelude;
mod server;
mod stream;
mod url;

pub use error::{SmtpError, Step};
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
        commands::{Data, Mail, Rcpt},
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
}

impl Default for SmtpOptions {
    fn default() -> Self {
        Self { timeout: retry::SEND_TIMEOUT.unsigned_abs(), roots: None }
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
        let server = Server::new(url, renderer.host(), roots)?;
        Ok(Self { server, idle: Idle::default(), renderer, timeout: options.timeout })
    }

    /// Goes through all that sending takes, up to naming the sender, and sends nothing. Answers the
    /// steps that went well.
    ///
    /// # Errors
    /// The step that did not.
    pub async fn probe(&self) -> Result<Vec<Step>, SmtpError> {
        let mut progress = Progress::default();
        let going = async {
            let mut connection = self.server.connect(&mut progress).await?;
            progress.at(Step::Sender);
            let sender = Mail::new(Some(self.renderer.sender().clone()), Vec::new());
            let answer = connection.command(sender).await;
            end(connection);
            Ok(answer.map(|_| ())?)
        };
        let outcome = timeout(self.timeout, going).await;
        self.judge(outcome, progress.last(), &[])?;
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

/// Says one mail, and hears that it is in the server's hands.
async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    message: &Message,
    progress: &mut Progress,
) -> Result<(), Trouble> {
    let envelope = message.envelope();
    progress.at(Step::Sender);
    let sender = Mail::new(envelope.from().cloned(), parameters(connection, message)?);
    connection.command(sender).await?;
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
