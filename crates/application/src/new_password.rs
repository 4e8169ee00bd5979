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
    password.check_against(email, username).is_err() || ports.blocklist.contains(password).await
}
