//! Options of emails.

use std::{path::Path, str::FromStr};

use doorward_domain::account::email::EmailAddress;
use secrecy::ExposeSecret;

use super::{ConfigError, MailTransport, Options, error::value, value_or_file::text_or_file};

/// The maximum length of the service name in characters.
const MAX_SERVICE_NAME: usize = 100;

/// Returns the default sender: an address that mail servers accept if the host is public. If the host is this machine,
/// the address only has to be readable, because emails are written to files.
pub(super) fn default_sender(host: &str) -> EmailAddress {
    let address = EmailAddress::parse(&format!("doorward@{host}"));
    address.unwrap_or_else(|_| EmailAddress::from_stored("doorward@localhost".to_owned()))
}

/// Returns the service name, which is used in headers and subjects of emails and on pages.
pub(super) fn service_name(options: &Options) -> Result<String, ConfigError> {
    let name = options.service_name.clone().unwrap_or("Doorward".into());
    if name.chars().any(char::is_control) || name.chars().count() > MAX_SERVICE_NAME {
        let problem = format!(
            "it must be one line of at most {MAX_SERVICE_NAME} characters, without control characters"
        );
        return Err(value("service_name", problem));
    }
    Ok(name)
}

/// Parses the value of an option.
pub(super) fn parsed<T: FromStr<Err: ToString>>(
    key: &'static str,
    text: Option<&str>,
) -> Result<Option<T>, ConfigError> {
    text.map(str::parse).transpose().map_err(|error: T::Err| value(key, error))
}

pub(super) fn mail(options: &Options, data_dir: &Path) -> Result<MailTransport, ConfigError> {
    let file = options.mail_url_file.as_deref();
    let url = text_or_file(options.mail_url.clone(), "mail_url_file", file)?;
    let url = url.as_ref().map_or("file:", |url| url.expose_secret());
    match url.strip_prefix("file:") {
        Some("") => Ok(MailTransport::File(data_dir.join("mail"))),
        Some(path) => Ok(MailTransport::File(path.strip_prefix("//").unwrap_or(path).into())),
        None => Ok(MailTransport::Smtp(url.parse()?)),
    }
}
