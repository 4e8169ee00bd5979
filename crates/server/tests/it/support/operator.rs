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

/// What an operator's command came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
    pub(crate) complained: String,
}

impl Ran {
    /// What a success said.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!((self.code, self.complained.as_str()), (Some(0), ""), "{}", self.said);
        self.said
    }

    /// What a refusal said. Nothing goes where answers go.
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
    /// A server whose secret the command line knows as well, and whose clock is right: the command line has
    /// no other.
    pub(crate) async fn start_beside_operators(backend: Backend) -> Self {
        let options = Options { secret: Some(SECRET.parse().unwrap()), ..Options::default() };
        let app = Self::start_with(backend, options).await;
        app.catch_up();
        app
    }

    fn catch_up(&self) {
        self.advance(SystemClock.now() - self.state.ports.clock.now());
    }

    /// Runs a command beside the server.
    pub(crate) fn operate(&self, arguments: &[&str]) -> Ran {
        self.operate_with(arguments, "")
    }

    /// As [`TestApp::operate`], with this on standard input.
    pub(crate) fn operate_with(&self, arguments: &[&str], input: &str) -> Ran {
        let folder = tempfile::TempDir::new().unwrap();
        let mut command = doorward(folder.path());
        command
            .args(arguments)
            .env("DOORWARD_DATABASE_URL", self.database.url_text())
            .env("DOORWARD_SECRET", SECRET)
            .stdin(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that asks for nothing may be gone before.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        // What the command has done is to be in the past.
        self.catch_up();
        let text = |octets| String::from_utf8(octets).unwrap();
        Ran { code: status.code(), said: text(stdout), complained: text(stderr) }
    }
}
