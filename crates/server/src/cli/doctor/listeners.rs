//! Checks of the addresses that a server would listen on.

use std::{io, path::Path, time::Duration};

use super::step::Step;
use crate::{
    cli::health,
    config::{Config, ListenAddress},
    data_dir,
    http::listener,
    serve,
};

/// The maximum time to wait for a program that already listens on an address to identify itself.
const PATIENCE: Duration = Duration::from_secs(2);

/// Binds all addresses at the same time, as a starting server does, and releases them.
pub(super) fn steps(config: &Config) -> Vec<Step> {
    let api = ("listen", "DOORWARD_LISTEN", Some(&config.listen));
    let metrics = ("metrics", "DOORWARD_METRICS_LISTEN", config.metrics_listen.as_ref());
    let mut open = Vec::new();
    let mut steps = Vec::new();
    for (what, option, address) in [api, metrics] {
        let Some(address) = address else { continue };
        if let ListenAddress::Unix(path) = address {
            steps.push(socket(what, config, address, path));
            continue;
        }
        steps.push(match serve::bind(config, address, option) {
            Ok(listener) => {
                open.push(listener);
                Step::good(what, format!("{address} is free"))
            }
            Err(serve::ServeError::Listen { source, .. })
                if source.kind() == io::ErrorKind::AddrInUse && is_ours(config, address) =>
            {
                Step::good(what, format!("{address}: in use by a running doorward"))
            }
            Err(error) => Step::failed(what, &error),
        });
    }
    steps
}

/// Checks whether a socket can be created, without creating it.
fn socket(what: &'static str, config: &Config, address: &ListenAddress, path: &Path) -> Step {
    match listener::is_live(path) {
        Ok(true) if is_ours(config, address) => {
            return Step::good(what, format!("{address}: in use by a running doorward"));
        }
        Ok(true) => {
            return Step::failed_with(
                what,
                format!(
                    "{address}: another program listens there: stop it, or choose another address"
                ),
            );
        }
        Err(error) => {
            let advice = listener::advice(&error);
            return Step::failed_with(what, format!("{address}: {error}: {advice}"));
        }
        Ok(false) => {}
    }
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match data_dir::can_create_in(folder) {
        Ok(()) => Step::good(what, format!("{address} can be created")),
        Err(error) => {
            let advice = listener::advice(&error);
            let words =
                format!("{address} can't be created: {}: {error}: {advice}", folder.display());
            Step::failed_with(what, words)
        }
    }
}

/// Returns `true` if the program that listens on an address is a Doorward, most likely one that runs with this
/// configuration.
fn is_ours(config: &Config, address: &ListenAddress) -> bool {
    // The metrics endpoint doesn't identify itself, so it is assumed to belong to the running server.
    let is_metrics = *address != config.listen && config.metrics_listen.as_ref() == Some(address);
    let asked = if is_metrics { &config.listen } else { address };
    health::ask(asked, "/healthz", PATIENCE).is_ok()
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        os::unix::net::UnixListener,
        thread,
    };

    use super::*;

    /// Responds to one request as `/healthz` does, and then to none.
    fn respond_once(api: UnixListener) {
        thread::spawn(move || {
            let body = r#"{"status":"alive"}"#;
            for stream in api.incoming() {
                let mut stream = stream.unwrap();
                // A connection that is closed without a request is the check of the socket.
                if stream.read(&mut [0; 1024]).unwrap() > 0 {
                    stream.write_all(format!("HTTP/1.1 200 OK\r\n\r\n{body}").as_bytes()).unwrap();
                    return;
                }
            }
        });
    }

    #[test]
    fn metrics_socket_of_a_running_server_is_recognized_by_its_api() {
        let folder = tempfile::TempDir::new().unwrap();
        let (api, metrics) = (folder.path().join("api"), folder.path().join("metrics"));
        let toml = format!(
            "listen = 'unix:{}'\nmetrics_listen = 'unix:{}'\npublic_url = 'https://a.example'",
            api.display(),
            metrics.display()
        );
        let config = Config::new(toml::from_str(&toml).unwrap()).unwrap();
        let address = config.metrics_listen.clone().unwrap();
        let _metrics = UnixListener::bind(&metrics).unwrap();
        // Without an API, it belongs to another program.
        assert!(socket("metrics", &config, &address, &metrics).is_failed());
        respond_once(UnixListener::bind(&api).unwrap());
        let step = socket("metrics", &config, &address, &metrics);
        assert!(!step.is_failed(), "{}", step.as_json());
    }
}
