//! Delivery to a mail server with faults: no email is lost, and no request waits for the mail server.

use std::collections::BTreeSet;

use doorward_domain::{
    MailId,
    account::email::EmailAddress,
    mail::{MailKind, MailSender, OutboxEntry, retry},
};
use doorward_server::config::Options;
use doorward_testing::{TestSmtp, Turn};
use serde_json::json;
use time::Duration;

use crate::support::{Backend, TestApp, on_both};

/// Starts a server that sends its emails to `smtp`.
async fn start(backend: Backend, smtp: &TestSmtp) -> TestApp {
    let url = format!("smtp://127.0.0.1:{}", smtp.port());
    let options = Options { mail_url: Some(url.parse().unwrap()), ..Options::default() };
    TestApp::start_with(backend, options).await
}

impl TestApp {
    /// Delivers everything that is due.
    async fn deliver(&self) {
        while self.state.application.mail.deliver.run().await.unwrap() > 0 {}
    }

    /// Returns the number of failed messages.
    async fn failed(&self) -> u64 {
        let mut repositories = self.state.ports.storage.connect().await.unwrap();
        repositories.outbox().backlog().await.unwrap().failed
    }

    /// Queues emails to `count` recipients.
    async fn queue_emails(&self, count: usize) {
        let ports = &self.state.ports;
        let mut work = ports.storage.begin().await.unwrap();
        for number in 0..count {
            let to = EmailAddress::parse(&format!("reader{number}@example.com")).unwrap();
            let mail = OutboxEntry {
                id: MailId::from_uuid(ports.ids.next()),
                sender: MailSender::recipient(&to),
                to,
                subject: MailKind::PasswordChanged,
                created_at: ports.clock.now(),
                attempts: 0,
            };
            work.outbox().enqueue(&mail).await.unwrap();
        }
        work.commit().await.unwrap();
    }
}

