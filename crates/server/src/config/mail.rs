//! Options of emails.

use std::{path::Path, str::FromStr};

use doorward_domain::email::EmailAddress;
use secrecy::ExposeSecret;

use super::{ConfigError, MailTransport, Options, check::value, given::text_or_file};

/// So many characters may the name of the service have.
const MAX_SERVICE_NAME: usize = 100;

/// Beyond this machine an address that mail servers take; here one that only has to be readable,
/// since mails go to files.
pub(super) fn default_sender(host: &str) -> EmailAddress {
    let address = EmailAddress::parse(&format!("doorward@{host}"));
    address.unwrap_or_else(|_| EmailAddress::from_stored("doorward@localhost".to_owned()))
}

/// It is in headers and subjects of emails, and on pages.
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

/// A value that has a form of its own.
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
