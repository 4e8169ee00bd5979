//! A mail server that fails on purpose.

mod tls;

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use self::tls::acceptor;

/// What a [`TestSmtp`] does at one point of a session instead of its default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// Responds with these lines; the final line ending is added.
    Say(String),
    /// Sends one byte every 20 ms, and never ends the response.
    Drip,
    /// Never responds.
    Hang,
    /// Closes the connection.
    HangUp,
}

impl Turn {
    /// Creates a turn that responds with one line.
    pub fn say(line: &str) -> Self {
        Self::Say(line.to_owned())
    }
}

/// A message that was accepted, even if its sender didn't get the response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenMail {
    /// `MAIL FROM` with its parameters.
    pub from: String,
    /// `RCPT TO`.
    pub to: String,
    /// The data after `DATA`.
    pub text: String,
    /// Whether it was sent over TLS.
    pub encrypted: bool,
    /// The client's credentials as it sent them.
    pub login: Option<String>,
}

impl TakenMail {
    /// Returns the value of a header that has one line.
    pub fn header(&self, name: &str) -> &str {
        let mut lines = self.text.lines().take_while(|line| !line.is_empty());
        let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        value.unwrap_or_else(|| panic!("{name} is missing in {}", self.text))
    }
}

/// How a [`TestSmtp`] uses TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Without TLS.
    No,
    /// From STARTTLS on.
    Start,
    /// From the first byte on.
    Implicit,
}

#[derive(Debug, Default)]
struct Log {
    turns: HashMap<String, VecDeque<Turn>>,
    always: HashMap<String, Turn>,
    away: bool,
    connections: usize,
    clear: Vec<String>,
    taken: Vec<TakenMail>,
}

/// A mail server on its own port, whose behavior a test controls.
#[derive(Debug)]
pub struct TestSmtp {
    address: SocketAddr,
    log: Arc<Mutex<Log>>,
    count: watch::Receiver<usize>,
    task: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    tls: Tls,
    acceptor: Option<TlsAcceptor>,
    extensions: Vec<&'static str>,
    log: Arc<Mutex<Log>>,
    count: Arc<watch::Sender<usize>>,
}

impl TestSmtp {
    /// Starts a server without TLS that accepts every message.
    pub async fn start() -> Self {
        Self::serve(Tls::No, None, &["8BITMIME"]).await
    }

    /// Starts a server that announces further extensions in the response to `EHLO`.
    pub async fn with_extensions(extensions: &[&'static str]) -> Self {
        Self::serve(Tls::No, None, extensions).await
    }

    /// Starts a server with this certificate and its key, which are PEM files. It accepts credentials only
    /// over TLS.
    pub async fn with_tls(tls: Tls, certificate: &Path, key: &Path) -> Self {
        Self::serve(tls, Some(acceptor(certificate, key)), &["8BITMIME", "SMTPUTF8"]).await
    }

    async fn serve(tls: Tls, acceptor: Option<TlsAcceptor>, extensions: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("no port is available");
        let address = listener.local_addr().expect("a listener has an address");
        let log = Arc::new(Mutex::new(Log::default()));
        let (sender, count) = watch::channel(0);
        let shared = Shared {
            tls,
            acceptor,
            extensions: extensions.to_vec(),
            log: log.clone(),
            count: Arc::new(sender),
        };
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(shared.clone().meet(stream));
            }
        });
        Self { address, log, count, task }
    }

    /// Returns the port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Sets what it does the next times that a client reaches a point: `banner`, a command such as `RCPT`,
    /// `tls` (after STARTTLS), or `.` for the end of a message. At `.`, the message is accepted unless the
    /// response is 4xx or 5xx.
    pub fn then(&self, point: &str, turns: impl IntoIterator<Item = Turn>) {
        lock(&self.log).turns.entry(point.to_owned()).or_default().extend(turns);
    }

    /// Sets what it does each time that a client reaches a point, as in [`then`](Self::then); `None` restores
    /// the default. A point may name a recipient: `RCPT <ann@example.com>`, `. <ann@example.com>`.
    pub fn always(&self, point: &str, turn: Option<Turn>) {
        let mut log = lock(&self.log);
        match turn {
            Some(turn) => log.always.insert(point.to_owned(), turn),
            None => log.always.remove(point),
        };
    }

    /// Closes every connection immediately while `away` is `true`.
    pub fn set_away(&self, away: bool) {
        lock(&self.log).away = away;
    }

    /// Returns the number of connections so far.
    pub fn connections(&self) -> usize {
        lock(&self.log).connections
    }

    /// Returns all lines that were received without TLS.
    pub fn heard_in_clear(&self) -> Vec<String> {
        lock(&self.log).clear.clone()
    }

    /// Returns the messages that it has accepted, in order.
    pub fn taken(&self) -> Vec<TakenMail> {
        lock(&self.log).taken.clone()
    }

    /// Waits until it has accepted this number of messages.
    ///
    /// # Panics
    /// Panics if the server was stopped.
    pub async fn wait_for(&self, mails: usize) -> Vec<TakenMail> {
        let mut count = self.count.clone();
        count.wait_for(|count| *count >= mails).await.expect("the mail server was stopped");
        self.taken()
    }
}

