//! The URLs at which users reach the server and its front end.

use doorward_domain::mail::PublicUrl;

use super::{ConfigError, ListenAddress, Options};

/// Returns the public URL. The default is the URL of the listen address, if only this machine can reach it.
pub(super) fn public_url(
    listen: &ListenAddress,
    text: Option<&str>,
) -> Result<PublicUrl, ConfigError> {
    match text {
        Some(text) => parse("public_url", text),
        None if listen.is_loopback() => parse("public_url", &format!("http://{listen}")),
        None => Err(ConfigError::PublicUrlNeeded(listen.clone())),
    }
}

/// Returns the base of the links in emails.
pub(super) fn frontend_url(
    options: &Options,
    public_url: &PublicUrl,
) -> Result<PublicUrl, ConfigError> {
    match &options.frontend_url {
        Some(text) => parse("frontend_url", text),
        None => Ok(public_url.clone()),
    }
}

/// Parses a URL. The error doesn't show the value, because it may contain a password.
fn parse(key: &'static str, text: &str) -> Result<PublicUrl, ConfigError> {
    PublicUrl::parse(text.trim())
        .map_err(|error| ConfigError::Value { key, problem: error.to_string() })
}
