//! The order in which messages are sent: lanes, and turns within a lane.

use std::{fmt, fmt::Display};

use time::{Duration, OffsetDateTime};

use crate::{UserId, account::email::EmailAddress, request_context::IpPrefix};

/// A queue of messages. Messages in one lane never wait for those in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailLane {
    /// Messages to users about their own account, which users often wait for.
    Account,
    /// Messages of which one user can cause many to other recipients: invites.
    Bulk,
}

impl MailLane {
    /// All lanes.
    pub const ALL: [Self; 2] = [Self::Account, Self::Bulk];

    /// Returns the name of the lane in storage and in logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Bulk => "bulk",
        }
    }
}

/// The user or client that caused a message. Within a lane, senders take turns, so that many messages from
/// one don't delay those from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MailSender(String);

impl MailSender {
    /// Creates the sender for a signed-in user.
    pub fn user(id: UserId) -> Self {
        Self::of("user", id)
    }

    /// Creates the sender for the network of a client that has no account, or one that any client could
    /// create.
    pub fn network(network: IpPrefix) -> Self {
        Self::of("network", network)
    }

    /// Creates the sender for the recipient: the message is about their account, regardless of which client
    /// requested it.
    pub fn recipient(email: &EmailAddress) -> Self {
        Self::of("address", email.key())
    }

    /// Restores a sender from storage.
    pub const fn from_stored(key: String) -> Self {
        Self(key)
    }

    /// Returns the sender as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(kind: &str, name: impl Display) -> Self {
        Self(format!("{kind}:{name}"))
    }
}

impl Display for MailSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The time between the turns of one sender. It only decides the order: a message whose turn is far ahead is
/// sent immediately if no other is waiting.
///
/// If the mail server recovers after this time, each sender has one or two turns before a new sender has its
/// first.
pub const TURN: Duration = Duration::DAY;

/// Returns the turn of a message that may be sent from `at` on. `latest` is the latest turn of the messages
/// from the same sender that are waiting.
///
/// ```
/// use doorward_domain::mail::queue::{TURN, turn_at};
/// use time::OffsetDateTime;
///
/// let now = OffsetDateTime::UNIX_EPOCH;
/// assert_eq!(turn_at(now, None), now);
/// assert_eq!(turn_at(now, Some(now)), now + TURN);
/// ```
pub fn turn_at(at: OffsetDateTime, latest: Option<OffsetDateTime>) -> OffsetDateTime {
    latest.map_or(at, |latest| at.max(latest + TURN))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn first_turn_of_a_sender_is_immediate_and_later_turns_are_spaced() {
        let now = datetime!(2026-01-01 12:00 UTC);
        assert_eq!(turn_at(now, None), now);
        assert_eq!(turn_at(now, Some(now)), now + TURN);
        assert_eq!(turn_at(now, Some(now - TURN * 3)), now);
    }

    #[test]
    fn senders_differ_by_kind_and_recipients_ignore_case() {
        let address = |text| MailSender::recipient(&EmailAddress::parse(text).unwrap());
        assert_eq!(address("Ann@Example.com"), address("ann@example.com"));
        let network = IpPrefix::of([192, 0, 2, 1].into());
        assert_eq!(MailSender::network(network).as_str(), "network:192.0.2.1");
        let user = MailSender::user(UserId::from_uuid(uuid::Uuid::nil()));
        assert_eq!(MailSender::from_stored(user.to_string()), user);
    }
}
