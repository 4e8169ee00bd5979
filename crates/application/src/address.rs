//! What the use cases share that give an account an address.

use doorward_domain::{
    MailId, OneTimeTokenId, UserId,
    email::EmailAddress,
    error::chain,
    mail::{MailSender, MailSubject, OutboxEntry},
    one_time_token::{IssueOneTimeToken, OneTimePurpose},
    ports::{StorageError, UnitOfWork},
    token::TokenRef,
    user::User,
};
use time::OffsetDateTime;

use crate::{Ports, outbox::enqueue_limited};

/// Issues a verification token for an account's address. Its email is queued by [`queue_verification`].
pub(crate) async fn issue_verification(
    ports: &Ports,
    work: &mut dyn UnitOfWork,
    (user_id, email): (UserId, &EmailAddress),
    now: OffsetDateTime,
) -> Result<Option<TokenRef>, StorageError> {
    let issue = IssueOneTimeToken {
        id: OneTimeTokenId::from_uuid(ports.ids.next()),
        user_id,
        purpose: OneTimePurpose::VerifyEmail,
        email: email.clone(),
        now,
    };
    work.one_time_tokens().issue(&issue).await
}

/// Queues the email with the link of a verification token.
///
/// It comes after what gives the account its address: both take rows that transactions for other accounts with the same
/// address wait for, and all of them take them in this order.
pub(crate) async fn queue_verification(
    ports: &Ports,
    work: &mut dyn UnitOfWork,
    (email, token): (&EmailAddress, Option<TokenRef>),
    sender: MailSender,
    now: OffsetDateTime,
) -> Result<(), StorageError> {
    let Some(token) = token else { return Ok(()) };
    let entry = OutboxEntry {
        id: MailId::from_uuid(ports.ids.next()),
        to: email.clone(),
        subject: MailSubject::VerifyEmail(token),
        sender,
        created_at: now,
        attempts: 0,
    };
    enqueue_limited(work, &entry).await
}

/// Tells the owner of an address that another account was to get it: it may have been them, and they have an
/// account already. A failure is logged and changes nothing.
pub(crate) async fn tell_owner(ports: &Ports, email: &EmailAddress) {
    if let Err(error) = try_tell_owner(ports, email).await {
        tracing::warn!(error = %chain(&error), "the owner of a taken address is not told");
    }
}

async fn try_tell_owner(ports: &Ports, email: &EmailAddress) -> Result<(), StorageError> {
    let mut repositories = ports.storage.connect().await?;
    let owner = repositories.users().find_by_email(email).await?;
    let Some(owner) = owner.filter(User::is_active) else { return Ok(()) };
    let entry = OutboxEntry {
        id: MailId::from_uuid(ports.ids.next()),
        sender: MailSender::recipient(&owner.email),
        // As the account has it, which may differ in case.
        to: owner.email,
        subject: MailSubject::AddressTaken,
        created_at: ports.clock.now(),
        attempts: 0,
    };
    repositories.outbox().enqueue_once_a_day(&entry).await?;
    Ok(())
}
