use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, filter_fn},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::{
    config::{Config, ConfigError, LogFormat},
    telemetry::{Telemetry, is_for_lines},
};

/// Sends log lines to standard output, and spans to a collector if there is one.
pub(crate) fn init(config: &Config, telemetry: Option<&Telemetry>) -> Result<(), ConfigError> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|error| ConfigError::Value { key: "log", problem: error.to_string() })?;
    // What is no HTTP is answered with 400, and is no error of ours.
    let filter = match "actix_http=off".parse() {
        Ok(directive) if !config.log.contains("actix_http") => filter.add_directive(directive),
        Ok(_) | Err(_) => filter,
    };
    // Of spans, lines have that of their request; the others are for traces.
    let filter = filter.and(filter_fn(|it| it.is_event() || is_for_lines(it)));
    let registry = tracing_subscriber::registry().with(telemetry.map(Telemetry::layer));
    // Where nothing reads the output any more, lines are dropped: reporting that to standard error, which may be
    // closed as well, would panic.
    // An error means that somebody else has set up logging, as a test may.
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
