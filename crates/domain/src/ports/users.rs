use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::{
    UserId,
    account::{
        email::EmailAddress,
        profile::ProfileChange,
        user::{ClientEvidence, EmailChange, LoginCandidate, LoginIdentifier, User, UserFilter},
        username::Username,
    },
    credential::password::{NewHash, PasswordHash, StoredPassword},
    pagination::{Page, PageQuery},
    token::TokenRef,
};

/// Stores accounts of users.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait UserRepository: Send {
    /// Adds an account.
    ///
    /// The email address and the username MUST each be unique without regard to case, by a constraint of the
    /// database. A conflict MUST leave the unit of work usable.
    ///
    /// # Errors
    /// Returns [`InsertUserError::Taken`] if another account has the email address or the username.
    async fn insert(
        &mut self,
        user: &User,
        password_hash: Option<PasswordHash>,
    ) -> Result<(), InsertUserError>;

    /// Returns the account with this ID.
    async fn find(&mut self, id: UserId) -> Result<Option<User>, StorageError>;

    /// Returns the account with this email address, compared without regard to case.
    async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, StorageError>;

    /// Returns the account with this username, compared without regard to case.
    async fn find_by_username(&mut self, name: &Username) -> Result<Option<User>, StorageError>;

    /// Returns everything that a sign-in needs to know, in one query.
    ///
    /// A device or network is known if a session of the account was opened there that is live, has expired,
    /// or was signed out of. For [`LoginCandidate::RESET_IS_KNOWN_FOR`] after the password was set, the network
    /// that it was set from is known as well, and so is a device whose token names the account and the
    /// version of the password. Failures are those in the audit trail since the last successful sign-in or
    /// new password.
    async fn login_candidate(
        &mut self,
        name: &LoginIdentifier,
        client: &ClientEvidence,
    ) -> Result<Option<LoginCandidate>, StorageError>;

    /// Returns an account's password, if it has one.
    async fn password(&mut self, id: UserId) -> Result<Option<StoredPassword>, StorageError>;

    /// Sets an account's password and increments its version. Returns the new version, or `None` if the
    /// account doesn't exist.
    async fn set_password(
        &mut self,
        id: UserId,
        new: &NewHash,
    ) -> Result<Option<u32>, StorageError>;

    /// Sets an account's password and increments its version, if `verified` is still the current version.
    /// Returns `true` if it did. A caller that verified the old password must not undo a change made in
    /// between.
    async fn change_password(
        &mut self,
        id: UserId,
        verified: u32,
        new: &NewHash,
    ) -> Result<bool, StorageError>;

    /// Counts an incorrect password from a device or session that the account knows. Returns `true` if the device
    /// or session is no longer known as a result. With the [`LoginCandidate::DEVICE_FAILURES_CAP`]th wrong
    /// password, a session MUST end as [`SessionEndReason::TooManyFailures`], even if it was signed out of, and a
    /// device on which the password was reset MUST NOT be known from then on. If the device or session isn't
    /// known, nothing is counted.
    ///
    /// [`SessionEndReason::TooManyFailures`]: crate::session::SessionEndReason::TooManyFailures
    async fn count_device_failure(
        &mut self,
        id: UserId,
        device: TokenRef,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError>;

    /// Replaces a hash with a new hash of the same password. The version of the password stays. Returns
    /// `true` if it did. It MUST change nothing if the password was changed meanwhile.
    async fn rehash_password(
        &mut self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StorageError>;

    /// Returns the hashes of up to `limit` accounts, to show how passwords are stored. The sample SHOULD be
    /// random and stay the same as long as the accounts do. The time that it takes MUST NOT grow with the
    /// number of accounts.
    async fn password_sample(&mut self, limit: u16) -> Result<Vec<PasswordHash>, StorageError>;

    /// Marks the account's email address as verified, if it is still `email`. Returns `true` if it is. The
    /// time of an earlier verification MUST stay. The account MUST NOT be provisional afterwards.
    async fn verify_email(
        &mut self,
        id: UserId,
        email: &EmailAddress,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError>;

    /// Replaces the account's email address, if it is still `change.from` and, with `change.unverified_only`,
    /// not verified. Returns `true` if it did. It MUST be one conditional statement.
    ///
    /// If the new address counts as verified, the account MUST NOT be provisional afterwards. Otherwise, with
    /// `change.unverified_only` (users change their own address this way), it MUST be provisional, because
    /// another user may own the new address. In all other cases it MUST stay as it is.
    ///
    /// # Errors
    /// Returns [`ChangeEmailError::Taken`] if another account has the address, compared without regard to
    /// case, by a constraint of the database. The unit of work MUST be dropped then: it can't be used any
    /// further.
    async fn change_email(
        &mut self,
        id: UserId,
        change: &EmailChange,
        now: OffsetDateTime,
    ) -> Result<bool, ChangeEmailError>;

    /// Changes only what the update mentions. Returns the account after the change.
    async fn update_profile(
        &mut self,
        id: UserId,
        change: &ProfileChange,
        now: OffsetDateTime,
    ) -> Result<Option<User>, StorageError>;

    /// Disables an account, or enables it if `disabled_at` is `None`.
    async fn set_disabled(
        &mut self,
        id: UserId,
        disabled_at: Option<OffsetDateTime>,
    ) -> Result<(), StorageError>;

    /// Returns the accounts that match a filter, those with the latest IDs first.
    async fn list(
        &mut self,
        filter: &UserFilter,
        page: PageQuery<UserId>,
    ) -> Result<Page<User, UserId>, StorageError>;

    /// Sets the platform-admin flag. Returns `true` if it changed.
    async fn set_platform_admin(
        &mut self,
        id: UserId,
        is_platform_admin: bool,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError>;

    /// Deletes an account with its memberships, sessions, single-use tokens, and the invites that the user
    /// sent. Returns `true` if it existed. Its entries in the audit trail MUST stay.
    async fn delete(&mut self, id: UserId) -> Result<bool, StorageError>;
}

/// Errors returned by [`UserRepository::insert`].
#[derive(Debug, thiserror::Error)]
pub enum InsertUserError {
    /// Another account has the email address, the username, or both.
    #[error("the email address or the username is taken")]
    Taken {
        /// Whether the email address is taken.
        email: bool,
        /// Whether the username is taken.
        username: bool,
    },
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Errors returned by [`UserRepository::change_email`].
#[derive(Debug, thiserror::Error)]
pub enum ChangeEmailError {
    /// Another account has the address.
    #[error("the email address is taken")]
    Taken,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
