//! A client with minimal overhead, since it runs on the machine that it measures.

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// An HTTP/1.1 connection that sends one request at a time.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    host: String,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects to `host:port`.
    ///
    /// # Panics
    /// Panics if the connection fails.
    pub async fn open(host: &str) -> Self {
        let stream = TcpStream::connect(host).await.expect("the server listens");
        stream.set_nodelay(true).unwrap();
        Self { stream, host: host.to_owned(), buffer: Vec::with_capacity(16 * 1024) }
    }

    /// Returns the bytes of a request.
    pub fn request(&self, method: &str, path: &str, token: Option<&str>, body: &str) -> Vec<u8> {
        let bearer = token.map(|token| format!("authorization: Bearer {token}\r\n"));
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\n{}content-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.host,
            bearer.unwrap_or_default(),
            body.len(),
        )
        .into_bytes()
    }

    /// Sends a request, and returns the status and the body.
    ///
    /// # Panics
    /// Panics if the response is not HTTP/1.1 with a `Content-Length`.
    pub async fn send(&mut self, request: &[u8]) -> (u16, &[u8]) {
        self.stream.write_all(request).await.unwrap();
        self.buffer.clear();
        let head = loop {
            assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "connection closed");
            if let Some(at) = self.buffer.windows(4).position(|end| end == b"\r\n\r\n") {
                break at + 4;
            }
        };
        let text = std::str::from_utf8(self.buffer.get(..head).unwrap()).unwrap();
        let status = text.get(9..12).unwrap().parse().unwrap();
        let length = text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>())
        });
        let end = head + length.expect("the response has a length").unwrap();
        while self.buffer.len() < end {
            assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "connection closed");
        }
        (status, self.buffer.get(head..end).unwrap())
    }

    /// Posts JSON, and returns the JSON response.
    ///
    /// # Panics
    /// Panics if the request fails.
    pub async fn post(&mut self, path: &str, body: &Value) -> Value {
        let request = self.request("POST", path, None, &body.to_string());
        let (status, answer) = self.send(&request).await;
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(answer));
        serde_json::from_slice(answer).unwrap()
    }

    /// Gets JSON.
    ///
    /// # Panics
    /// Panics if the request fails.
    pub async fn get(&mut self, path: &str) -> Value {
        let request = self.request("GET", path, None, "");
        let (status, answer) = self.send(&request).await;
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(answer));
        serde_json::from_slice(answer).unwrap()
    }
}