on_both! {
    async fn request_for_an_email_does_not_wait_for_the_mail_server(backend) {
        let smtp = TestSmtp::start().await;
        smtp.then("banner", [Turn::Hang]);
        let app = start(backend, &smtp).await;
        app.register("ann").await;
        let body = json!({ "email": "ann@example.com" });
        app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
        app.post("/v1/auth/resend-verification").json(&body).send().await.ok();
        assert_eq!(smtp.connections(), 0);
    }

    async fn emails_are_sent_once_the_mail_server_is_available_again(backend) {
        let smtp = TestSmtp::start().await;
        smtp.set_away(true);
        let app = start(backend, &smtp).await;
        app.queue_emails(200).await;
        // Longer than an email is retried that is refused repeatedly.
        for round in 1..=20 {
            app.deliver().await;
            assert_eq!(smtp.connections(), 40 * round, "each batch connects once");
            app.advance(Duration::seconds(20));
        }
        smtp.set_away(false);
        app.deliver().await;
        let taken = smtp.taken();
        assert_eq!((taken.len(), smtp.connections()), (200, 801), "all on one connection");
        let ids: Vec<_> = taken.iter().map(|mail| mail.header("Message-ID")).collect();
        let people: BTreeSet<_> = taken.iter().map(|mail| &mail.to).collect();
        assert!(people.len() == 200 && ids.is_sorted(), "not each once and in order: {ids:?}");
        app.advance(Duration::DAY);
        app.deliver().await;
        assert_eq!(smtp.taken().len(), 200);
    }

    async fn temporarily_refused_email_is_sent_later_and_once(backend) {
        let smtp = TestSmtp::start().await;
        let app = start(backend, &smtp).await;
        app.queue_emails(1).await;
        smtp.then("RCPT", [Turn::say("450 4.2.1 greylisted"), Turn::say("451 4.4.1 no response")]);
        for (seconds, taken) in [(0, 0), (4, 0), (4, 0), (9, 0), (5, 1), (4000, 1)] {
            app.advance(Duration::seconds(seconds));
            app.deliver().await;
            assert_eq!(smtp.taken().len(), taken, "after {seconds} s more");
        }
    }

    async fn permanently_refused_email_is_tried_once(backend) {
        let smtp = TestSmtp::start().await;
        let app = start(backend, &smtp).await;
        for (mails, point) in ["RCPT", "DATA", "."].into_iter().enumerate() {
            smtp.then(point, [Turn::say("550 5.1.1 no such box")]);
            app.queue_emails(1).await;
            for _ in 0..3 {
                app.deliver().await;
                app.advance(Duration::HOUR);
            }
            assert_eq!(smtp.connections(), mails + 1, "{point}");
        }
        assert!(smtp.taken().is_empty());
        app.queue_emails(1).await;
        app.deliver().await;
        assert_eq!(smtp.taken().len(), 1);
    }

    async fn refused_sender_loses_no_message_at_any_smtp_command(backend) {
        for (point, reply) in [
            ("MAIL", "504 5.5.2 <auth>: Helo command rejected: need fully-qualified hostname"),
            ("MAIL", "553 5.7.1 Sender address rejected: not owned by user"),
            ("MAIL", "450 4.7.1 you are sending too much"),
            ("RCPT", "554 5.7.1 <reader@example.com>: Relay access denied"),
            ("RCPT", "550 5.1.1 <auth@example.com>: Sender address rejected: User unknown"),
            ("DATA", "550 5.7.26 Unauthenticated email is not accepted due to DMARC policy"),
            (".", "554 Message rejected: Email address is not verified."),
            (".", "550 5.4.5 Daily user sending limit exceeded"),
        ] {
            let smtp = TestSmtp::start().await;
            let app = start(backend, &smtp).await;
            app.queue_emails(7).await;
            smtp.always(point, Some(Turn::say(reply)));
            // Longer than a message is retried that is refused because of the message itself.
            for _ in 0..15 {
                app.deliver().await;
                app.advance(Duration::minutes(31));
            }
            assert_eq!((smtp.taken().len(), app.failed().await), (0, 0), "{point} {reply}");
            smtp.always(point, None);
            for _ in 0..3 {
                app.deliver().await;
                app.advance(Duration::minutes(31));
            }
            let people: BTreeSet<_> = smtp.taken().into_iter().map(|mail| mail.to).collect();
            assert_eq!((people.len(), smtp.taken().len()), (7, 7), "not each once: {point} {reply}");
        }
    }

    async fn message_refused_for_its_content_fails_and_blocks_no_other(backend) {
        let smtp = TestSmtp::start().await;
        let app = start(backend, &smtp).await;
        app.queue_emails(5).await;
        let poison = |reply| Some(Turn::say(reply));
        smtp.always(". <reader0@example.com>", poison("554 5.6.0 message content rejected"));
        // A reply that may also mean a refused sender fails the message, too, but later.
        smtp.always(". <reader1@example.com>", poison("550 5.7.1 rejected by policy"));
        smtp.always("RCPT <reader2@example.com>", poison("550 5.7.1 Unable to relay"));
        app.deliver().await;
        app.advance(Duration::MINUTE);
        app.deliver().await;
        assert_eq!((smtp.taken().len(), app.failed().await), (2, 1));
        app.advance(retry::MAX_WAIT);
        app.deliver().await;
        assert_eq!((smtp.taken().len(), app.failed().await), (2, 3));
    }

    async fn unconfirmed_email_is_sent_again_with_the_same_message_id(backend) {
        let smtp = TestSmtp::start().await;
        let app = start(backend, &smtp).await;
        app.queue_emails(1).await;
        smtp.then(".", [Turn::HangUp]);
        for _ in 0..4 {
            app.deliver().await;
            app.advance(Duration::MINUTE);
        }
        let taken = smtp.taken();
        assert_eq!(taken.len(), 2);
        assert_eq!(taken[0].text, taken[1].text);
        let id = taken[0].header("Message-ID");
        assert!(id.starts_with('<') && id.ends_with("@127.0.0.1>"), "{id}");
    }

    async fn killed_worker_loses_no_email(backend) {
        let smtp = TestSmtp::start().await;
        let app = start(backend, &smtp).await;
        app.queue_emails(2).await;
        smtp.then(".", [Turn::Hang]);
        let application = app.state.application.clone();
        let worker = tokio::spawn(async move { application.mail.deliver.run().await });
        // The mail server has received the message but never confirms it.
        smtp.wait_for(1).await;
        worker.abort();
        assert!(worker.await.unwrap_err().is_cancelled());
        for _ in 0..3 {
            app.advance(retry::LEASE + Duration::SECOND);
            app.deliver().await;
        }
        let taken = smtp.taken();
        let ids: BTreeSet<_> = taken.iter().map(|mail| mail.header("Message-ID")).collect();
        assert_eq!((taken.len(), ids.len()), (3, 2), "the interrupted message arrives twice");
    }

    async fn worker_with_a_fast_clock_respects_the_leases_of_another(backend) {
        let smtp = TestSmtp::start().await;
        let secret = "one secret for both of the servers";
        let options = || Options {
            mail_url: Some(format!("smtp://127.0.0.1:{}", smtp.port()).parse().unwrap()),
            master_key: Some(secret.parse().unwrap()),
            ..Options::default()
        };
        let behind = TestApp::start_with(backend, options()).await;
        let ahead = behind.beside(options()).await;
        ahead.advance(retry::CLOCK_SKEW * 2);
        behind.queue_emails(retry::BATCH as usize).await;
        smtp.then(".", [Turn::Hang]);
        let application = behind.state.application.clone();
        let worker = tokio::spawn(async move { application.mail.deliver.run().await });
        // The worker sends the first of five messages, and leases all five for as long as each of them may hang.
        smtp.wait_for(1).await;
        for pause in [Duration::ZERO, retry::SEND_TIMEOUT * retry::BATCH] {
            ahead.advance(pause);
            ahead.deliver().await;
            assert_eq!(smtp.taken().len(), 1, "after {pause}");
        }
        worker.abort();
        assert!(worker.await.unwrap_err().is_cancelled());
        ahead.advance(retry::LEASE);
        ahead.deliver().await;
        assert_eq!(smtp.taken().len(), 6, "the messages of the dead worker are sent");
    }

    async fn expired_email_is_not_sent_when_the_mail_server_returns(backend) {
        let smtp = TestSmtp::start().await;
        smtp.set_away(true);
        let app = start(backend, &smtp).await;
        app.register("ann").await;
        app.deliver().await;
        app.advance(Duration::days(2));
        smtp.set_away(false);
        app.deliver().await;
        assert!(smtp.taken().is_empty(), "the link has expired");
    }
}
