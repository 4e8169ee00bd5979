//! Determines what a rejection is about. Mail servers reject an unknown sender, an untrusted host, or a client
//! over its quota with the same codes that reject a mailbox, and often not before `RCPT` or the end of the data
//! (Postfix delays all of its checks to `RCPT`). Such a rejection must not fail the message, and it must be
//! distinguished from the rejection by a full mailbox.

#[cfg(test)]
mod tests;
mod words;

use self::words::Words;
use super::step::Step;

/// What a failed delivery says about the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blame {
    /// Nothing: the connection or the sender was rejected, as it would be for every message.
    Connection,
    /// Probably nothing: it is about the sender, the client, or a policy.
    Sender,
    /// The message, its recipient, or its content.
    Message,
}

/// Authentication is required, or failed (RFC 4954, section 6).
const SIGN_IN: [u16; 4] = [530, 534, 535, 538];

/// Texts about the recipient, whatever the codes and other words are: Exchange, for a group that accepts messages
/// only from its members or a mailbox that receives too much, and greylisting, which applies to each recipient
/// separately.
const RECIPIENT_MARKS: [&str; 4] =
    ["resolver.rst", "recipient thread limit", "greylist", "graylist"];

/// Texts about the sender, whatever the codes are. Microsoft and blocklists use them within names.
const SENDER_MARKS: [&str; 6] =
    ["sendasdenied", "submission.exception", "outboundspam", "spamhaus", "spamcop", "barracuda"];

/// The same as phrases: Postfix writes `550 5.1.1 …: Sender address rejected`, Gmail `450 4.2.1 Peak SMTP relay
/// limit`.
const SENDER_PHRASES: [&str; 21] = [
    "sender address rejected",
    "sender rejected",
    "sender verif",
    "helo command rejected",
    "client host rejected",
    "blocked using",
    "authentication required",
    "invalid sender",
    "unknown sender",
    "from address",
    "messages from temporarily",
    "messages from will be",
    "messages from weren't",
    "your account",
    "relay limit",
    "sending limit",
    "sending quota",
    "sender quota",
    "submission quota",
    "not allowed to send",
    "not permitted to send",
];

/// Texts about the recipient, unless a code contradicts.
const RECIPIENT_WORDS: [&str; 8] = [
    "mailbox",
    "mailboxes",
    "inbox",
    "recipient",
    "overquota",
    "unrouteable",
    "suppressed",
    "suppression",
];

const RECIPIENT_PHRASES: [&str; 8] = [
    "user unknown",
    "unknown user",
    "no such user",
    "over quota",
    "disk quota",
    "mail quota",
    "storage allocation",
    "does not exist",
];

/// Texts about the sender, unless a code contradicts.
const SENDER_WORDS: [&str; 34] = [
    "sender",
    "senders",
    "sending",
    "outgoing",
    "outbound",
    "daily",
    "hourly",
    "rate",
    "rate-limited",
    "throttled",
    "throttling",
    "helo",
    "ehlo",
    "relay",
    "relaying",
    "relayed",
    "spf",
    "dkim",
    "dmarc",
    "blocklist",
    "blocklisted",
    "blacklist",
    "blacklisted",
    "dnsbl",
    "rbl",
    "reputation",
    "credits",
    "authenticate",
    "authenticated",
    "unauthenticated",
    "authentication",
    "unverified",
    "suspended",
    "upgrade",
];

const WEAK_SENDER_PHRASES: [&str; 16] = [
    "ip address",
    "client host",
    "not verified",
    "not owned",
    "not authorized",
    "not authorised",
    "too many recipients",
    "too many messages",
    "too many connections",
    "too frequent",
    "frequency limited",
    "block list",
    "black list",
    "administrative prohibition",
    "connections will not be accepted",
    "must issue a starttls",
];

/// Texts about the message, if its content was sent last.
const CONTENT_WORDS: [&str; 13] = [
    "spam",
    "virus",
    "malware",
    "phishing",
    "unsolicited",
    "content",
    "attachment",
    "header",
    "headers",
    "bulk",
    "infected",
    "size",
    "url",
];

