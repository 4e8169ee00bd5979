//! Runs the example: `cargo run -p doorward-example-notes`. See docs/embed/use-the-crates.md.

use std::{error::Error, net::TcpListener, path::Path};

use doorward_example_notes::{accounts, http};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "users of the example wait for this line")]
async fn main() -> Result<(), Box<dyn Error>> {
    let accounts = accounts::open(Path::new("notes-data"), "http://127.0.0.1:8090").await?;
    tokio::spawn(accounts::work(accounts.clone()));
    let listener = TcpListener::bind("127.0.0.1:8090")?;
    println!("listens on http://{}", listener.local_addr()?);
    Ok(http::server(accounts, listener)?.await?)
}
