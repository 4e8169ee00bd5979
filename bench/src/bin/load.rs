//! Repeats a request to a server, and prints the rate and the latency of the responses.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a failed measurement is useless, and a script reads the figures"
)]

use std::{
    process,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use clap::{Parser, ValueEnum};
use doorward_bench::Connection;
use futures::future::join_all;
use hdrhistogram::Histogram;
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery";

/// The number of users per connection, if there are accounts.
const USERS: u64 = 16;

/// Prints the number of requests per second, the median and the 99th percentile in milliseconds, and the number of
/// responses other than 200.
#[derive(Parser)]
struct Arguments {
    /// Request to send
    what: What,
    /// Server, as host:port
    #[arg(long)]
    server: String,
    /// Server on which to create accounts, if it is another one
    #[arg(long)]
    accounts: Option<String>,
    /// Number of concurrent requests
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Spread requests over this many accounts, named bench1 and so on (default: register new users)
    #[arg(long)]
    among: Option<u64>,
    /// Duration in seconds
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    Healthz,
    Me,
    Refresh,
    Login,
    Register,
}

/// The results of one connection.
struct Seen {
    micros: Histogram<u64>,
    refused: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments = Arguments::parse();
    let accounts = arguments.accounts.as_ref().unwrap_or(&arguments.server);
    let mut clients = Vec::new();
    let shared = register(accounts).await;
    for client in 0..arguments.connections {
        let users = match (arguments.among, arguments.what) {
            (Some(among), _) => sign_in_users(accounts, among, client).await,
            // Each refresh rotates a session, so each connection has its own.
            (None, What::Refresh) => vec![register(accounts).await],
            (None, _) => vec![shared.clone()],
        };
        clients.push((Connection::open(&arguments.server).await, users));
    }
    let began = Instant::now();
    let end = began + Duration::from_secs_f64(arguments.seconds);
    let all = join_all(
        clients.into_iter().map(|(connection, users)| ask(arguments.what, connection, users, end)),
    );
    let all = all.await;
    let seconds = began.elapsed().as_secs_f64();
    let mut micros = Histogram::<u64>::new(3).unwrap();
    all.iter().for_each(|seen| micros.add(&seen.micros).unwrap());
    let refused: u64 = all.iter().map(|seen| seen.refused).sum();
    #[expect(clippy::cast_precision_loss, reason = "there are fewer requests than that")]
    let (rate, milliseconds) =
        (micros.len() as f64 / seconds, |quantile| micros.value_at_quantile(quantile) as f64 / 1e3);
    println!("{rate:.1} {:.2} {:.2} {refused}", milliseconds(0.5), milliseconds(0.99));
}

/// Registers a user, and returns it together with its tokens.
async fn register(server: &str) -> Value {
    let mut user = new_user();
    let answer = Connection::open(server).await.post("/v1/auth/register", &user).await;
    user["access_token"] = answer["access_token"].clone();
    user["refresh_token"] = answer["refresh_token"].clone();
    user
}

/// Signs in the users of one connection: different ones for each connection, spread over all accounts.
async fn sign_in_users(server: &str, among: u64, client: usize) -> Vec<Value> {
    let mut connection = Connection::open(server).await;
    let mut users = Vec::new();
    for nth in 0..USERS {
        let place = u64::try_from(client).unwrap() * USERS + nth;
        // Consecutive users are a large prime apart.
        let username = format!("bench{}", place * 7_368_787 % among + 1);
        let body = json!({ "username": username, "password": PASSWORD });
        let answer = connection.post("/v1/auth/login", &body).await;
        users.push(json!({
            "username": username,
            "access_token": answer["access_token"],
            "refresh_token": answer["refresh_token"],
        }));
    }
    users
}

/// Returns a user that no other run has created.
fn new_user() -> Value {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let name = format!("load-{}-{}", process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    json!({ "email": format!("{name}@example.com"), "username": name, "password": PASSWORD })
}

/// Sends the request for each of the users in turn.
async fn ask(what: What, mut connection: Connection, mut users: Vec<Value>, end: Instant) -> Seen {
    let mut seen = Seen { micros: Histogram::new(3).unwrap(), refused: 0 };
    let mut requests: Vec<_> = users.iter().map(|user| compose(what, &connection, user)).collect();
    for turn in (0..users.len()).cycle() {
        let (user, request) = (&mut users[turn], &mut requests[turn]);
        if Instant::now() >= end {
            break;
        }
        let sent = Instant::now();
        let (status, body) = connection.send(request).await;
        seen.micros.record(u64::try_from(sent.elapsed().as_micros()).unwrap()).unwrap();
        if status != 200 {
            seen.refused += 1;
        } else if let What::Refresh = what {
            let answer: Value = serde_json::from_slice(body).unwrap();
            user["refresh_token"] = answer["refresh_token"].clone();
        }
        if let What::Refresh | What::Register = what {
            *request = compose(what, &connection, user);
        }
    }
    seen
}

fn compose(what: What, connection: &Connection, user: &Value) -> Vec<u8> {
    let text = |name: &str| user[name].as_str().unwrap();
    let post = |path, body: Value| connection.request("POST", path, None, &body.to_string());
    match what {
        What::Healthz => connection.request("GET", "/healthz", None, ""),
        What::Me => connection.request("GET", "/v1/auth/me", Some(text("access_token")), ""),
        What::Refresh => {
            post("/v1/auth/refresh", json!({ "refresh_token": text("refresh_token") }))
        }
        What::Login => {
            let body = json!({ "username": text("username"), "password": PASSWORD });
            post("/v1/auth/login", body)
        }
        What::Register => post("/v1/auth/register", new_user()),
    }
}
