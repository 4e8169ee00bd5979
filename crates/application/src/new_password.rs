use doorward_domain::{email::EmailAddress, password::NewPassword, username::Username};

use crate::Ports;

/// Returns `true` if a new password is one that others would try first: made of words of the account or the service, or
/// one of the blocklist, with digits and marks around it or without.
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
    if email.is_some_and(|email| password.is_email(email))
        || username.is_some_and(|username| password.is_username(username))
        || password.is_of_its_context(email, username, &ports.blocklist.service_words())
        || ports.blocklist.contains(password).await
    {
        return true;
    }
    match password.core() {
        Some(core) => ports.blocklist.contains(&core).await,
        None => false,
    }
}
