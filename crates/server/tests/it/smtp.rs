//! Mails and a mail server that is not always as it should be: none is lost, and nobody waits.

use std::collections::BTreeSet;

use doorward_domain::{
    MailId,
    email::EmailAddress,
    mail::{MailSender, MailSubject, OutboxEntry, retry},
};
use doorward_server::config::Options;
use doorward_testing::{TestSmtp, Turn};
use serde_json::json;
use time::Duration;

use crate::support::{Backend, TestApp, on_both};

/// A server whose mails go to that one.
async fn start(backend: Backend, smtp: &TestSmtp) -> TestApp {
    let url = format!("smtp://127.0.0.1:{}", smtp.port());
    let options = Options { mail_url: Some(url.parse().unwrap()), ..Options::default() };
    TestApp::start_with(backend, options).await
}

impl TestApp {
    /// Lets the worker do what is due now.
    async fn deliver(&self) {
        while self.state.application.deliver_mail.run().await.unwrap() > 0 {}
    }

    /// How many messages were given up.
    async fn parked(&self) -> u64 {
        let mut repositories = self.state.ports.storage.connect().await.unwrap();
        repositories.outbox().backlog().await.unwrap().parked
    }

    /// Leaves mails to many people in the outbox.
    async fn leave_mails(&self, count: usize) {
        let ports = &self.state.ports;
        let mut work = ports.storage.begin().await.unwrap();
        for number in 0..count {
            let to = EmailAddress::parse(&format!("person{number}@example.com")).unwrap();
            let mail = OutboxEntry {
                id: MailId::from_uuid(ports.ids.next()),
                sender: MailSender::recipient(&to),
                to,
                subject: MailSubject::PasswordChanged,
                created_at: ports.clock.now(),
                attempts: 0,
            };
            work.outbox().enqueue(&mail).await.unwrap();
        }
        work.commit().await.unwrap();
    }
}

