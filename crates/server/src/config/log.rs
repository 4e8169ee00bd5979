//! Which log lines are written, and how.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use super::{ConfigError, LogFormat, Options, check::value};

/// What the HTTP library says of its own start and stop, and of what strangers send it, is of no use
/// to operators.
const DEFAULT_LOG: &str = "info,actix_server=warn,actix_http=off";

pub(super) fn filter(options: &Options) -> Result<String, ConfigError> {
    let text = options.log.clone().unwrap_or(DEFAULT_LOG.into());
    EnvFilter::try_new(&text).map_err(|error| value("log", error))?;
    Ok(text)
}

pub(super) fn format(options: &Options) -> LogFormat {
    let default = || if io::stdout().is_terminal() { LogFormat::Pretty } else { LogFormat::Json };
    options.log_format.unwrap_or_else(default)
}