/// Classifies a failure by the server's response, or by this server's own message if there was none.
pub(super) fn blame(step: Step, code: Option<u16>, words: &str) -> Blame {
    let Some(code) = code else {
        return if step <= Step::Sender { Blame::Connection } else { Blame::Message };
    };
    if step <= Step::Sender || SIGN_IN.contains(&code) {
        return Blame::Connection;
    }
    let words = Words::new(words);
    if words.mark(&RECIPIENT_MARKS) {
        return Blame::Message;
    }
    if words.mark(&SENDER_MARKS) || words.phrase(&SENDER_PHRASES) {
        return Blame::Sender;
    }
    let by_words = by_words(&words, code);
    by_enhanced(&words, step, by_words).or(by_words).unwrap_or(match code {
        // The server is closing, or doesn't accept the command, whatever the message is.
        421 | 500 | 502 | 503 | 504 | 521 => Blame::Sender,
        _ => Blame::Message,
    })
}

/// Classifies by the enhanced status code (RFC 3463, and later entries of IANA's registry), if it is unambiguous.
fn by_enhanced(words: &Words, step: Step, by_words: Option<Blame>) -> Option<Blame> {
    match words.enhanced()? {
        // The sender's address, and Microsoft's limit of recipients.
        (1, 7 | 8 | 90) => Some(Blame::Sender),
        // The recipient's address, mailbox, and route; the format and the size of the message.
        (1, 1..=6 | 10) | (2 | 6, _) | (3, 4) | (4, 1 | 4 | 6) => Some(Blame::Message),
        // Lists for members only, owners that changed (RFC 7293), and Microsoft's codes for recipients.
        (7, 2 | 17 | 18 | 120..=149) => Some(Blame::Message),
        (7, _)
            if step == Step::Content
                && by_words != Some(Blame::Sender)
                && words.word(&CONTENT_WORDS) =>
        {
            Some(Blame::Message)
        }
        // The server's own state, limits, and policies.
        (3 | 7, _) | (4, 3 | 5) | (5, 3) => Some(Blame::Sender),
        _ => None,
    }
}

fn by_words(words: &Words, code: u16) -> Option<Blame> {
    if words.phrase(&RECIPIENT_PHRASES) || words.word(&RECIPIENT_WORDS) {
        return Some(Blame::Message);
    }
    // With 552, it is the quota of the mailbox (RFC 5321, section 4.2.2).
    let is_quota = code != 552 && words.word(&["quota"]);
    let is_sender = is_quota || words.word(&SENDER_WORDS) || words.phrase(&WEAK_SENDER_PHRASES);
    is_sender.then_some(Blame::Sender)
}

/// Returns what the operator can do about a failure that is not about the message.
pub(super) fn advice(step: Step, code: Option<u16>, words: &str) -> Option<&'static str> {
    const SIGN_IN_ADVICE: &str = "check the user and password in mail.url";
    const SENDER_ADVICE: &str = "set mail.from to an address that this server may send from";
    let code = code?;
    let words = Words::new(words);
    let (says, word) = (|all: &[&str]| words.phrase(all), |all: &[&str]| words.word(all));
    let enhanced = words.enhanced();
    let advice = if matches!(enhanced, Some((7, 20..=27))) || word(&["spf", "dkim", "dmarc"]) {
        "set up SPF, DKIM, and DMARC for the domain of mail.from"
    } else if SIGN_IN.contains(&code) || step == Step::SignIn || says(&["authenticat"]) {
        SIGN_IN_ADVICE
    } else if word(&["helo", "fully-qualified"]) || says(&["fully qualified"]) {
        "set mail.helo_name to a host name that resolves to this server"
    } else if is_limit(&words, enhanced) {
        "the sending limit of the mail server has been reached"
    } else if word(&["relay", "relaying"]) {
        "add a user and password to mail.url, or allow the mail server to relay for this host"
    } else if words.mark(&["spamhaus", "spamcop", "barracuda"])
        || word(&["blocked", "blocklist", "blacklist", "blacklisted", "reputation", "rbl", "dnsbl"])
        || says(&["block list", "black list", "client host", "ip address"])
    {
        "the mail server rejects the IP address of this host: use another mail server (mail.url)"
    } else if words.mark(&["sendas"])
        || word(&["sender"])
        || says(&["from address", "not verified"])
        || step == Step::Sender
    {
        SENDER_ADVICE
    } else if step < Step::Sender {
        return None;
    } else {
        "check mail.url and mail.from: the mail server does not accept messages from this server"
    };
    Some(advice)
}

fn is_limit(words: &Words, enhanced: Option<(u16, u16)>) -> bool {
    matches!(enhanced, Some((4, 5) | (5, 3) | (7, 28)))
        || words.word(&[
            "rate",
            "rate-limited",
            "limit",
            "limits",
            "quota",
            "credits",
            "throttled",
            "throttling",
        ])
        || words.phrase(&["too many", "too frequent"])
}
