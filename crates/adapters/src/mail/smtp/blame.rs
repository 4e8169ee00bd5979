//! Whom a refusal concerns. Mail servers refuse a sender they don't know, a host they don't trust, or
//! a client over its quota with the same codes that refuse a mailbox, and often not before `RCPT` or
//! the end of the data (Postfix delays all of its checks to `RCPT`). Such a refusal must not cost the
//! message.

use super::error::Step;

/// What a failed conversation says about the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blame {
    /// Nothing: the connection or the sender was refused, as it would be for every message.
    Connection,
    /// Probably nothing: the sender, the client, or a policy about them.
    Sender,
    /// The message, its recipient, or its content.
    Message,
}

/// "Sign in first", or "not with this password" (RFC 4954, section 6).
const SIGN_IN: [u16; 4] = [530, 534, 535, 538];

/// Say "us" whatever the codes beside them say: Postfix writes `550 5.1.1 …: Sender address rejected`.
const ABOUT_US: [&str; 14] = [
    "sender address rejected",
    "sender rejected",
    "sender verif",
    "sendasdenied",
    "helo command rejected",
    "client host rejected",
    "blocked using",
    "authentication required",
    "unauthenticated",
    "submission.exception",
    "outboundspam",
    "invalid sender",
    "unknown sender",
    "from address",
];

/// Say "us" where no code says something else.
const US_WORDS: [&str; 29] = [
    "sender",
    "senders",
    "sending",
    "outgoing",
    "outbound",
    "daily",
    "hourly",
    "rate",
    "throttled",
    "throttling",
    "quota",
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
    "spamhaus",
    "reputation",
    "credits",
    "authenticate",
    "authenticated",
    "authentication",
];

const US_PHRASES: [&str; 12] = [
    "from address",
    "ip address",
    "client host",
    "not verified",
    "not owned",
    "too many recipients",
    "too many messages",
    "too many connections",
    "not permitted to send",
    "not allowed to send",
    "connections will not be accepted",
    "must issue a starttls",
];

/// Say "this message" where its content was the last thing said.
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

/// `words` are the server's, or ours where it said nothing.
pub(super) fn blame(step: Step, code: Option<u16>, words: &str) -> Blame {
    let Some(code) = code else {
        return if step <= Step::Sender { Blame::Connection } else { Blame::Message };
    };
    if step <= Step::Sender || SIGN_IN.contains(&code) {
        return Blame::Connection;
    }
    let words = words.to_ascii_lowercase();
    if ABOUT_US.iter().any(|phrase| words.contains(phrase)) {
        return Blame::Sender;
    }
    let by_words =
        if has_words(&words, &US_WORDS, &US_PHRASES) { Blame::Sender } else { Blame::Message };
    let is_content = step == Step::Content && has_words(&words, &CONTENT_WORDS, &[]);
    match enhanced(&words) {
        // The sender's address (RFC 3463, section 3.2), and Microsoft's limit for recipients.
        Some((1, 7 | 8 | 90)) => Blame::Sender,
        Some((1, 1..=6 | 10) | (2, _) | (6, _) | (3, 4)) => Blame::Message,
        Some((7, _)) if is_content && by_words == Blame::Message => Blame::Message,
        // The server's own state, Gmail's daily limit, too many recipients, and policies.
        Some((3 | 7, _) | (4, 5) | (5, 3)) => Blame::Sender,
        _ if by_words == Blame::Sender => Blame::Sender,
        // It closes, or does not take the command, whatever the message is.
        _ if matches!(code, 421 | 500 | 502 | 503 | 504 | 521) => Blame::Sender,
        _ => Blame::Message,
    }
}

fn has_words(text: &str, words: &[&str], phrases: &[&str]) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| words.contains(&word))
        || phrases.iter().any(|phrase| text.contains(phrase))
}