on_both! {
    async fn nobody_who_asks_for_a_mail_waits_for_the_mail_server(backend) {
        let smtp = TestSmtp::start().await;
        smtp.then("banner", [Turn::Hang]);
        let app = start(backend, &smtp).await;
        app.register("ann").await;
        let body = json!({ "email": "ann@example.com" });
        app.post("/v1/auth/forgot-password").json(&body).send().await.ok();
        app.post("/v1/auth/resend-verification").json(&body).send().await.ok();
        assert_eq!(smtp.connections(), 0);
    }

    async fn mails_wait_for_a_mail_server_that_is_away_and_go_out_once_it_is_back(backend) {
        let smtp = TestSmtp::start().await;
        smtp.set_away(true);
        let app = start(backend, &smtp).await;
        app.leave_mails(200).await;
        // Longer than a mail is tried that is refused again and again.
        for round in 1..=20 {
            app.deliver().await;
            assert_eq!(smtp.connections(), 40 * round, "one of each batch knocks");
            app.advance(Duration::seconds(20));
        }
        smtp.set_away(false);
        app.deliver().await;
        let taken = smtp.taken();
        assert_eq!((taken.len(), smtp.connections()), (200, 801), "one after the other, on one connection");
        let ids: Vec<_> = taken.iter().map(|mail| mail.header("Message-ID")).collect();
        let people: BTreeSet<_> = taken.iter().map(|mail| &mail.to).collect();
        assert!(people.len() == 200 && ids.is_sorted(), "each once, in their order: {ids:?}");
        app.advance(Duration::DAY);
        app.deliver().await;
        assert_eq!(smtp.taken().len(), 200);
    }

    async fn a_mail_that_is_put_off_goes_out_later_and_once(backend) {
        let smtp = TestSmtp::start().await;
        let app = start(backend, &smtp).await;
        app.leave_mails(1).await;
        smtp.then("RCPT", [Turn::say("450 4.2.1 greylisted"), Turn::say("451 4.4.1 no answer")]);
        for (seconds, taken) in [(0, 0), (4, 0), (4, 0), (9, 0), (5, 1), (4000, 1)] {
            app.advance(Duration::seconds(seconds));
            app.deliver().await;
            assert_eq!(smtp.taken().len(), taken, "after {seconds} s more");
        }
    }

    async fn a_mail_that_is_refused_is_offered_once(backend) {
        let smtp = TestSmtp::start().await;
        let app = start(backend, &smtp).await;
        for (mails, point) in ["RCPT", "DATA", "."].into_iter().enumerate() {
            smtp.then(point, [Turn::say("550 5.1.1 no such box")]);
            app.leave_mails(1).await;
            for _ in 0..3 {
                app.deliver().await;
                app.advance(Duration::HOUR);
            }
            assert_eq!(smtp.connections(), mails + 1, "{point}");
        }
        assert!(smtp.taken().is_empty());
        app.leave_mails(1).await;
        app.deliver().await;
        assert_eq!(smtp.taken().len(), 1);
    }

    async fn refused_sender_costs_no_message_whichever_command_it_comes_at(backend) {
        for (point, reply) in [
            ("MAIL", "504 5.5.2 <auth>: Helo command rejected: need fully-qualified hostname"),
            ("MAIL", "553 5.7.1 Sender address rejected: not owned by user"),
            ("MAIL", "450 4.7.1 you are sending too much"),
            ("RCPT", "554 5.7.1 <person@example.com>: Relay access denied"),
            ("RCPT", "550 5.1.1 <auth@example.com>: Sender address rejected: User unknown"),
            ("DATA", "550 5.7.26 Unauthenticated email is not accepted due to DMARC policy"),
            (".", "554 Message rejected: Email address is not verified."),
            (".", "550 5.4.5 Daily user sending limit exceeded"),
        ] {
            let smtp = TestSmtp::start().await;
            let app = start(backend, &smtp).await;
            app.leave_mails(7).await;
            smtp.always(point, Some(Turn::say(reply)));
            // Longer than a message is tried that is refused for its own sake.
            for _ in 0..15 {
                app.deliver().await;
                app.advance(Duration::minutes(31));
            }
            assert_eq!((smtp.taken().len(), app.parked().await), (0, 0), "{point} {reply}");
            smtp.always(point, None);
            for _ in 0..3 {
                app.deliver().await;
                app.advance(Duration::minutes(31));
            }
            let people: BTreeSet<_> = smtp.taken().into_iter().map(|mail| mail.to).collect();
            assert_eq!((people.len(), smtp.taken().len()), (7, 7), "each once: {point} {reply}");
        }
    }

    async fn message_refused_for_its_content_is_parked_and_blocks_no_other(backend) {
        let smtp = TestSmtp::start().await;
        let app = start(backend, &smtp).await;
        app.leave_mails(5).await;
        let poison = |reply| Some(Turn::say(reply));
        smtp.always(". <person0@example.com>", poison("554 5.6.0 message content rejected"));
        // What can't be told from a refusal of the sender ends as well, and later.
        smtp.always(". <person1@example.com>", poison("550 5.7.1 rejected by policy"));
        smtp.always("RCPT <person2@example.com>", poison("550 5.7.1 Unable to relay"));
        app.deliver().await;
        app.advance(Duration::MINUTE);
        app.deliver().await;
        assert_eq!((smtp.taken().len(), app.parked().await), (2, 1));
        app.advance(retry::MAX_WAIT);
        app.deliver().await;
        assert_eq!((smtp.taken().len(), app.parked().await), (2, 3));
    }

    async fn a_mail_whose_receipt_is_lost_comes_twice_as_the_same_one(backend) {
        let smtp = TestSmtp::start().await;
        let app = start(backend, &smtp).await;
        app.leave_mails(1).await;
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

    async fn a_worker_that_dies_loses_no_mail(backend) {
        let smtp = TestSmtp::start().await;
        let app = start(backend, &smtp).await;
        app.leave_mails(2).await;
        smtp.then(".", [Turn::Hang]);
        let application = app.state.application.clone();
        let worker = tokio::spawn(async move { application.deliver_mail.run().await });
        // The mail server has it, and its receipt never comes.
        smtp.wait_for(1).await;
        worker.abort();
        assert!(worker.await.unwrap_err().is_cancelled());
        for _ in 0..3 {
            app.advance(retry::LEASE + Duration::SECOND);
            app.deliver().await;
        }
        let taken = smtp.taken();
        let ids: BTreeSet<_> = taken.iter().map(|mail| mail.header("Message-ID")).collect();
        assert_eq!((taken.len(), ids.len()), (3, 2), "the one that it was at came twice");
    }

    async fn a_worker_whose_clock_is_ahead_leaves_alone_what_another_is_at(backend) {
        let smtp = TestSmtp::start().await;
        let secret = "one secret for both of the servers";
        let options = || Options {
            mail_url: Some(format!("smtp://127.0.0.1:{}", smtp.port()).parse().unwrap()),
            secret: Some(secret.parse().unwrap()),
            ..Options::default()
        };
        let behind = TestApp::start_with(backend, options()).await;
        let ahead = behind.beside(options()).await;
        ahead.advance(retry::CLOCK_SKEW * 2);
        behind.leave_mails(retry::BATCH as usize).await;
        smtp.then(".", [Turn::Hang]);
        let application = behind.state.application.clone();
        let worker = tokio::spawn(async move { application.deliver_mail.run().await });
        // It is at the first of five, which are all its own for as long as each of them may hang.
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
        assert_eq!(smtp.taken().len(), 6, "the other one is dead, and they are not lost");
    }

    async fn a_mail_that_is_no_use_any_more_is_not_sent_when_the_mail_server_is_back(backend) {
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
