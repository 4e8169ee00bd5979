use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::{Config, ConfigError, LogFormat};

/// Sends log lines to standard output.
pub(crate) fn init(config: &Config) -> Result<(), ConfigError> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|error| ConfigError::Value { key: "log", problem: error.to_string() })?;
    // What is no HTTP is answered with 400, and is no error of ours.
    let filter = match "actix_http=off".parse() {
        Ok(directive) if !config.log.contains("actix_http") => filter.add_directive(directive),
        Ok(_) | Err(_) => filter,
    };
    let registry = tracing_subscriber::registry().with(filter);
    // An error means that somebody else has set up logging, as a test may.
    let _ = match config.log_format {
        LogFormat::Pretty => registry.with(fmt::layer().with_target(false)).try_init(),
        LogFormat::Json => {
            registry.with(fmt::layer().json().flatten_event(true).with_span_list(false)).try_init()
        }
    };
    Ok(())
}
