//! Asks a server for the same thing again and again, and tells how often and how fast it was answered.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a measurement that fails is none, and its figures are read by a script"
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

/// How many people each connection asks for, where there are accounts.
const PEOPLE: u64 = 16;

/// Prints: requests a second, the median and the 99th percentile in milliseconds, and how many answers
/// were not 200.
#[derive(Parser)]
struct Arguments {
    /// What to ask for
    what: What,
    /// The server, as host:port
    #[arg(long)]
    server: String,
    /// Where accounts are made, if elsewhere
    #[arg(long)]
    accounts: Option<String>,
    /// How many requests are on their way at a time
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Spread over so many accounts, which are called bench1 and so on (else people are registered)
    #[arg(long)]
    among: Option<u64>,
    /// For how long
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

/// What one connection saw.
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
        let people = match (arguments.among, arguments.what) {
            (Some(among), _) => sign_in_as_some(accounts, among, client).await,
            // A session moves on with each refresh: each connection has one of its own.
            (None, What::Refresh) => vec![register(accounts).await],
            (None, _) => vec![shared.clone()],
        };
        clients.push((Connection::open(&arguments.server).await, people));
    }
    let began = Instant::now();
    let end = began + Duration::from_secs_f64(arguments.seconds);
    let all = join_all(
        clients
            .into_iter()
            .map(|(connection, people)| ask(arguments.what, connection, people, end)),
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

/// Makes an account, and answers what it was answered with.
async fn register(server: &str) -> Value {
    let mut person = new_person();
    let answer = Connection::open(server).await.post("/v1/auth/register", &person).await;
    person["access_token"] = answer["access_token"].clone();
    person["refresh_token"] = answer["refresh_token"].clone();
    person
}

/// Signs a connection's people in: others than any other connection's, and from all over the accounts.
async fn sign_in_as_some(server: &str, among: u64, client: usize) -> Vec<Value> {
    let mut connection = Connection::open(server).await;
    let mut people = Vec::new();
    for nth in 0..PEOPLE {
        let place = u64::try_from(client).unwrap() * PEOPLE + nth;
        // Neighbours are a large prime apart.
        let username = format!("bench{}", place * 7_368_787 % among + 1);
        let body = json!({ "username": username, "password": PASSWORD });
        let answer = connection.post("/v1/auth/login", &body).await;
        people.push(json!({
            "username": username,
            "access_token": answer["access_token"],
            "refresh_token": answer["refresh_token"],
        }));
    }
    people
}

/// Somebody whom no other run has made.
fn new_person() -> Value {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let name = format!("load-{}-{}", process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    json!({ "email": format!("{name}@example.com"), "username": name, "password": PASSWORD })
}

/// Asks for each of the people in turn.
async fn ask(what: What, mut connection: Connection, mut people: Vec<Value>, end: Instant) -> Seen {
    let mut seen = Seen { micros: Histogram::new(3).unwrap(), refused: 0 };
    let mut requests: Vec<_> =
        people.iter().map(|person| compose(what, &connection, person)).collect();
    for turn in (0..people.len()).cycle() {
        let (person, request) = (&mut people[turn], &mut requests[turn]);
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
            person["refresh_token"] = answer["refresh_token"].clone();
        }
        if let What::Refresh | What::Register = what {
            *request = compose(what, &connection, person);
        }
    }
    seen
}

fn compose(what: What, connection: &Connection, person: &Value) -> Vec<u8> {
    let text = |name: &str| person[name].as_str().unwrap();
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
        What::Register => post("/v1/auth/register", new_person()),
    }
}
