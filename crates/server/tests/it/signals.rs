//! Signals from supervisors and terminals, and log collectors that stop reading.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Child,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::{Running, doorward};

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

/// A request with an incomplete body, in flight until the rest is sent.
struct InFlight(TcpStream);

impl InFlight {
    fn begin(server: &Running) -> Self {
        let mut stream = TcpStream::connect(server.url.replace("http://", "")).unwrap();
        let head = "POST /v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             expect: 100-continue\r\ncontent-length: 36\r\nconnection: close\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        // `100 Continue` shows that the server is processing the request.
        let mut line = String::new();
        BufReader::new(stream.try_clone().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("HTTP/1.1 100"), "{line}");
        Self(stream)
    }

    fn complete(mut self) -> String {
        // A server that was aborted has closed the connection.
        let _ = self.0.write_all(br#"{"username":"ann","password":"xxxx"}"#);
        let mut response = String::new();
        let _ = self.0.read_to_string(&mut response);
        response
    }
}

/// Reads the log up to a line that contains `part`.
fn wait_for(server: &mut Running, part: &str) -> String {
    let mut seen = String::new();
    while !seen.contains(part) {
        assert!(server.log.read_line(&mut seen).unwrap() > 0, "{part}: {seen}");
    }
    seen
}

fn healthy(server: &Running) -> bool {
    let mut stream = TcpStream::connect(server.url.replace("http://", "")).unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response.starts_with("HTTP/1.1 200")
}

#[test]
fn hangup_and_user_signals_are_logged_and_ignored() {
    let folder = TempDir::new().unwrap();
    let mut running = Running::start(doorward(folder.path()));
    let request = InFlight::begin(&running);
    for (signal, name) in
        [(Signal::HUP, "SIGHUP"), (Signal::USR1, "SIGUSR1"), (Signal::USR2, "SIGUSR2")]
    {
        send(&running.child, signal);
        let line = wait_for(&mut running, name);
        assert!(line.contains("restart the server"), "{line}");
    }
    send(&running.child, Signal::PIPE);
    assert!(request.complete().contains("HTTP/1.1 401"));
    assert!(healthy(&running));
    running.stop();
}

#[test]
fn requests_in_flight_complete_after_every_stop_signal() {
    for signal in [Signal::TERM, Signal::INT, Signal::QUIT] {
        let folder = TempDir::new().unwrap();
        let mut running = Running::start(doorward(folder.path()));
        let request = InFlight::begin(&running);
        send(&running.child, signal);
        wait_for(&mut running, "stopping");
        assert!(request.complete().contains("HTTP/1.1 401"), "{signal:?}");
        assert!(running.child.wait().unwrap().success(), "{signal:?}");
    }
}

#[test]
fn second_stop_signal_aborts_at_once() {
    let folder = TempDir::new().unwrap();
    let mut running = Running::start(doorward(folder.path()));
    let _request = InFlight::begin(&running);
    send(&running.child, Signal::TERM);
    wait_for(&mut running, "stopping");
    send(&running.child, Signal::QUIT);
    assert_eq!(running.child.wait().unwrap().code(), Some(1));
}

#[test]
fn stop_signal_repeated_within_a_second_counts_once() {
    let folder = TempDir::new().unwrap();
    // Repeat if the machine is too busy to send both signals in time.
    let sent_in_time = (0..20).any(|_| {
        let mut running = Running::start(doorward(folder.path()));
        let request = InFlight::begin(&running);
        let start = Instant::now();
        send(&running.child, Signal::TERM);
        wait_for(&mut running, "stopping");
        send(&running.child, Signal::TERM);
        let response = request.complete();
        let is_in_time = start.elapsed() < Duration::from_millis(900);
        let status = running.child.wait().unwrap();
        assert!(!is_in_time || status.success() && response.contains("HTTP/1.1 401"), "{status}");
        is_in_time
    });
    assert!(sent_in_time);
}

#[test]
fn start_that_waits_for_the_database_stops_at_once() {
    for signal in [Signal::TERM, Signal::INT, Signal::QUIT] {
        let folder = TempDir::new().unwrap();
        let mut command = doorward(folder.path());
        command.env("DOORWARD_DATABASE_URL", "postgres://ann:x@127.0.0.1:1/auth");
        let mut child = command.spawn().unwrap();
        let mut log = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        log.read_line(&mut line).unwrap();
        send(&child, Signal::HUP);
        send(&child, signal);
        let status = child.wait().unwrap();
        log.read_to_string(&mut line).unwrap();
        assert!(status.success() && line.contains("stopped during startup"), "{line}");
    }
}

#[test]
fn server_keeps_running_when_its_log_is_no_longer_read() {
    let folder = TempDir::new().unwrap();
    let mut command = doorward(folder.path());
    command.env("DOORWARD_LOG_FILTER", "debug");
    let mut running = Running::start(command);
    drop(running.child.stderr.take());
    // The log collector exits: from now on, the server's writes fail.
    running.log = BufReader::new(closed_output());
    for _ in 0..3 {
        assert!(healthy(&running));
    }
    send(&running.child, Signal::TERM);
    assert!(running.child.wait().unwrap().success());
}

/// Returns the output of a process that has exited, to replace the one that is dropped.
fn closed_output() -> std::process::ChildStdout {
    let mut child = doorward(std::path::Path::new("/")).arg("openapi").spawn().unwrap();
    let output = child.stdout.take().unwrap();
    drop(child.stderr.take());
    let _ = child.kill();
    child.wait().unwrap();
    output
}
