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

/// What a [`Relay`] does with data that it receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conduct {
    /// Forwards it.
    Forward,
    /// Discards it, and never responds.
    Silent,
    /// Closes the connection.
    Away,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rule {
    conduct: Conduct,
    /// Connections of earlier epochs are closed.
    epoch: usize,
}

/// A proxy between a client and a server that can be made to fail.
#[derive(Debug)]
pub struct Relay {
    url: String,
    rule: Arc<RwLock<Rule>>,
    accepted: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Relay {
    /// Starts a relay. `url` returns the URL for the address on which it listens.
    pub(crate) async fn to_socket(server: PathBuf, url: impl FnOnce(SocketAddr) -> String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("no port is available");
        let address = listener.local_addr().expect("a listener has an address");
        let rule = Arc::new(RwLock::new(Rule { conduct: Conduct::Forward, epoch: 0 }));
        let accepted = Arc::new(AtomicUsize::new(0));
        let task = tokio::spawn(serve(listener, server, rule.clone(), accepted.clone()));
        Self { url: url(address), rule, accepted, task }
    }

    /// Returns the URL at which clients reach the server behind it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Changes what it does with data. After this call, all data is treated this way.
    pub async fn set(&self, conduct: Conduct) {
        self.rule.write().await.conduct = conduct;
    }

    /// Closes all current connections when their clients next send data. New connections are accepted.
    pub async fn hang_up(&self) {
        self.rule.write().await.epoch += 1;
    }

    /// Returns the number of connections so far.
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
        let server = UnixStream::connect(&server).await.expect("the server can't be reached");
        tokio::spawn(relay(client, server, rule.clone()));
    }
}

/// Completes when the connection is closed.
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
                    to_server.write_all(part).await.expect("the server closed the connection");
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
