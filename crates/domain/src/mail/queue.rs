//! In which order messages go out: lanes, and turns within a lane.

use std::{fmt, fmt::Display};

use time::{Duration, OffsetDateTime};

use crate::{UserId, client::Network, email::EmailAddress};

/// Messages of one lane never wait for those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailLane {
    /// Messages to users about their own account, which they often wait for.
    Account,
    /// Messages that one user can cause many of, to others: invitations.
    Bulk,
}

impl MailLane {
    /// All lanes.
    pub const ALL: [Self; 2] = [Self::Account, Self::Bulk];

    /// The lane's name in storage and in logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Bulk => "bulk",
        }
    }
}

/// Who caused a message. Within a lane senders take turns, so that many messages of one don't delay the message of
/// another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MailSender(String);

impl MailSender {
    /// The user who is signed in.
    pub fn user(id: UserId) -> Self {
        Self::of("user", id)
    }

    /// The network of a client without an account, or with one that anybody can create.
    pub fn network(network: Network) -> Self {
        Self::of("network", network)
    }

    /// The recipient: the message is about their account, whoever asked for it.
    pub fn recipient(email: &EmailAddress) -> Self {
        Self::of("address", email.key())
    }

    /// Returns a sender as storage has it.
    pub const fn from_stored(key: String) -> Self {
        Self(key)
    }

    /// The sender as storage has it.
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

/// How far apart the turns of one sender are. It decides about the order only: a message whose turn is far ahead goes
/// out at once where no other waits.
///
/// When the mail server is back after this long, each sender has one or two turns before a new sender has theirs.
pub const TURN: Duration = Duration::DAY;

/// The turn of a message that goes out at `at` at the earliest, after the `latest` of those of its sender that wait.
pub fn turn_at(at: OffsetDateTime, latest: Option<OffsetDateTime>) -> OffsetDateTime {
    latest.map_or(at, |latest| at.max(latest + TURN))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn turns_of_one_sender_follow_each_other_and_the_first_comes_at_once() {
        let now = datetime!(2026-01-01 12:00 UTC);
        assert_eq!(turn_at(now, None), now);
        assert_eq!(turn_at(now, Some(now)), now + TURN);
        assert_eq!(turn_at(now, Some(now - TURN * 3)), now);
    }

    #[test]
    fn senders_differ_by_kind_and_recipients_do_not_by_case() {
        let address = |text| MailSender::recipient(&EmailAddress::parse(text).unwrap());
        assert_eq!(address("Ann@Example.com"), address("ann@example.com"));
        let network = Network::of([192, 0, 2, 1].into());
        assert_eq!(MailSender::network(network).as_str(), "network:192.0.2.1");
        let user = MailSender::user(UserId::from_uuid(uuid::Uuid::nil()));
        assert_eq!(MailSender::from_stored(user.to_string()), user);
    }
}
