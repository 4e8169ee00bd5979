use super::*;

fn of(step: Step, reply: &str) -> Blame {
    blame(step, reply.get(..3).and_then(|code| code.parse().ok()), reply)
}

#[test]
fn rejection_before_the_recipient_concerns_every_message() {
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
    assert_eq!(blame(Step::Sender, None, "connection closed"), Blame::Connection);
    assert_eq!(blame(Step::Content, None, "connection closed"), Blame::Message);
}

/// Responses of Postfix, Exim, qmail, Gmail, Microsoft 365, Amazon SES, SendGrid, and Yahoo.
#[test]
fn sender_rejection_at_recipient_or_content_is_recognized() {
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
fn rejection_of_recipient_or_content_concerns_only_the_message() {
    for (step, reply) in [
        (Step::Recipient, "550 5.1.1 <…>: Recipient address rejected: User unknown"),
        (Step::Recipient, "550 5.1.1 <…>: User unknown in relay recipient table"),
        (Step::Recipient, "550-5.1.1 The email account that you tried to reach does not exist."),
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
fn sender_rejection_names_the_option_to_set() {
    for (step, reply, part) in [
        (Step::SignIn, "535 5.7.8 no", "mail.url"),
        (Step::Sender, "504 5.5.2 need fully-qualified hostname", "mail.helo_name"),
        (Step::Sender, "553 5.7.1 not owned", "mail.from"),
        (Step::Recipient, "554 5.7.1 Relay access denied", "relay for this host"),
        (Step::Content, "550 5.7.26 DMARC", "SPF"),
        (Step::Content, "550-5.7.26 Unauthenticated email from example.com", "SPF"),
        (
            Step::Recipient,
            "550 5.7.1 corporate policy of relay.example",
            "check mail.url and mail.from",
        ),
        (Step::Recipient, "450 4.2.1 Peak SMTP relay limit exceeded", "limit"),
        (Step::Recipient, "550 5.4.5 Daily user sending limit exceeded", "limit"),
        (Step::Recipient, "554 5.7.1 Client host blocked using x", "address of this host"),
    ] {
        let said = advice(step, reply.get(..3).and_then(|c| c.parse().ok()), reply).unwrap();
        assert!(said.contains(part), "{reply}: {said}");
    }
}

/// Known responses of mail servers and services, from their documentation and from reports about it.
#[test]
fn responses_of_known_services_are_classified() {
    use Blame::{Message, Sender};
    let mut wrong = Vec::new();
    for (reply, expected) in [
        // Gmail
        ("550-5.1.1 The email account that you tried to reach does not exist. - gsmtp", Message),
        ("552-5.2.2 The email account that you tried to reach is over quota. - gsmtp", Message),
        ("452-4.2.2 The email account that you tried to reach is over quota.", Message),
        ("550 5.2.1 The email account that you tried to reach is disabled.", Message),
        (
            "450-4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional \
             messages from being delivered.",
            Message,
        ),
        ("450 4.2.1 The user you are trying to contact is receiving mail too quickly.", Message),
        ("450 4.2.1 Peak SMTP relay limit exceeded for customer.", Sender),
        ("550 5.7.1 Daily SMTP relay limit exceeded for customer.", Sender),
        ("550 5.4.5 Daily sending quota exceeded.", Sender),
        ("421 4.4.5 Server busy, try again later.", Sender),
        ("421-4.7.28 Gmail has detected an unusual rate of email originating from your IP", Sender),
        ("550-5.7.26 Unauthenticated email from example.com is not accepted", Sender),
        ("550 5.7.25 The IP address sending this message does not have a PTR record", Sender),
        // Outlook.com and Exchange Online
        ("550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).", Message),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP lookup", Message),
        ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", Message),
        ("554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException", Message),
        ("432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded", Message),
        ("550 5.7.1 RESOLVER.RST.AuthRequired; authentication required", Message),
        (
            "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required",
            Message,
        ),
        ("550 5.7.124 Sender not in allowed-senders list", Message),
        (
            "451 4.4.4 Mail received as unauthenticated, incoming to a recipient domain configured in a hosted tenant",
            Message,
        ),
        ("550 5.7.1 Unfortunately, messages from [192.0.2.5] weren't sent.", Sender),
        ("550 SC-001 Unfortunately, messages from 192.0.2.5 weren't sent.", Sender),
        ("451 4.7.650 The mail server [192.0.2.5] has been temporarily rate limited", Sender),
        ("550 5.1.8 Access denied, bad outbound sender AS(42004)", Sender),
        ("550 5.7.60 SMTP; Client does not have permissions to send as this sender", Sender),
        (
            "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied",
            Sender,
        ),
        ("550 5.7.232 Your message can't be sent because your trial tenant has exceeded", Sender),
        // Yahoo
        ("554 delivery error: dd This user doesn't have a yahoo.com account", Message),
        ("450 User is receiving mail too quickly", Message),
        ("421 4.7.0 [TSS04] Messages from 192.0.2.5 temporarily deferred", Sender),
        ("553 5.7.2 [TSS09] All messages from 192.0.2.5 will be permanently deferred", Sender),
        ("421 4.16.55 [TSS05] Messages from 192.0.2.5 temporarily deferred", Sender),
        // Postfix
        (
            "550 5.1.1 <…>: Recipient address rejected: User unknown in virtual mailbox table",
            Message,
        ),
        ("450 4.1.1 <…>: Recipient address rejected: unverified address", Message),
        ("450 4.7.1 <…>: Recipient address rejected: Greylisted, see http://example.org/", Message),
        ("550 5.1.2 <…>: Recipient address rejected: Domain not found", Message),
        ("550 5.1.0 <x@b.example>: Sender address rejected: User unknown in mailbox table", Sender),
        ("450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.5]", Sender),
        ("450 4.7.1 Error: too much mail from 192.0.2.5", Sender),
        // Sent to all other clients by a list that permits some.
        ("554 5.7.1 <…>: Recipient address rejected: Access denied", Sender),
        // Exim, and others without enhanced codes
        ("550 mx-relay.example.net: no such user", Message),
        ("550 mail-rate.example.net said: User unknown", Message),
        ("550 <ann@sender-quota.example> unknown", Message),
        ("552 Mailbox quota exceeded", Message),
        ("552 Quota exceeded", Message),
        ("452 The disk quota of this user is exceeded", Message),
        ("450 Message quota exceeded", Sender),
        ("552 Requested mail action aborted: exceeded storage allocation of mailbox", Message),
        ("452 inbox is over its quota", Message),
        ("550 <…>: User unknown in relay recipient table", Message),
        ("550 This corporate address was separated", Message),
        ("550 Unrouteable address", Message),
        ("550 No user found", Message),
        ("550 5.1.0 <x@b.example> sender rejected. AUP#In-1310", Sender),
        ("550 Connection frequency limited", Sender),
        ("550 relay not permitted", Sender),
        ("550 Administrative prohibition", Sender),
        ("550-Rejected because 192.0.2.5 is in a black list at zen.spamhaus.org", Sender),
        ("550 JunkMail rejected - host [192.0.2.5] is in an RBL", Sender),
        // Amazon SES
        ("454 Throttling failure: Maximum sending rate exceeded.", Sender),
        ("454 Throttling failure: Daily message quota exceeded.", Sender),
        ("554 Message rejected: Email address is not verified.", Sender),
        ("554 Access denied: User `arn' is not authorized to perform `ses:SendRawEmail'", Sender),
        // Mailgun, SendGrid, and Postmark
        ("554 Free accounts are for test purposes only. Please upgrade", Sender),
        ("550 5.7.1 Domain example.com is not allowed to send: pending", Sender),
        ("451 Authentication failed: Maximum credits exceeded", Sender),
        ("550 Unauthenticated senders not allowed", Sender),
        ("550 The from address does not match a verified Sender Identity.", Sender),
        ("450 too frequent connects from 192.0.2.5, please try again later.", Sender),
        ("550 The 'From' address you supplied is not a Sender Signature on your account.", Sender),
        ("550 You tried to send to a recipient that has been marked as inactive.", Message),
        ("550 Recipient address is on the suppression list", Message),
    ] {
        let blamed = [Step::Recipient, Step::Content].map(|step| of(step, reply));
        if blamed != [expected; 2] {
            wrong.push(format!("{reply}: {blamed:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
