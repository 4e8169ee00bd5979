//! Options of the log.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use super::{ConfigError, LogFormat, Options, error::value};

/// The default filter. Messages of the HTTP library about its own start and stop and about malformed requests are of no
/// use to operators.
const DEFAULT_LOG: &str = "info,actix_server=warn,actix_http=off";

pub(super) fn filter(options: &Options) -> Result<String, ConfigError> {
    let text = options.log_filter.clone().unwrap_or(DEFAULT_LOG.into());
    EnvFilter::try_new(&text).map_err(|error| value("log_filter", error))?;
    Ok(text)
}

pub(super) fn format(options: &Options) -> LogFormat {
    let default = || if io::stdout().is_terminal() { LogFormat::Pretty } else { LogFormat::Json };
    options.log_format.unwrap_or_else(default)
}
