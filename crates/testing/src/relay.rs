use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream, UnixStream},
    sync::RwLock,
    task::JoinHandle,
};

/// What a [`Relay`] does with what it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conduct {
    /// Passes it on.
    Forward,
    /// Takes it, and nothing ever comes of it.
    Silent,
    /// Hangs up.
    Away,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rule {
    conduct: Conduct,
    /// Connections of former epochs are hung up on.
    epoch: usize,
}

/// Stands between a client and a server, and fails when it is told to.
#[derive(Debug)]
pub struct Relay {
    url: String,
    rule: Arc<RwLock<Rule>>,
    accepted: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Relay {
    /// `url` tells what leads to an address where it listens.
    pub(crate) async fn to_socket(server: PathBuf, url: impl FnOnce(SocketAddr) -> String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is no port");
        let address = listener.local_addr().expect("a listener has an address");
        let rule = Arc::new(RwLock::new(Rule { conduct: Conduct::Forward, epoch: 0 }));
        let accepted = Arc::new(AtomicUsize::new(0));
        let task = tokio::spawn(serve(listener, server, rule.clone(), accepted.clone()));
        Self { url: url(address), rule, accepted, task }
    }

    /// Where clients find the server behind it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on it does so: when this is done, nothing that is sent is treated otherwise.
    pub async fn set(&self, conduct: Conduct) {
        self.rule.write().await.conduct = conduct;
    }

    /// Hangs up on whoever is connected, when they next say something. Who comes anew is welcome.
    pub async fn hang_up(&self) {
        self.rule.write().await.epoch += 1;
    }

    /// How many connections there have been.
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Relaxed)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    listener: TcpListener,
    server: PathBuf,
    rule: Arc<RwLock<Rule>>,
    accepted: Arc<AtomicUsize>,
) {
    while let Ok((client, _)) = listener.accept().await {
        accepted.fetch_add(1, Ordering::Relaxed);
        let server = UnixStream::connect(&server).await.expect("the server is not there");
        tokio::spawn(relay(client, server, rule.clone()));
    }
}

/// Ends with the connection.
async fn relay(client: TcpStream, server: UnixStream, rule: Arc<RwLock<Rule>>) {
    let epoch = rule.read().await.epoch;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let forward = async {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
            let rule = rule.read().await;
            match rule.conduct {
                Conduct::Forward if rule.epoch == epoch => {
                    let part = buffer.get(..length).unwrap_or_default();
                    to_server.write_all(part).await.expect("the server hung up");
                }
                Conduct::Silent => {}
                Conduct::Forward | Conduct::Away => break,
            }
        }
    };
    tokio::select! {
        () = forward => {}
        _ = copy(&mut from_server, &mut to_client) => {}
    }
}
