//! Sends email through an SMTP server.

mod blame;
mod error;
mod helo;
mod idle;
mod prelude;
mod server;
mod step;
mod stream;
mod url;

pub use error::SmtpError;
pub use helo::{HeloName, InvalidHeloName};
pub use rustls::Error as TlsError;
pub use step::Step;
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

/// Options of an [`SmtpMailer`].
#[derive(Debug, Clone)]
pub struct SmtpOptions {
    /// The timeout of a delivery. A worker cancels a delivery after [`retry::SEND_TIMEOUT`], so a longer timeout has
    /// no effect.
    pub timeout: Duration,
    /// Certificate authorities for verifying servers. `None` uses the system's, or those in the file that
    /// `SSL_CERT_FILE` names.
    pub roots: Option<RootCertStore>,
    /// The name of this server in `EHLO`. `None` uses the host of the public URL if it is a fully qualified name
    /// or an IP address, else the machine's name, else its IP address.
    pub helo_name: Option<HeloName>,
}

impl Default for SmtpOptions {
    fn default() -> Self {
        Self { timeout: retry::SEND_TIMEOUT.unsigned_abs(), roots: None, helo_name: None }
    }
}

/// Sends messages to a mail server.
pub struct SmtpMailer {
    server: Server,
    idle: Idle,
    renderer: Renderer,
    timeout: Duration,
}

impl SmtpMailer {
    /// Creates a mailer that connects with the first message, so that an unreachable mail server doesn't prevent
    /// startup.
    ///
    /// # Errors
    /// TLS can't be set up.
    pub fn new(url: SmtpUrl, options: SmtpOptions, renderer: Renderer) -> Result<Self, TlsError> {
        let roots = options.roots.unwrap_or_else(tls::system_roots);
        let server = Server::new(url, options.helo_name, renderer.host(), roots)?;
        Ok(Self { server, idle: Idle::default(), renderer, timeout: options.timeout })
    }

    /// Performs all steps of a delivery, up to the recipient, without sending a message. Returns the steps that
    /// succeeded.
    ///
    /// The recipient is the sender itself. Many servers (Postfix by default) reject a client, its name, or its
    /// sender only at this step. A rejection of the recipient is no error, since a sender needs no mailbox.
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
        // Dropping an unfinished conversation only closes its connection.
        let outcome = timeout(self.timeout, self.deliver(&message, &mut progress)).await;
        let recipients = message.envelope().to().iter().map(ToString::to_string);
        let link = mail.content.link().map(|link| link.expose().to_owned());
        let secrets: Vec<_> = recipients.chain([mail.to.as_str().to_owned()]).chain(link).collect();
        Ok(self.judge(outcome, progress.last(), &secrets)?)
    }
}

/// Sends the sender, and the same address as a recipient, and then resets the transaction.
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

/// Sends one message, and waits until the server has accepted it.
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

/// Returns the parameters for a message with non-ASCII characters in its addresses (RFC 6531).
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
