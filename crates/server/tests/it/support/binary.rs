use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

/// The binary, with no environment variables except those that the test sets.
pub(crate) fn doorward(folder: &Path) -> Command {
    #[expect(clippy::disallowed_methods, reason = "the test runs the binary")]
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorward"));
    command
        .current_dir(folder)
        .env_clear()
        .env("DOORWARD_LISTEN", "127.0.0.1:0")
        .env("DOORWARD_PASSWORDS_ARGON2_MEMORY_KIB", "64")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

pub(crate) fn refused(command: &mut Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    assert_eq!(status.code(), Some(1));
    String::from_utf8(stderr).unwrap()
}

pub(crate) fn terminate(child: &Child) {
    kill_process(Pid::from_child(child), Signal::TERM).unwrap();
}

/// A server that is listening.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) log: BufReader<std::process::ChildStdout>,
    /// The log output before the server listened.
    pub(crate) seen: String,
    pub(crate) url: String,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        #[expect(clippy::zombie_processes, reason = "the process ends with the failed test")]
        let mut child = command.spawn().unwrap();
        let mut log = BufReader::new(child.stdout.take().unwrap());
        let mut seen = String::new();
        loop {
            let mut line = String::new();
            assert!(log.read_line(&mut line).unwrap() > 0, "the server exited: {seen}");
            if let Some((_, rest)) = line.split_once("listens on ") {
                let url = rest.split_whitespace().next().unwrap().to_owned();
                return Self { child, log, seen, url };
            }
            seen.push_str(&line);
        }
    }

    pub(crate) fn stop(mut self) -> String {
        terminate(&self.child);
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success(), "{rest}");
        rest
    }
}
