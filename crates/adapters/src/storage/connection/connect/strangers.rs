//! Detects a different service at the configured address, such as a web server, another database, or SSH.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::failure::{Failure, NOT_DIRECT, NOT_POSTGRES};
use crate::storage::url::{Endpoint, Place};

/// The time limit of each response.
const PATIENCE: Duration = Duration::from_millis(500);

/// Requests TLS in PostgreSQL's protocol ("SSLRequest" in "Message Formats").
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// Explains a failure by how the server responds to a request for TLS. The server might not be PostgreSQL, or it might
/// be a PostgreSQL that closed the connection because TLS started without that request (`is_direct`).
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
        // Most other services wait for the end of a line.
        Err(_silent) => {
            stream.write_all(b"\r\n\r\n").await.ok()?;
            stream.read(&mut said).await.ok()?
        }
    };
    said.get(..length).map(<[u8]>::to_vec)
}

/// Returns `true` unless the response is PostgreSQL's: the single byte `S` or `N`, or `E` before an error.
fn is_foreign(said: &[u8]) -> bool {
    match said {
        [] | [b'S' | b'N'] | [b'E', ..] => false,
        [..] => true,
    }
}
