//! Judging a new password while it is typed.

use doorward_domain::{
    email::EmailAddress, password::NewPassword, ports::StorageError, token::TokenPurpose,
    user::User, username::Username,
};
use tracing::instrument;

use crate::{Failure, Ports, new_password::is_guessable, reset_password::ResetPassword};

/// Judges a new password by the very rule that decides once the form is sent. It stores nothing.
#[derive(Debug)]
pub struct CheckNewPassword {
    ports: Ports,
    reset: ResetPassword,
}

/// The account that a password is for, as far as it is known.
#[derive(Debug)]
pub enum PasswordOwner {
    /// The account that a mailed reset token belongs to.
    ResetToken(String),
    /// The account of the signed-in user.
    User(Box<User>),
    /// An account that is about to be created, of which this has been typed.
    Typed {
        /// The email address, if it is one already.
        email: Option<EmailAddress>,
        /// The user name, if it is one already.
        username: Option<Username>,
    },
}

/// Whether a password would be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordVerdict {
    /// It would be accepted.
    Accepted,
    /// It would be refused: it is one of the account's own words, or on a list.
    TooCommon,
}

impl CheckNewPassword {
    pub(crate) fn new(ports: &Ports) -> Self {
        Self { ports: ports.clone(), reset: ResetPassword::new(ports) }
    }

    /// Runs the use case. A reset token that is not valid is no error: the password is judged without the
    /// account's own words then, and the verdict says nothing about the token or any account.
    ///
    /// # Errors
    /// [`Failure`].
    #[instrument(level = "debug", name = "check new password", skip_all)]
    pub async fn run(
        &self,
        password: &NewPassword,
        owner: PasswordOwner,
    ) -> Result<PasswordVerdict, Failure> {
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
        match self.ports.opaque_tokens.open(TokenPurpose::ResetPassword, token) {
            Some(token) => self.reset.holder(token).await,
            None => Ok(None),
        }
    }
}
