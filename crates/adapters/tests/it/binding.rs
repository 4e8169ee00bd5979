//! Channel binding of the password, if the certificate of a remote PostgreSQL proves nothing.

use std::{
    io,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::connecting::{acceptor, of};

/// "AuthenticationOk": the server accepts the role without a password.
const ACCEPTS: [u8; 9] = [b'R', 0, 0, 0, 8, 0, 0, 0, 0];
/// "AuthenticationCleartextPassword".
const ASKS_FOR_CLEARTEXT: [u8; 9] = [b'R', 0, 0, 0, 8, 0, 0, 0, 3];
/// "AuthenticationMD5Password".
const ASKS_FOR_MD5: [u8; 13] = [b'R', 0, 0, 0, 12, 0, 0, 0, 5, 1, 2, 3, 4];

/// "AuthenticationSASL".
fn offers(mechanisms: &[&str]) -> Vec<u8> {
    let names: String = mechanisms.iter().map(|name| format!("{name}\0")).collect();
    let length = u32::try_from(4 + 4 + names.len() + 1).unwrap();
    [b"R", &length.to_be_bytes()[..], &[0, 0, 0, 10], names.as_bytes(), b"\0"].concat()
}

/// The clients' responses to a server, in order.
type Heard = Arc<Mutex<Vec<Vec<u8>>>>;

/// Accepts one client over TLS with an untrusted certificate, and sends this authentication request.
async fn serve(mut client: TcpStream, authentication: Vec<u8>, heard: Heard) -> io::Result<()> {
    let mut request = [0; 8];
    client.read_exact(&mut request).await?;
    client.write_all(b"S").await?;
    let mut client = acceptor("self-signed").accept(client).await?;
    let length = usize::try_from(client.read_u32().await?).unwrap() - 4;
    client.read_exact(&mut vec![0; length]).await?;
    client.write_all(&authentication).await?;
    client.flush().await?;
    let _kind = client.read_u8().await?;
    let length = usize::try_from(client.read_u32().await?).unwrap() - 4;
    let mut response = vec![0; length];
    client.read_exact(&mut response).await?;
    // Recorded before the client sees the end of the connection.
    heard.lock().unwrap().push(response);
    Ok(())
}

/// Returns what a remote server receives from a client with this query in its URL, and the client's error.
async fn tried(query: &str, authentication: &[u8]) -> (Vec<Vec<u8>>, String, bool) {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Heard::default();
    let (all, authentication) = (heard.clone(), authentication.to_vec());
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(serve(client, authentication.clone(), all.clone()));
        }
    });
    let (said, may_pass) = of(&format!("postgres://ann:canary@0.0.0.0:{port}/auth?{query}")).await;
    let heard = heard.lock().unwrap().clone();
    (heard, said, may_pass)
}

/// Authentication requests of a machine-in-the-middle, which can't prove that it knows the password.
#[tokio::test]
async fn untrusted_remote_server_gets_no_response_without_channel_binding() {
    for authentication in
        [&ACCEPTS[..], &ASKS_FOR_CLEARTEXT, &ASKS_FOR_MD5, &offers(&["SCRAM-SHA-256"])]
    {
        for query in ["", "channel_binding=prefer", "channel_binding=require"] {
            let (heard, said, may_pass) = tried(query, authentication).await;
            assert!(heard.is_empty(), "{query}: {heard:?}");
            assert!(!may_pass && said.contains("add sslmode=require"), "{query}: {said}");
        }
    }
}

#[tokio::test]
async fn authentication_is_bound_to_an_untrusted_certificate() {
    for query in ["", "channel_binding=prefer", "channel_binding=require"] {
        let both = offers(&["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"]);
        let (heard, said, _) = tried(query, &both).await;
        let response = heard.first().map(|response| String::from_utf8_lossy(response));
        let response = response.unwrap_or_else(|| panic!("{query}: {said}"));
        assert!(response.starts_with("SCRAM-SHA-256-PLUS\0"), "{query}: {response}");
        assert!(response.contains("p=tls-server-end-point"), "{query}: {response}");
    }
}

/// Only the certificate can prove the server's identity then, so it is verified.
#[tokio::test]
async fn untrusted_remote_server_is_rejected_if_channel_binding_is_disabled() {
    let both = offers(&["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"]);
    for authentication in [&ACCEPTS[..], &ASKS_FOR_CLEARTEXT, &ASKS_FOR_MD5, &both] {
        let (heard, said, may_pass) = tried("channel_binding=disable", authentication).await;
        assert!(heard.is_empty(), "{heard:?}");
        assert!(!may_pass && said.contains("certificate of the database"), "{said}");
        assert!(said.contains("sslrootcert=/path/to/"), "{said}");
    }
}
