use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, filter_fn},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::{
    config::{Config, ConfigError, LogFormat},
    observability::telemetry::{Telemetry, is_for_lines},
};

/// Sets up logging to standard output, and trace export if there is a collector.
pub(crate) fn init(config: &Config, telemetry: Option<&Telemetry>) -> Result<(), ConfigError> {
    let filter = EnvFilter::try_new(&config.log_filter)
        .map_err(|error| ConfigError::Value { key: "log_filter", problem: error.to_string() })?;
    // Malformed HTTP gets a 400, which is not an error of this server.
    let filter = match "actix_http=off".parse() {
        Ok(directive) if !config.log_filter.contains("actix_http") => {
            filter.add_directive(directive)
        }
        Ok(_) | Err(_) => filter,
    };
    // Log lines only have the span of their request. The other spans are for traces.
    let filter = filter.and(filter_fn(|it| it.is_event() || is_for_lines(it)));
    let registry = tracing_subscriber::registry().with(telemetry.map(Telemetry::layer));
    // Lines are dropped if the output is closed. Reporting that to standard error would panic if it is closed, too.
    // An error means that logging is already set up, for example by a test.
    let _ = match config.log_format {
        LogFormat::Pretty => registry
            .with(fmt::layer().with_target(false).log_internal_errors(false).with_filter(filter))
            .try_init(),
        LogFormat::Json => {
            let lines = fmt::layer()
                .log_internal_errors(false)
                .json()
                .flatten_event(true)
                .with_span_list(false);
            registry.with(lines.with_filter(filter)).try_init()
        }
    };
    Ok(())
}
