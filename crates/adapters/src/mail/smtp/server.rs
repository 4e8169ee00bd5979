use std::{net::SocketAddr, sync::Arc, time::Duration};

use lettre::transport::smtp::{
    authentication::{Credentials, Mechanism},
    client::AsyncSmtpConnection,
    extension::ClientId,
};
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::{
    SmtpUrl,
    error::{Progress, Trouble},
    helo::{HeloName, default_name},
    prelude::Prelude,
    step::Step,
    stream::Stream,
    url::Security,
};
use crate::tls;

/// The time limit for one IP address before the next one is tried, since some addresses of a name may be
/// unreachable.
const ONE_ADDRESS: Duration = Duration::from_secs(3);

/// The mechanisms that need no token service. Both send the password in clear text, so TLS is what protects it.
const MECHANISMS: &[Mechanism] = &[Mechanism::Plain, Mechanism::Login];

/// A mail server, and how to prepare a connection to it for sending messages.
pub(super) struct Server {
    url: SmtpUrl,
    helo_name: Option<HeloName>,
    public_host: String,
    tls: TlsConnector,
}

impl Server {
    pub(super) fn new(
        url: SmtpUrl,
        helo_name: Option<HeloName>,
        public_host: &str,
        roots: RootCertStore,
    ) -> Result<Self, rustls::Error> {
        let tls: ClientConfig = tls::client_config(roots)?;
        let (tls, public_host) = (TlsConnector::from(Arc::new(tls)), public_host.to_owned());
        Ok(Self { url, helo_name, public_host, tls })
    }

    pub(super) fn url(&self) -> &SmtpUrl {
        &self.url
    }

    /// Connects until the server accepts messages. `progress` holds the current step, also if the future is
    /// dropped.
    pub(super) async fn connect(
        &self,
        progress: &mut Progress,
    ) -> Result<AsyncSmtpConnection, Trouble> {
        progress.at(Step::Resolve);
        let addresses = lookup_host((self.url.host.as_str(), self.url.port)).await?;
        progress.at(Step::Connect);
        let stream = dial(addresses).await?;
        let name = match &self.helo_name {
            Some(name) => name.clone().into_client_id(),
            None => default_name(&self.public_host, stream.local_addr()?.ip()),
        };
        let (stream, encrypted) = self.secure(stream, &name, progress).await?;
        progress.at(Step::Greet);
        let mut connection =
            AsyncSmtpConnection::connect_with_transport(Box::new(stream), &name).await?;
        if let Some(login) = &self.url.login {
            progress.at(Step::SignIn);
            if !encrypted && !self.url.may_sign_in_clear() {
                return Err(Trouble::ClearPassword);
            }
            let credentials =
                Credentials::new(login.user.clone(), login.password.as_str().to_owned());
            connection.auth(MECHANISMS, &credentials).await?;
        }
        Ok(connection)
    }

    /// Encrypts the connection if the URL requires it. Returns `true` if it is encrypted.
    async fn secure(
        &self,
        stream: TcpStream,
        name: &ClientId,
        progress: &mut Progress,
    ) -> Result<(Stream, bool), Trouble> {
        let must = match self.url.security {
            Security::Clear => return Ok((Stream::clear(stream), false)),
            Security::Tls => return Ok((self.encrypt(stream, progress).await?, true)),
            Security::StartTls => true,
            Security::StartTlsIfOffered => false,
        };
        progress.at(Step::Greet);
        let mut prelude = Prelude::on(stream);
        prelude.greeting().await?;
        if prelude.offers_tls(name).await? {
            progress.at(Step::Encrypt);
            let stream = prelude.start_tls().await?;
            return Ok((self.encrypt(stream, progress).await?.greeted(), true));
        }
        if must {
            progress.at(Step::Encrypt);
            return Err(Trouble::NoTls);
        }
        Ok((Stream::clear(prelude.into_stream()?).greeted(), false))
    }

    async fn encrypt(&self, stream: TcpStream, progress: &mut Progress) -> Result<Stream, Trouble> {
        progress.at(Step::Encrypt);
        let name = ServerName::try_from(self.url.host.clone());
        let name = name.map_err(|_| Trouble::NoCertificateName)?;
        Ok(Stream::tls(self.tls.connect(name, stream).await?))
    }

    /// Returns secrets that a server's response may repeat.
    pub(super) fn secrets(&self) -> Vec<String> {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let Some(login) = &self.url.login else { return Vec::new() };
        let (user, password) = (&login.user, login.password.as_str());
        vec![
            STANDARD.encode(format!("\0{user}\0{password}")),
            STANDARD.encode(password),
            password.to_owned(),
        ]
    }
}

async fn dial(addresses: impl Iterator<Item = SocketAddr>) -> Result<TcpStream, Trouble> {
    let mut outcome = Err(Trouble::NoAddress);
    for address in addresses {
        outcome = match timeout(ONE_ADDRESS, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => Err(error.into()),
            Err(_elapsed) => Err(Trouble::Late(ONE_ADDRESS)),
        };
    }
    outcome
}