impl Drop for TestSmtp {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(log: &Mutex<Log>) -> MutexGuard<'_, Log> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How a session ends if the client doesn't end it.
enum End {
    /// The client switches to TLS.
    StartTls,
    Over,
}

/// A stream that carries a session.
trait Way: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Way for T {}

impl Shared {
    async fn meet(self, stream: TcpStream) {
        let away = {
            let mut log = lock(&self.log);
            log.connections += 1;
            log.away
        };
        if away {
            return;
        }
        let stream = match (&self.tls, &self.acceptor) {
            (Tls::Implicit, Some(acceptor)) => {
                if let Ok(stream) = acceptor.accept(stream).await {
                    let mut talk = Talk::new(&self, BufReader::new(stream), true);
                    talk.converse(true).await;
                }
                return;
            }
            _ => stream,
        };
        let mut talk = Talk::new(&self, BufReader::new(stream), false);
        if let Some(End::StartTls) = talk.converse(true).await
            && let Some(acceptor) = &self.acceptor
            && let Ok(stream) = acceptor.accept(talk.stream.into_inner()).await
        {
            Talk::new(&self, BufReader::new(stream), true).converse(false).await;
        }
    }

    fn turn(&self, point: &str, recipient: &str) -> Option<Turn> {
        let mut log = lock(&self.log);
        let next = log.turns.get_mut(point).and_then(VecDeque::pop_front);
        let always = || log.always.get(&format!("{point} {recipient}")).or(log.always.get(point));
        next.or_else(|| always().cloned())
    }
}

struct Talk<'a, S> {
    shared: &'a Shared,
    stream: BufReader<S>,
    encrypted: bool,
    login: Option<String>,
    from: String,
    to: String,
}

impl<'a, S: Way> Talk<'a, S> {
    fn new(shared: &'a Shared, stream: BufReader<S>, encrypted: bool) -> Self {
        let (from, to) = (String::new(), String::new());
        Self { shared, stream, encrypted, login: None, from, to }
    }

    /// Completes with `None` when the connection is closed.
    async fn converse(&mut self, greets: bool) -> Option<End> {
        if greets {
            self.respond("banner", "220 mail.test ESMTP").await?;
        }
        loop {
            let line = self.line().await?;
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => {
                    let offers = self.offers();
                    self.respond("EHLO", &offers).await?;
                }
                "STARTTLS" => {
                    let said = self.respond("STARTTLS", "220 go ahead").await?;
                    if said.starts_with('2') {
                        return Some(End::StartTls);
                    }
                }
                "AUTH" => {
                    let said = self.respond("AUTH", "235 welcome").await?;
                    if said.starts_with('2') {
                        self.login = Some(line);
                    }
                }
                "MAIL" => {
                    self.respond("MAIL", "250 sender ok").await?;
                    self.from = argument(&line);
                }
                "RCPT" => {
                    self.to = argument(&line);
                    self.respond("RCPT", "250 recipient ok").await?;
                }
                "DATA" => {
                    let said = self.respond("DATA", "354 go on").await?;
                    if said.starts_with('3') {
                        self.take().await?;
                    }
                }
                "QUIT" => {
                    self.respond("QUIT", "221 bye").await?;
                    return Some(End::Over);
                }
                other => {
                    self.respond(other, "250 ok").await?;
                }
            }
        }
    }

    fn offers(&self) -> String {
        let mut offers = vec!["mail.test"];
        offers.extend(&self.shared.extensions);
        match (self.shared.tls, self.encrypted) {
            (Tls::Start, false) => offers.push("STARTTLS"),
            (Tls::Start | Tls::Implicit, true) => offers.push("AUTH PLAIN LOGIN"),
            (Tls::No, _) => offers.push("AUTH PLAIN LOGIN"),
            (Tls::Implicit, false) => {}
        }
        let last = offers.len() - 1;
        let line = |(at, offer): (usize, &&str)| {
            format!("250{}{offer}", if at == last { ' ' } else { '-' })
        };
        offers.iter().enumerate().map(line).collect::<Vec<_>>().join("\r\n")
    }

    /// Receives a message to its end.
    async fn take(&mut self) -> Option<()> {
        let mut text = String::new();
        loop {
            match self.line().await?.as_str() {
                "." => break,
                line => {
                    text.push_str(line.strip_prefix('.').unwrap_or(line));
                    text.push_str("\r\n");
                }
            }
        }
        let turn = self.shared.turn(".", &self.to);
        let refuses = matches!(&turn, Some(Turn::Say(line)) if !line.starts_with('2'));
        if !refuses {
            let mail = TakenMail {
                from: self.from.clone(),
                to: self.to.clone(),
                text,
                encrypted: self.encrypted,
                login: self.login.clone(),
            };
            let mut log = lock(&self.shared.log);
            log.taken.push(mail);
            self.shared.count.send_replace(log.taken.len());
        }
        self.do_turn(turn, "250 taken").await.map(|_| ())
    }

    async fn respond(&mut self, point: &str, usual: &str) -> Option<String> {
        let turn = self.shared.turn(point, &self.to);
        self.do_turn(turn, usual).await
    }

    async fn do_turn(&mut self, turn: Option<Turn>, usual: &str) -> Option<String> {
        let line = match turn {
            None => usual.to_owned(),
            Some(Turn::Say(line)) => line,
            Some(Turn::Hang) => std::future::pending().await,
            Some(Turn::HangUp) => return None,
            Some(Turn::Drip) => loop {
                self.stream.write_all(b"2").await.ok()?;
                self.stream.flush().await.ok()?;
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            },
        };
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await.ok()?;
        self.stream.flush().await.ok()?;
        Some(line)
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line).await.ok().filter(|length| *length > 0)?;
        let line = String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned();
        if !self.encrypted {
            lock(&self.shared.log).clear.push(line.clone());
        }
        Some(line)
    }
}

/// Returns the text after the colon.
fn argument(line: &str) -> String {
    line.split_once(':').map(|(_, rest)| rest.trim().to_owned()).unwrap_or_default()
}
