//! Functions shared by use cases that give an account an email address.

use doorward_domain::{
    MailId, OneTimeTokenId, UserId,
    account::{email::EmailAddress, user::User},
    error::chain,
    mail::{MailKind, MailSender, OutboxEntry},
    ports::{StorageError, UnitOfWork},
    token::{
        TokenRef,
        one_time::{IssueOneTimeToken, OneTimePurpose},
    },
};
use time::OffsetDateTime;

use crate::{Ports, mail::enqueue::enqueue_limited};

/// Issues a verification token for an account's new email address, or returns `None` if too many emails were sent for the
/// account. Either way, tokens for a former address become invalid. [`queue_verification`] queues the email.
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
    let token = work.one_time_tokens().issue(&issue).await?;
    if token.is_none() {
        work.one_time_tokens().void(issue.purpose, user_id, now).await?;
    }
    Ok(token)
}

/// Queues the email with the link of a verification token.
///
/// Call it after the statement that gives the account its address. Both lock rows that transactions for other accounts
/// with the same address wait for, and all transactions lock them in this order.
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
        subject: MailKind::VerifyEmail(token),
        sender,
        created_at: now,
        attempts: 0,
    };
    enqueue_limited(work, &entry).await
}

/// Notifies the owner of an email address that a request tried to give it to another account. The owner may have sent
/// the request, and not know that they have an account already. A failure is only logged.
pub(crate) async fn notify_owner(ports: &Ports, email: &EmailAddress) {
    if let Err(error) = try_notify_owner(ports, email).await {
        tracing::warn!(error = %chain(&error), "owner of a taken email address not notified");
    }
}

async fn try_notify_owner(ports: &Ports, email: &EmailAddress) -> Result<(), StorageError> {
    let mut repositories = ports.storage.connect().await?;
    let owner = repositories.users().find_by_email(email).await?;
    let Some(owner) = owner.filter(User::is_active) else { return Ok(()) };
    let entry = OutboxEntry {
        id: MailId::from_uuid(ports.ids.next()),
        sender: MailSender::recipient(&owner.email),
        // The account's spelling of the address, which may differ in case.
        to: owner.email,
        subject: MailKind::AddressTaken,
        created_at: ports.clock.now(),
        attempts: 0,
    };
    repositories.outbox().enqueue_once_a_day(&entry).await?;
    Ok(())
}
