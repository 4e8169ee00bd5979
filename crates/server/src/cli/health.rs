//! `doorward health`: checks whether a running server is ready, for container health checks.

use std::{
    error::Error,
    io::{self, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs},
    os::unix::net::UnixStream,
    path::Path,
    sync::mpsc,
    thread,
    time::Duration,
};

use serde::Deserialize;
use serde_json::json;

use super::{RunArgs, output};
use crate::config::{DEFAULT_LISTEN, Layers, ListenAddress, ListenHost};

/// The maximum length of a response in bytes. A valid one is a short JSON object.
const LONGEST: u64 = 64 * 1024;

#[derive(Debug, clap::Args)]
pub(super) struct HealthArgs {
    /// Check whether the process responds (/healthz) instead of whether it is ready for requests (/readyz).
    #[arg(long)]
    live: bool,
    /// The maximum time to wait for the response.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = clap::value_parser!(u64).range(1..=300))]
    timeout: u64,
    #[command(flatten)]
    run: RunArgs,
}

impl HealthArgs {
    /// Checks the server. Reads only the listen address from the configuration.
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        let Self { live, timeout, run } = self;
        let layers = Layers::read(run.config.config.as_deref(), run.config.options)?;
        let address = layers.merged().listen.unwrap_or(DEFAULT_LISTEN);
        let path = if live { "/healthz" } else { "/readyz" };
        let answer = ask(&address, path, Duration::from_secs(timeout));
        let answer = answer.map_err(|error| format!("{address} does not respond: {error}"))?;
        if run.json {
            output::print_json(&json!({ "status": answer.status, "reason": answer.reason }))?;
        } else if answer.is_healthy() {
            output::print(&format!("{}\n", answer.status))?;
        }
        if answer.is_healthy() {
            return Ok(());
        }
        let reason = answer.reason.unwrap_or_else(|| format!("HTTP status {}", answer.code));
        Err(format!("{address} is {}: {reason}", answer.status).into())
    }
}

/// The status that a server reports.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    #[serde(skip)]
    code: u16,
    pub(super) status: String,
    reason: Option<String>,
}

impl Answer {
    pub(super) fn is_healthy(&self) -> bool {
        self.code == 200
    }
}

/// Sends a request to the program that listens on an address. Never takes longer than `timeout`.
pub(super) fn ask(address: &ListenAddress, path: &str, timeout: Duration) -> io::Result<Answer> {
    let (sender, receiver) = mpsc::channel();
    let (address, path) = (address.clone(), path.to_owned());
    thread::spawn(move || sender.send(connect_and_ask(&address, &path, timeout)));
    let late = |_| io::Error::new(io::ErrorKind::TimedOut, "no response in time");
    receiver.recv_timeout(timeout).map_err(late)?
}

fn connect_and_ask(address: &ListenAddress, path: &str, timeout: Duration) -> io::Result<Answer> {
    match address {
        ListenAddress::Unix(socket) => unix(socket, path),
        ListenAddress::Tcp { port: 0, .. } => {
            Err(io::Error::other("the system chooses the port: set listen to a fixed port"))
        }
        ListenAddress::Tcp { host, port } => {
            let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
            for address in reachable(host, *port)? {
                match TcpStream::connect_timeout(&address, timeout) {
                    Ok(stream) => return exchange(stream, path),
                    Err(error) => last = error,
                }
            }
            Err(last)
        }
    }
}

fn unix(socket: &Path, path: &str) -> io::Result<Answer> {
    exchange(UnixStream::connect(socket)?, path)
}

/// Returns the addresses at which a server is reached from the same machine, also if it listens on all addresses.
fn reachable(host: &ListenHost, port: u16) -> io::Result<Vec<SocketAddr>> {
    let (v4, v6) = (IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST));
    let addresses = match host {
        ListenHost::Ip(address) if !address.is_unspecified() => vec![*address],
        ListenHost::Ip(IpAddr::V4(_)) => vec![v4],
        ListenHost::Ip(IpAddr::V6(_)) => vec![v6, v4],
        ListenHost::All => vec![v4, v6],
        ListenHost::Name(name) => return Ok((name.as_str(), port).to_socket_addrs()?.collect()),
    };
    Ok(addresses.into_iter().map(|address| (address, port).into()).collect())
}

fn exchange(mut stream: impl Read + Write, path: &str) -> io::Result<Answer> {
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\nuser-agent: doorward-health\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut response = Vec::new();
    stream.take(LONGEST).read_to_end(&mut response)?;
    parse(&String::from_utf8_lossy(&response))
        .ok_or_else(|| io::Error::other("the program that listens there is not doorward"))
}

fn parse(response: &str) -> Option<Answer> {
    let (head, body) = response.split_once("\r\n\r\n")?;
    let code = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let answer: Answer = serde_json::from_str(body).ok()?;
    Some(Answer { code, ..answer })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn response_of_another_program_is_rejected() {
        let ready = parse("HTTP/1.1 200 OK\r\nx: y\r\n\r\n{\"status\":\"ready\"}").unwrap();
        assert!(ready.is_healthy());
        let not =
            "HTTP/1.1 503 Service Unavailable\r\n\r\n{\"status\":\"not ready\",\"reason\":\"x\"}";
        assert!(!parse(not).unwrap().is_healthy());
        for other in
            ["", "HTTP/1.1 200 OK\r\n\r\nhello", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n{}"]
        {
            assert!(parse(other).is_none(), "{other}");
        }
    }

    #[test]
    fn server_on_all_addresses_is_checked_over_loopback() {
        let first = |host: &str| reachable(&host.parse().unwrap(), 80).unwrap()[0].to_string();
        assert_eq!(first("0.0.0.0"), "127.0.0.1:80");
        assert_eq!(first("[::]"), "[::1]:80");
        assert_eq!(first("*"), "127.0.0.1:80");
        assert_eq!(first("192.0.2.7"), "192.0.2.7:80");
    }
}
