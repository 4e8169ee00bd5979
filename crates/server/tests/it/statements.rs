//! The number of statements that hot paths send.

use doorward_adapters::storage::StatementKind::{self, Read, Transaction, Write};
use doorward_domain::account::user::LoginCandidate;

use crate::support::{Backend, PASSWORD, TestApp, on_both};

/// Returns the statements of a sign-in. One transaction writes the session and the sign-in time, as one
/// statement on PostgreSQL and in a savepoint on SQLite, ends sessions beyond the limit, and writes the audit event.
fn sign_in(backend: Backend) -> Vec<StatementKind> {
    match backend {
        Backend::Postgres => vec![Transaction, Write, Write, Write, Transaction],
        Backend::Sqlite => {
            vec![Transaction, Transaction, Write, Write, Transaction, Write, Write, Transaction]
        }
    }
}

on_both! {
    async fn me_is_one_read(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.statements.take();
        app.me(&ann.access).await.ok();
        assert_eq!(app.statements.take(), [Read]);
    }

    async fn refresh_is_one_write(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.statements.take();
        app.refresh(&ann.refresh).await.ok();
        assert_eq!(app.statements.take(), [Write]);
        // A repeated refresh needs a read to detect that it is within the reuse interval.
        app.refresh(&ann.refresh).await.ok();
        assert_eq!(app.statements.take(), [Write, Read]);
    }

    async fn sign_in_is_one_read_and_one_transaction(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        app.statements.take();
        app.login("ann", PASSWORD).await.ok();
        let mut statements = app.statements.take();
        assert_eq!(statements.remove(0), Read);
        assert_eq!(statements, sign_in(backend));
    }

    async fn wrong_password_and_unknown_name_are_one_read_and_one_write_each(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        app.statements.take();
        // Beyond the number of failures that makes the next sign-in send a warning.
        for _ in 0..=LoginCandidate::SUSPICIOUS_FAILURES {
            for name in ["ann", "bob"] {
                assert_eq!(app.login(name, "wrong horse battery").await.status, 401);
                assert_eq!(app.statements.take(), [Read, Write], "{name}");
            }
        }
    }

    async fn request_for_an_email_is_one_write(backend) {
        let app = TestApp::start(backend).await;
        app.register("ann").await;
        for path in ["/v1/auth/forgot-password", "/v1/auth/resend-verification"] {
            for email in ["ann@example.com", "unknown@example.com"] {
                app.statements.take();
                app.post(path).json(&serde_json::json!({ "email": email })).send().await.ok();
                assert_eq!(app.statements.take(), [Write], "{path} {email}");
            }
        }
    }

    async fn reading_an_organization_is_two_reads_and_listing_three(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        let path = format!("/v1/orgs/{}", ann.workspace);
        for (path, expected) in [
            ("/v1/orgs".to_owned(), vec![Read; 2]),
            (path.clone(), vec![Read; 2]),
            (format!("{path}/members"), vec![Read; 3]),
            (format!("{path}/invites"), vec![Read; 3]),
        ] {
            app.statements.take();
            app.get(&path).bearer(&ann.access).send().await.ok();
            assert_eq!(app.statements.take(), expected, "{path}");
        }
    }

    async fn changing_an_organization_is_one_transaction_with_two_reads(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.statements.take();
        let body = serde_json::json!({ "name": "Acme" });
        let path = format!("/v1/orgs/{}", ann.workspace);
        app.patch(&path).bearer(&ann.access).json(&body).send().await.ok();
        // The caller; then the lock and the role; then the change and its audit event.
        let mut statements = app.statements.take();
        assert_eq!(statements.remove(0), Read);
        assert_eq!(statements, [Transaction, Read, Read, Write, Write, Transaction]);
    }

    async fn switching_organizations_is_one_read_and_two_writes_in_a_transaction(backend) {
        let app = TestApp::start(backend).await;
        let ann = app.register("ann").await;
        app.statements.take();
        let body = serde_json::json!({ "org_id": ann.workspace });
        app.post("/v1/auth/switch-org").bearer(&ann.access).json(&body).send().await.ok();
        assert_eq!(app.statements.take(), [Read, Transaction, Write, Write, Transaction]);
    }
}
