use async_trait::async_trait;
use time::OffsetDateTime;

use super::StorageError;
use crate::{
    UserId,
    email::EmailAddress,
    page::{Page, PageRequest},
    password::{NewHash, PasswordHash, StoredPassword},
    profile::ProfileChange,
    token::TokenRef,
    user::{ClientEvidence, Credentials, EmailChange, LoginName, User, UserFilter},
    username::Username,
};

/// People's accounts.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait UserRepository: Send {
    /// Adds an account.
    ///
    /// E-mail address and user name MUST each be unique without regard to case, by a constraint of
    /// the database; a conflict MUST leave the unit of work usable.
    ///
    /// # Errors
    /// [`InsertUserError::Taken`] says which of the two somebody else has.
    async fn insert(
        &mut self,
        user: &User,
        password_hash: Option<PasswordHash>,
    ) -> Result<(), InsertUserError>;

    /// The account with this id.
    async fn find(&mut self, id: UserId) -> Result<Option<User>, StorageError>;

    /// The account with this address, without regard to case.
    async fn find_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>, StorageError>;

    /// The account with this user name, without regard to case.
    async fn find_by_username(&mut self, name: &Username) -> Result<Option<User>, StorageError>;

    /// All that a sign-in needs to know, in one query. A device and a network are known by a session of the
    /// account that was opened there and is live, past its time, or was signed out of. For
    /// [`Credentials::RESET_IS_KNOWN_FOR`] after the password was set, the network that it was set from is known as
    /// well, and a device whose token names the account and the password's version. Failures are those of
    /// the audit trail, and only those after the last good sign-in or new password.
    async fn credentials(
        &mut self,
        name: &LoginName,
        client: &ClientEvidence,
    ) -> Result<Option<Credentials>, StorageError>;

    /// An account's password, if it has one.
    async fn password(&mut self, id: UserId) -> Result<Option<StoredPassword>, StorageError>;

    /// Sets an account's password, moves its version on, and returns that; `None` if the account does not exist.
    async fn set_password(
        &mut self,
        id: UserId,
        new: &NewHash,
    ) -> Result<Option<u32>, StorageError>;

    /// Sets an account's password and moves its version on, if it still is the verified version,
    /// and says whether it is: whoever verified the old password is not to undo a change that came
    /// in between.
    async fn change_password(
        &mut self,
        id: UserId,
        verified: u32,
        new: &NewHash,
    ) -> Result<bool, StorageError>;

    /// Counts a wrong password that came from a device or a session that the account knows, and says whether it is known
    /// no longer: a session MUST end as [`SessionEnd::TooManyFailures`] with the
    /// [`Credentials::DEVICE_FAILURES_CAP`]th, also if it was signed out of, and a device that the password was reset on
    /// MUST NOT be known from then on. What is not known already counts nothing.
    ///
    /// [`SessionEnd::TooManyFailures`]: crate::session::SessionEnd::TooManyFailures
    async fn count_device_failure(
        &mut self,
        id: UserId,
        device: TokenRef,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError>;

    /// Replaces a hash by one of the same password, whose version stays. It MUST change nothing if the password was
    /// changed meanwhile, and says whether it did.
    async fn rehash_password(
        &mut self,
        id: UserId,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<bool, StorageError>;

    /// The hashes of this many accounts at most: how passwords are stored here. The sample SHOULD be one that
    /// chance has made and that stays the same while the accounts do, and MUST NOT take longer the more
    /// accounts there are.
    async fn password_sample(&mut self, limit: u16) -> Result<Vec<PasswordHash>, StorageError>;

    /// Marks the account's address as verified, if it still is this one, and says whether it is.
    /// The time of an earlier verification MUST stay. The account MUST NOT be provisional afterwards.
    async fn verify_email(
        &mut self,
        id: UserId,
        email: &EmailAddress,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError>;

    /// Replaces the account's address, if it still is `change.from` and, where that is asked for, not verified.
    /// Returns `true` if it did. It MUST be one conditional statement. If the new address counts as verified, the
    /// account MUST NOT be provisional afterwards. Else, with `change.unverified_only`, which is how users change their own
    /// address, it MUST be: the owner of the new address may be someone else. Otherwise it MUST stay what it is.
    ///
    /// # Errors
    /// [`ChangeEmailError::Taken`] if another account has the address without regard to case, by a constraint
    /// of the database. The unit of work MUST be dropped then: it can't be used any further.
    async fn change_email(
        &mut self,
        id: UserId,
        change: &EmailChange,
        now: OffsetDateTime,
    ) -> Result<bool, ChangeEmailError>;

    /// Changes what the update mentions and nothing else, and answers the account as it is then.
    async fn update_profile(
        &mut self,
        id: UserId,
        change: &ProfileChange,
        now: OffsetDateTime,
    ) -> Result<Option<User>, StorageError>;

    /// Switches an account off, or on again.
    async fn set_disabled(
        &mut self,
        id: UserId,
        disabled_at: Option<OffsetDateTime>,
    ) -> Result<(), StorageError>;

    /// The accounts that a filter lets through, those with the latest ids first.
    async fn list(
        &mut self,
        filter: &UserFilter,
        page: PageRequest<UserId>,
    ) -> Result<Page<User, UserId>, StorageError>;

    /// Lets a person run this server, or no more, and says whether that is a change.
    async fn set_platform_admin(
        &mut self,
        id: UserId,
        is_platform_admin: bool,
        now: OffsetDateTime,
    ) -> Result<bool, StorageError>;

    /// Removes an account with its memberships, sessions, single-use tokens and the invites that the person sent,
    /// and says whether there was one. Its entries of the audit trail MUST stay.
    async fn delete(&mut self, id: UserId) -> Result<bool, StorageError>;
}

/// An account could not be added.
#[derive(Debug, thiserror::Error)]
pub enum InsertUserError {
    /// Somebody else has the address, the name, or both.
    #[error("the e-mail address or the user name is taken")]
    Taken {
        /// Whether it is the address.
        email: bool,
        /// Whether it is the name.
        username: bool,
    },
    /// Storage gave no answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Errors returned by [`UserRepository::change_email`].
#[derive(Debug, thiserror::Error)]
pub enum ChangeEmailError {
    /// Another account has the address.
    #[error("the email address is taken")]
    Taken,
    /// Storage gave no answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
