//! The addresses that a server would listen on.

use std::{io, path::Path, time::Duration};

use super::step::Step;
use crate::{
    cli::health,
    config::{Config, ListenAddress},
    listener, serve,
};

/// How long a server that is there already may take to say what it is.
const PATIENCE: Duration = Duration::from_secs(2);

/// Opens the addresses together, as a start does, and closes them.
pub(super) fn steps(config: &Config) -> Vec<Step> {
    let api = ("listen", "DOORWARD_LISTEN", Some(&config.listen));
    let metrics = ("metrics", "DOORWARD_METRICS_LISTEN", config.metrics_listen.as_ref());
    let mut open = Vec::new();
    let mut steps = Vec::new();
    for (what, option, address) in [api, metrics] {
        let Some(address) = address else { continue };
        if let ListenAddress::Unix(path) = address {
            steps.push(socket(what, address, path));
            continue;
        }
        steps.push(match serve::bind(config, address, option) {
            Ok(listener) => {
                open.push(listener);
                Step::good(what, format!("{address} is free"))
            }
            Err(serve::ServeError::Listen { source, .. }) if is_ours(config, address, &source) => {
                Step::good(what, format!("{address}: a doorward is running there"))
            }
            Err(error) => Step::failed(what, &error),
        });
    }
    steps
}

/// Finds out what would keep a socket from being created, without creating it.
fn socket(what: &'static str, address: &ListenAddress, path: &Path) -> Step {
    match listener::is_live(path) {
        Ok(true) if health::ask(address, "/healthz", PATIENCE).is_ok() => {
            return Step::good(what, format!("{address}: a doorward is running there"));
        }
        Ok(true) => {
            return Step::failed_with(what, format!("{address}: another program listens there"));
        }
        Err(error) => return Step::failed_with(what, format!("{address}: {error}")),
        Ok(false) => {}
    }
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let access = rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
    match rustix::fs::access(folder, access) {
        Ok(()) => Step::good(what, format!("{address} can be created")),
        Err(error) => {
            let words = format!("{address} can't be created: {}: {error}", folder.display());
            Step::failed_with(what, words)
        }
    }
}

/// Returns `true` if what is in the way is a Doorward: one that runs with this configuration, as likely as not.
fn is_ours(config: &Config, address: &ListenAddress, error: &io::Error) -> bool {
    if error.kind() != io::ErrorKind::AddrInUse {
        return false;
    }
    // The endpoint of metrics does not say what it is: it is taken for that of the server that runs.
    *address == config.listen && health::ask(address, "/healthz", PATIENCE).is_ok()
        || config.metrics_listen.as_ref() == Some(address)
            && *address != config.listen
            && health::ask(&config.listen, "/healthz", PATIENCE).is_ok()
}
