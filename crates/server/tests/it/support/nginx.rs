use std::{
    path::PathBuf,
    process::{Child, Command},
    time::{Duration, Instant},
};

use doorward_testing::PATIENCE;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};

/// A local reverse proxy that listens on a Unix socket.
pub(crate) struct Nginx {
    child: Child,
    socket: PathBuf,
    _folder: TempDir,
}

impl Nginx {
    /// Starts nginx with these directives in its `location` block.
    pub(crate) async fn start(location: &str) -> Self {
        let folder = TempDir::with_prefix("doorward-nginx-").unwrap();
        let (path, socket) = (folder.path().display(), folder.path().join("nginx.sock"));
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let temporary = temporary.map(|kind| format!("{kind}_temp_path {path}/{kind};"));
        let configuration = format!(
            "daemon off; master_process off; pid {path}/pid; error_log {path}/errors; events {{}}
             http {{ access_log off; {} server {{ listen unix:{}; location / {{ {location} }} }} }}",
            temporary.join(" "),
            socket.display(),
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, configuration).unwrap();
        #[expect(clippy::disallowed_methods, reason = "nginx runs beside the server")]
        let mut command = Command::new("nginx");
        command.arg("-p").arg(folder.path()).arg("-c").arg(&file);
        command.arg("-e").arg(folder.path().join("errors")).env("PATH", "/usr/sbin:/usr/bin");
        let child = command.spawn().unwrap();
        let started = Self { child, socket, _folder: folder };
        let deadline = Instant::now() + PATIENCE;
        while UnixStream::connect(&started.socket).await.is_err() {
            assert!(Instant::now() < deadline, "nginx did not start");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        started
    }

    /// Sends a request and returns the whole response.
    pub(crate) async fn get(&self, path: &str, host: &str) -> String {
        let mut client = UnixStream::connect(&self.socket).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        client.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        client.read_to_string(&mut response).await.unwrap();
        response
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
