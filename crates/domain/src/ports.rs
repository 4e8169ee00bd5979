//! The traits through which the application uses the outside world: storage, mail, cryptography, and time.
//!
//! The documentation of each trait is a contract for its adapters. The `doorward-conformance` crate checks
//! each MUST as a clause. A missing row is `Ok(None)`, a conflict has a value of its own, and every other
//! failure is a [`StorageError`].

mod access_tokens;
mod audit;
mod clock;
mod ids;
mod invites;
mod mailer;
mod memberships;
mod one_time_tokens;
mod opaque_tokens;
mod orgs;
mod outbox;
mod password_blocklist;
mod password_hasher;
mod randomness;
mod rate_limiter;
mod sessions;
mod signing_keys;
mod storage;
mod users;

pub use access_tokens::{AccessTokens, InvalidAccessToken, SigningFailed};
pub use audit::AuditRepository;
pub use clock::{Clock, Timer};
pub use ids::Ids;
pub use invites::InviteRepository;
pub use mailer::{MailError, Mailer};
pub use memberships::MembershipRepository;
pub use one_time_tokens::OneTimeTokenRepository;
pub use opaque_tokens::OpaqueTokens;
pub use orgs::OrgRepository;
pub use outbox::OutboxRepository;
pub use password_blocklist::PasswordBlocklist;
pub use password_hasher::{
    HashError, PasswordHasher, Priority, UnusableHash, Verification, VerifyTarget,
};
pub use randomness::Randomness;
pub use rate_limiter::{Bucket, Limit, RateLimiter, RetryAfter};
pub use sessions::{SessionRepository, VerifiedPassword};
pub use signing_keys::{KeyGenerationFailed, SigningKeyFactory, SigningKeyRepository};
pub use storage::{NotReady, Repositories, Storage, StorageError, UnitOfWork};
pub use users::{ChangeEmailError, InsertUserError, UserRepository};

#[cfg(feature = "mock")]
pub(crate) mod mocks {
    pub use super::{
        access_tokens::MockAccessTokens,
        audit::MockAuditRepository,
        invites::MockInviteRepository,
        mailer::MockMailer,
        memberships::MockMembershipRepository,
        one_time_tokens::MockOneTimeTokenRepository,
        opaque_tokens::MockOpaqueTokens,
        orgs::MockOrgRepository,
        outbox::MockOutboxRepository,
        password_blocklist::MockPasswordBlocklist,
        password_hasher::MockPasswordHasher,
        rate_limiter::MockRateLimiter,
        sessions::MockSessionRepository,
        signing_keys::{MockSigningKeyFactory, MockSigningKeyRepository},
        users::MockUserRepository,
    };
}
