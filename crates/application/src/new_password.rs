use doorward_domain::{email::EmailAddress, password::NewPassword, username::Username};

use crate::Ports;

/// Whether a new password is one that others would try first: one of the account's own words, or one of
/// the blocklist.
pub(crate) async fn is_too_common(
    ports: &Ports,
    password: &NewPassword,
    email: &EmailAddress,
    username: &Username,
) -> bool {
    is_guessable(ports, password, Some(email), Some(username)).await
}

/// The same rule, where not all of the account's words are known yet.
pub(crate) async fn is_guessable(
    ports: &Ports,
    password: &NewPassword,
    email: Option<&EmailAddress>,
    username: Option<&Username>,
) -> bool {
    email.is_some_and(|email| password.is_email(email))
        || username.is_some_and(|username| password.is_username(username))
        || ports.blocklist.contains(password).await
}
