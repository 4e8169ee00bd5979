//! Listing and retrying emails on the command line.

use doorward_domain::MailId;

use crate::support::{TestApp, on_both};

on_both! {
    async fn failed_email_is_sent_after_a_retry(backend) {
        let app = TestApp::start_beside_operators(backend).await;
        app.register("ann").await;
        let listed = app.operate(&["mail", "list", "--json"]).json();
        let mail = &listed["items"][0];
        assert_eq!((&mail["to"], &mail["state"]), (&"ann@example.com".into(), &"waiting".into()));
        let id = mail["mail_id"].as_str().unwrap();
        let now = app.state.ports.clock.now();
        let mut repositories = app.state.ports.storage.connect().await.unwrap();
        let error = "550 no such box\n\u{1b}[31m";
        repositories.outbox().mark_failed(id.parse::<MailId>().unwrap(), now, error).await.unwrap();
        drop(repositories);
        assert!(app.messages().await.is_empty());

        let table = app.operate(&["mail", "list", "--state", "failed"]).done();
        assert!(table.contains(" failed ") && table.contains("550 no such box\u{FFFD}\u{FFFD}[31m"), "{table}");
        let card = app.operate(&["mail", "show", id]).done();
        assert!(card.contains("verify_email") && card.contains("Failed"), "{card}");
        let said = app.operate(&["mail", "retry", id]).done();
        assert!(said.starts_with("1 email queued for retry"), "{said}");
        let sent = app.mail().await;
        assert_eq!(sent.to, "ann@example.com");

        let said = app.operate(&["mail", "retry", id]).refused();
        assert!(said.contains("has already been sent"), "{said}");
        assert!(app.operate(&["mail", "retry", "--all"]).done().contains("nothing to retry"));
        for arguments in [&["mail", "list"][..], &["mail", "show", id], &["mail", "show", id, "--json"]] {
            let said = app.operate(arguments).done();
            assert!(said.contains("sent") && !said.contains(&sent.token()), "{said}");
            assert!(!said.contains("token") && !said.contains("dwv_"), "{said}");
        }
        let unknown = "0190a6f0-0000-7000-8000-000000000001";
        assert!(app.operate(&["mail", "show", unknown]).refused().contains("there is no message"));
        assert!(app.operate(&["mail", "retry", unknown]).refused().contains("there is no message"));
        assert!(app.operate(&["mail", "show", "x"]).refused().contains("the ID of an email"));
    }
}
