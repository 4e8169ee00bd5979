use std::{
    io::Write,
    process::{Output, Stdio},
};

use doorward_adapters::system::SystemClock;
use doorward_domain::ports::Clock;
use doorward_server::config::Options;
use serde_json::Value;

use super::{Backend, TestApp, doorward};

const SECRET: &str = "a secret of thirty-two characters";

/// The result of a command line.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
    pub(crate) complained: String,
}

impl Ran {
    /// Returns the standard output of a successful command; panics if it failed.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!((self.code, self.complained.as_str()), (Some(0), ""), "{}", self.said);
        self.said
    }

    /// Returns the standard error of a failed command, which must not write to standard output.
    #[track_caller]
    pub(crate) fn refused(self) -> String {
        assert_eq!((self.code, self.said.as_str()), (Some(1), ""), "{}", self.complained);
        self.complained
    }

    #[track_caller]
    pub(crate) fn json(self) -> Value {
        serde_json::from_str(&self.done()).unwrap()
    }
}

impl TestApp {
    /// Starts a server that shares its secret with the command line, and whose clock shows the real time, as the
    /// command line's does.
    pub(crate) async fn start_beside_operators(backend: Backend) -> Self {
        let options = Options { master_key: Some(SECRET.parse().unwrap()), ..Options::default() };
        let app = Self::start_with(backend, options).await;
        app.catch_up();
        app
    }

    fn catch_up(&self) {
        self.advance(SystemClock.now() - self.state.ports.clock.now());
    }

    /// Runs a command on the server's database.
    pub(crate) fn operate(&self, arguments: &[&str]) -> Ran {
        self.operate_with(arguments, "")
    }

    /// Like [`TestApp::operate`], with text on standard input.
    pub(crate) fn operate_with(&self, arguments: &[&str], input: &str) -> Ran {
        let folder = tempfile::TempDir::new().unwrap();
        let mut command = doorward(folder.path());
        command
            .args(arguments)
            .env("DOORWARD_DATABASE_URL", self.database.url_text())
            .env("DOORWARD_MASTER_KEY", SECRET)
            .stdin(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that reads no input may have exited already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        // Everything that the command did must be in the past.
        self.catch_up();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: status.code(), said: text(stdout), complained: text(stderr) }
    }
}
