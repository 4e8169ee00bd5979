//! One account's messages do not hold up those of others. Deliveries are counted, not timed.

use doorward_domain::mail::MailLane;
use serde_json::json;

use crate::support::{Mail, Person, TestApp, on_both};

impl TestApp {
    /// Delivers one message from a lane.
    async fn deliver_one(&self, lane: MailLane) -> Option<Mail> {
        let deliver_mail = &self.state.application.mail.deliver;
        for entry in deliver_mail.take(lane, 1).await.unwrap() {
            deliver_mail.handle(entry).await.unwrap();
        }
        self.delivered().pop()
    }

    async fn invite_many(&self, by: &Person, count: usize) -> String {
        let org = self.shared_org(by).await.to_string();
        for number in 0..count {
            let body = json!({ "email": format!("guest{number}@example.net"), "role": "member" });
            let path = format!("/v1/orgs/{org}/invites");
            self.post(&path).bearer(&by.access).json(&body).send().await.ok();
        }
        org
    }
}

on_both! {
    async fn many_invitations_of_one_account_delay_others_by_two_deliveries_at_most(backend) {
        let app = TestApp::start(backend).await;
        let (ann, bob) = (app.register_verified("ann").await, app.register_verified("bob").await);
        app.messages().await;
        app.invite_many(&ann, 250).await;
        let org = app.shared_org(&bob).await;
        let body = json!({ "email": "cleo@example.org", "role": "member" });
        let path = format!("/v1/orgs/{org}/invites");
        app.post(&path).bearer(&bob.access).json(&body).send().await.ok();
        let body = json!({ "email": "bob@example.com" });
        app.post("/v1/auth/forgot-password").json(&body).send().await.ok();

        // Messages that a user requests about their own account never wait for invitations.
        assert_eq!(app.deliver_one(MailLane::Account).await.unwrap().to, "bob@example.com");
        let mut recipients = Vec::new();
        for _ in 0..3 {
            recipients.push(app.deliver_one(MailLane::Bulk).await.unwrap().to);
        }
        let place = recipients.iter().position(|to| to == "cleo@example.org");
        assert!(place.is_some_and(|before| before <= 2), "{recipients:?}");
        // All other messages are delivered, too.
        assert_eq!(app.messages().await.len(), 248);
    }
}
