//! What is said before TLS, at a server that has it by STARTTLS (RFC 3207).
//!
//! lettre could say it, but keeps what a server sends along with its "go ahead", and would take that
//! for what it says under TLS: whoever is between could answer in its place (CVE-2021-23222 and
//! others are of this kind). Here such a conversation ends.

use lettre::transport::smtp::extension::ClientId;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::error::Trouble;

/// RFC 5321, section 4.5.3.1.5, has 512.
const MAX_LINE: u64 = 1000;
const MAX_LINES: usize = 100;

/// A conversation of which nothing is secret.
pub(super) struct Prelude(BufReader<TcpStream>);

impl Prelude {
    pub(super) fn on(stream: TcpStream) -> Self {
        Self(BufReader::new(stream))
    }

    /// Hears the greeting.
    pub(super) async fn greeting(&mut self) -> Result<(), Trouble> {
        self.answer().await.map(|_| ())
    }

    /// Greets back, and hears whether the server can go over to TLS.
    pub(super) async fn offers_tls(&mut self, name: &ClientId) -> Result<bool, Trouble> {
        self.say(&format!("EHLO {name}\r\n")).await?;
        let offers = self.answer().await?;
        Ok(offers.iter().any(|offer| offer.trim().eq_ignore_ascii_case("STARTTLS")))
    }

    /// Goes over to TLS: what comes next on the stream is the server's hello.
    pub(super) async fn start_tls(mut self) -> Result<TcpStream, Trouble> {
        self.say("STARTTLS\r\n").await?;
        self.answer().await?;
        self.into_stream()
    }

    /// The stream, on which nothing has been said that was not heard.
    pub(super) fn into_stream(self) -> Result<TcpStream, Trouble> {
        if self.0.buffer().is_empty() { Ok(self.0.into_inner()) } else { Err(Trouble::SaidTooMuch) }
    }

    async fn say(&mut self, line: &str) -> Result<(), Trouble> {
        // Said before it was asked.
        if !self.0.buffer().is_empty() {
            return Err(Trouble::SaidTooMuch);
        }
        Ok(self.0.write_all(line.as_bytes()).await?)
    }

    /// The lines of an answer (RFC 5321, section 4.2), without their code.
    async fn answer(&mut self) -> Result<Vec<String>, Trouble> {
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
