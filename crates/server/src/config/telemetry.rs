//! Options of traces.

use url::Url;

use super::{
    ConfigError, Options,
    error::{value, within},
};
use crate::observability::telemetry::TelemetryOptions;

/// Returns the options of traces. The default path of the endpoint is the standard path of OTLP for traces.
pub(super) fn telemetry(options: &Options) -> Result<Option<TelemetryOptions>, ConfigError> {
    let ratio = within("otlp_sample_ratio", options.otlp_sample_ratio, 0.0..=1.0)?;
    let Some(text) = &options.otlp_endpoint else { return Ok(None) };
    let problem = "it must be an http:// or https:// URL without a password";
    let usable = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.password().is_none()
            && url.username().is_empty()
    };
    let url = Url::parse(text).ok().filter(usable);
    let mut endpoint = url.ok_or_else(|| value("otlp_endpoint", problem))?;
    if endpoint.path() == "/" {
        endpoint.set_path("/v1/traces");
    }
    Ok(Some(TelemetryOptions {
        endpoint,
        service_name: options.otlp_service_name.clone().unwrap_or("doorward".into()),
        sample_ratio: ratio.unwrap_or(1.0),
    }))
}