/// Subject and detail of an enhanced status code (RFC 3463), which stands in front, or as `(#5.7.1)`
/// behind.
fn enhanced(text: &str) -> Option<(u16, u16)> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.')).find_map(|word| {
        let mut numbers = word.trim_matches('.').split('.').map(str::parse::<u16>);
        let (class, subject, detail) = (numbers.next()?, numbers.next()?, numbers.next()?);
        match (class, numbers.next()) {
            (Ok(4 | 5), None) => Some((subject.ok()?, detail.ok()?)),
            // An address of the network, or something else.
            _ => None,
        }
    })
}

/// What the operator can do, where it is not the message.
pub(super) fn advice(step: Step, code: Option<u16>, words: &str) -> Option<&'static str> {
    const SIGN_IN_ADVICE: &str = "check the user and password in mail_url";
    const SENDER_ADVICE: &str = "set mail_from to an address that this server may send from";
    let code = code?;
    let words = words.to_ascii_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| words.contains(phrase));
    let advice = if SIGN_IN.contains(&code) || step == Step::SignIn || says(&["authenticat"]) {
        SIGN_IN_ADVICE
    } else if says(&["helo", "fully-qualified", "fully qualified"]) {
        "set mail_helo_name to a host name that resolves to this server"
    } else if says(&["spf", "dkim", "dmarc", "5.7.2"]) {
        "set up SPF, DKIM, and DMARC for the domain of mail_from"
    } else if says(&["relay"]) {
        "put a user and password into mail_url, or let the mail server relay for this host"
    } else if says(&["rate", "limit", "quota", "too many", "credits", "throttl", "4.5.3"]) {
        "the sending limit of the mail server is reached"
    } else if says(&["block", "blacklist", "spamhaus", "reputation", "client host", "ip address"]) {
        "the mail server rejects the address of this host: send through another one (mail_url)"
    } else if says(&["sender", "sendas", "from address", "not verified"]) || step == Step::Sender {
        SENDER_ADVICE
    } else if step < Step::Sender {
        return None;
    } else {
        "check mail_url and mail_from: the mail server does not accept messages from this server"
    };
    Some(advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(step: Step, reply: &str) -> Blame {
        blame(step, reply.get(..3).and_then(|code| code.parse().ok()), reply)
    }

    #[test]
    fn refusal_before_a_recipient_is_named_concerns_every_message() {
        for step in [Step::Greet, Step::Encrypt, Step::SignIn, Step::Sender] {
            for reply in [
                "504 5.5.2 <auth>: Helo command rejected: need fully-qualified hostname",
                "550 no",
                "553 5.7.1 <a@b.example>: Sender address rejected: not owned by user ann",
                "451 4.3.0 Temporary lookup failure",
                "421 4.7.28 rate limit",
            ] {
                assert_eq!(of(step, reply), Blame::Connection, "{step} {reply}");
            }
        }
        assert_eq!(blame(Step::Sender, None, "it hung up"), Blame::Connection);
        assert_eq!(blame(Step::Content, None, "it hung up"), Blame::Message);
    }

    /// As Postfix, Exim, qmail, Gmail, Microsoft 365, Amazon SES, SendGrid, and Yahoo write them.
    #[test]
    fn refusal_of_the_sender_at_the_recipient_or_content_is_recognized() {
        for reply in [
            "554 5.7.1 <…>: Relay access denied",
            "454 4.7.1 <…>: Relay access denied",
            "550 5.7.1 Relaying denied. Proper authentication required.",
            "550 relay not permitted",
            "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
            "504 5.5.2 <auth>: Helo command rejected: need fully-qualified hostname",
            "550 5.1.1 <x@b.example>: Sender address rejected: User unknown in local table",
            "450 4.1.8 <x@b.example>: Sender address rejected: Domain not found",
            "550 5.1.8 Access denied, bad outbound sender",
            "550 5.1.90 Your message can't be sent because you've reached your daily limit",
            "553 5.7.1 <x@b.example>: Sender address rejected: not owned by user ann",
            "554 5.7.1 Service unavailable; Client host [192.0.2.5] blocked using zen.example",
            "550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)",
            "550 Sender verify failed",
            "452 4.5.3 Error: too many recipients",
            "452 4.3.1 Insufficient system storage",
            "421 4.7.28 Gmail has detected an unusual rate of unsolicited mail from your IP address",
            "550 5.4.5 Daily user sending limit exceeded",
            "550 5.7.26 Unauthenticated email from example.com is not accepted due to DMARC policy",
            "550 5.7.57 Client not authenticated to send mail",
            "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP",
            "554 5.2.252 SendAsDenied; ann@example.com not allowed to send as auth@example.com",
            "554 Message rejected: Email address is not verified. The following identities failed",
            "550 The from address does not match a verified Sender Identity",
            "451 Maximum credits exceeded",
            "552 sender quota exceeded",
            "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.5",
            "503 5.5.1 need MAIL before RCPT",
            "530 5.7.0 Must issue a STARTTLS command first",
            "535 5.7.8 Authentication credentials invalid",
            "421 4.3.2 closing down",
        ] {
            for step in [Step::Recipient, Step::Content] {
                assert_ne!(of(step, reply), Blame::Message, "{step} {reply}");
            }
        }
    }

    #[test]
    fn refusal_of_the_recipient_or_the_content_concerns_the_message_alone() {
        for (step, reply) in [
            (Step::Recipient, "550 5.1.1 <…>: Recipient address rejected: User unknown"),
            (Step::Recipient, "550 5.1.1 <…>: User unknown in relay recipient table"),
            (
                Step::Recipient,
                "550-5.1.1 The email account that you tried to reach does not exist.",
            ),
            (Step::Recipient, "550 no such user"),
            (Step::Recipient, "550 Unrouteable address"),
            (Step::Recipient, "552 5.2.2 mailbox full: over quota"),
            (Step::Recipient, "452 4.2.2 mailbox has too many messages"),
            (Step::Recipient, "450 4.2.0 <…>: Recipient address rejected: Greylisted"),
            (Step::Recipient, "553 5.1.3 bad recipient address syntax"),
            (Step::Recipient, "501 bad address syntax"),
            (Step::Recipient, "550 5.4.1 Recipient address rejected: Access denied"),
            (Step::Recipient, "556 5.1.10 recipient domain has null MX"),
            (Step::Content, "554 5.6.0 message content rejected"),
            (Step::Content, "552 5.3.4 message size exceeds fixed limit"),
            (Step::Content, "554 5.7.1 This message contains a virus"),
            (Step::Content, "550 5.7.1 message is likely unsolicited mail"),
            (Step::Content, "554 transaction failed"),
            (Step::Content, "451 try again"),
        ] {
            assert_eq!(of(step, reply), Blame::Message, "{step} {reply}");
        }
    }

    #[test]
    fn network_address_is_not_read_as_an_enhanced_code() {
        assert_eq!(enhanced("550 5.7.1.9 is listed"), None);
        assert_eq!(enhanced("550 [5.1.1.10]: (#5.7.1)"), Some((7, 1)));
        assert_eq!(enhanced("550 5.1.1 no"), Some((1, 1)));
        assert_eq!(enhanced("550 no such user, 5.1.1."), Some((1, 1)));
        assert_eq!(enhanced("550 5.999999.1 no"), None);
    }

    #[test]
    fn refusal_of_the_sender_says_what_to_set() {
        for (step, reply, part) in [
            (Step::SignIn, "535 5.7.8 no", "mail_url"),
            (Step::Sender, "504 5.5.2 need fully-qualified hostname", "mail_helo_name"),
            (Step::Sender, "553 5.7.1 not owned", "mail_from"),
            (Step::Recipient, "554 5.7.1 Relay access denied", "relay for this host"),
            (Step::Content, "550 5.7.26 DMARC", "SPF"),
            (Step::Recipient, "550 5.4.5 Daily user sending limit exceeded", "limit"),
            (Step::Recipient, "554 5.7.1 Client host blocked using x", "address of this host"),
        ] {
            let said = advice(step, reply.get(..3).and_then(|c| c.parse().ok()), reply).unwrap();
            assert!(said.contains(part), "{reply}: {said}");
        }
    }
}
