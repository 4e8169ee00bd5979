//! The conversation before TLS, with servers that use STARTTLS (RFC 3207).
//!
//! lettre supports STARTTLS, but keeps bytes that arrive together with the server's "go ahead", and would treat
//! them as received over TLS. A machine-in-the-middle could inject responses (like CVE-2021-23222 and others).
//! Here, such bytes end the conversation.

use lettre::transport::smtp::extension::ClientId;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::error::Trouble;

/// RFC 5321, section 4.5.3.1.5, specifies 512.
const MAX_LINE: u64 = 1000;
const MAX_LINES: usize = 100;

/// A conversation that contains no secrets.
pub(super) struct Prelude(BufReader<TcpStream>);

impl Prelude {
    pub(super) fn on(stream: TcpStream) -> Self {
        Self(BufReader::new(stream))
    }

    /// Reads the greeting.
    pub(super) async fn greeting(&mut self) -> Result<(), Trouble> {
        self.response().await.map(|_| ())
    }

    /// Sends `EHLO`, and returns `true` if the server offers STARTTLS.
    pub(super) async fn offers_tls(&mut self, name: &ClientId) -> Result<bool, Trouble> {
        self.say(&format!("EHLO {name}\r\n")).await?;
        let offers = self.response().await?;
        Ok(offers.iter().any(|offer| offer.trim().eq_ignore_ascii_case("STARTTLS")))
    }

    /// Sends STARTTLS. The next bytes on the stream belong to the TLS handshake.
    pub(super) async fn start_tls(mut self) -> Result<TcpStream, Trouble> {
        self.say("STARTTLS\r\n").await?;
        self.response().await?;
        self.into_stream()
    }

    /// Returns the stream. Fails if there is received data that was not read.
    pub(super) fn into_stream(self) -> Result<TcpStream, Trouble> {
        if self.0.buffer().is_empty() { Ok(self.0.into_inner()) } else { Err(Trouble::SaidTooMuch) }
    }

    async fn say(&mut self, line: &str) -> Result<(), Trouble> {
        // Data that arrived before the command was sent.
        if !self.0.buffer().is_empty() {
            return Err(Trouble::SaidTooMuch);
        }
        Ok(self.0.write_all(line.as_bytes()).await?)
    }

    /// Reads the lines of a response (RFC 5321, section 4.2), without their code.
    async fn response(&mut self) -> Result<Vec<String>, Trouble> {
        let mut lines = Vec::new();
        while lines.len() < MAX_LINES {
            let mut line = Vec::new();
            (&mut self.0).take(MAX_LINE).read_until(b'\n', &mut line).await?;
            if line.is_empty() {
                return Err(Trouble::HungUp);
            }
            let line = String::from_utf8_lossy(&line);
            let (code, rest) = line.trim_end().split_at_checked(3).ok_or(Trouble::NoSmtp)?;
            let code: u16 = code.parse().map_err(|_| Trouble::NoSmtp)?;
            let more = rest.starts_with('-');
            lines.push(rest.get(1..).unwrap_or_default().to_owned());
            if !more {
                return match code {
                    200..400 => Ok(lines),
                    _ => Err(Trouble::Refused { code, words: lines.join(" ") }),
                };
            }
        }
        Err(Trouble::NoSmtp)
    }
}
