//! Checking a new password while the user types it.

use doorward_domain::{
    account::{email::EmailAddress, user::User, username::Username},
    credential::password::NewPassword,
    ports::StorageError,
    token::TokenPurpose,
};
use tracing::instrument;

use crate::{
    CommonError, Ports,
    password::{policy::is_guessable, reset::ResetPassword},
};

/// Checks a new password by the same rule that applies when the form is submitted. Stores nothing, and requires no
/// authorization.
#[derive(Debug)]
pub struct CheckNewPassword {
    ports: Ports,
    reset: ResetPassword,
}

/// The account that a password is for, as far as it is known.
#[derive(Debug)]
pub enum PasswordOwner {
    /// The account of a password reset token from an email.
    ResetToken(String),
    /// The account of the signed-in user.
    User(Box<User>),
    /// An account that is about to be created, with what the user has typed so far.
    Typed {
        /// The email address, if it is valid.
        email: Option<EmailAddress>,
        /// The username, if it is valid.
        username: Option<Username>,
    },
}

/// Whether a password would be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordVerdict {
    /// The password would be accepted.
    Accepted,
    /// The password would be rejected: it consists of words of the account or the service, or it is on the blocklist.
    TooCommon,
}

impl CheckNewPassword {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone(), reset: ResetPassword::new(ports) }
    }

    /// Returns whether a new password would be accepted. A reset token that is not valid is not an error: the password is
    /// then checked without the words of an account, so the result reveals nothing about the token or an account.
    ///
    /// # Errors
    /// [`CommonError`].
    #[instrument(level = "debug", name = "check_new_password", skip_all)]
    pub async fn run(
        &self,
        password: &NewPassword,
        owner: PasswordOwner,
    ) -> Result<PasswordVerdict, CommonError> {
        let (email, username) = match owner {
            PasswordOwner::Typed { email, username } => (email, username),
            PasswordOwner::User(user) => (Some(user.email), Some(user.username)),
            PasswordOwner::ResetToken(token) => match self.holder(&token).await? {
                Some(user) => (Some(user.email), Some(user.username)),
                None => (None, None),
            },
        };
        let refused = is_guessable(&self.ports, password, email.as_ref(), username.as_ref()).await;
        Ok(if refused { PasswordVerdict::TooCommon } else { PasswordVerdict::Accepted })
    }

    async fn holder(&self, token: &str) -> Result<Option<User>, StorageError> {
        match self.ports.opaque_tokens.verify(TokenPurpose::ResetPassword, token) {
            Some(token) => self.reset.holder(token).await,
            None => Ok(None),
        }
    }
}
