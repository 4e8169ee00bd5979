use doorward_domain::{
    account::{email::EmailAddress, username::Username},
    credential::password::NewPassword,
};

use crate::Ports;

/// Returns `true` if a new password is one of the first that an attacker would try: it consists of words of the account or
/// the service, or it is on the blocklist, with or without digits and punctuation around it.
pub(crate) async fn is_too_common(
    ports: &Ports,
    password: &NewPassword,
    email: &EmailAddress,
    username: &Username,
) -> bool {
    is_guessable(ports, password, Some(email), Some(username)).await
}

/// As [`is_too_common`], if some of the account's words are not known yet.
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
