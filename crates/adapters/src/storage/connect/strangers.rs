//! What listens where PostgreSQL was expected: a web server, another database, SSH.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::failure::{Failure, NOT_DIRECT, NOT_POSTGRES};
use crate::storage::url::{Endpoint, Place};

/// How long it may take to say something, each time.
const PATIENCE: Duration = Duration::from_millis(500);

/// Asks for TLS as PostgreSQL's protocol has it ("SSLRequest" in "Message Formats").
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// Explains a failure by what the other side responds to a request for TLS: it may not be PostgreSQL, or it may be one
/// that closed the connection because TLS began without that request (`is_direct`).
pub(super) async fn explain(failure: Failure, endpoint: &Endpoint, is_direct: bool) -> Failure {
    match timeout(PATIENCE * 3, first_bytes(endpoint)).await {
        Ok(Some(said)) if is_foreign(&said) => Failure::mistake(NOT_POSTGRES),
        Ok(Some(said)) if is_direct && matches!(*said, [b'S' | b'N']) => {
            Failure::mistake(NOT_DIRECT)
        }
        _ => failure,
    }
}

async fn first_bytes(endpoint: &Endpoint) -> Option<Vec<u8>> {
    let Place::Host(name) = &endpoint.place else { return None };
    let host = endpoint.address.map_or_else(|| name.clone(), |address| address.to_string());
    let mut stream = TcpStream::connect((host.as_str(), endpoint.port)).await.ok()?;
    stream.write_all(&SSL_REQUEST).await.ok()?;
    let mut said = [0; 8];
    let length = match timeout(PATIENCE, stream.read(&mut said)).await {
        Ok(length) => length.ok()?,
        // Most others wait for the end of a line.
        Err(_silent) => {
            stream.write_all(b"\r\n\r\n").await.ok()?;
            stream.read(&mut said).await.ok()?
        }
    };
    said.get(..length).map(<[u8]>::to_vec)
}

/// PostgreSQL says one letter: `S` or `N`, or `E` before an error.
fn is_foreign(said: &[u8]) -> bool {
    match said {
        [] | [b'S' | b'N'] | [b'E', ..] => false,
        [..] => true,
    }
}
