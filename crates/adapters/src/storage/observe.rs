use std::{fmt::Debug, sync::Arc};

use diesel::connection::{Instrumentation, InstrumentationEvent};

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementKind {
    /// It reads.
    Read,
    /// It writes.
    Write,
    /// It begins or ends a transaction.
    Transaction,
}

/// Is told of every statement that is sent to the database. For counting them in tests.
pub trait Observer: Debug + Send + Sync + 'static {
    /// A statement is about to be sent.
    fn statement(&self, kind: StatementKind);
}

impl dyn Observer {
    pub(super) fn instrumentation(self: Arc<Self>) -> impl Instrumentation {
        move |event: InstrumentationEvent<'_>| match event {
            InstrumentationEvent::StartQuery { query, .. } => {
                if let Some(kind) = classify(&query.to_string()) {
                    self.statement(kind);
                }
            }
            InstrumentationEvent::BeginTransaction { .. }
            | InstrumentationEvent::CommitTransaction { .. }
            | InstrumentationEvent::RollbackTransaction { .. } => {
                self.statement(StatementKind::Transaction);
            }
            _ => {}
        }
    }
}

fn classify(sql: &str) -> Option<StatementKind> {
    match sql.trim_start().get(..6)?.to_ascii_uppercase().as_str() {
        "SELECT" => Some(StatementKind::Read),
        "INSERT" | "UPDATE" | "DELETE" => Some(StatementKind::Write),
        start if start.starts_with("WITH ") => Some(StatementKind::Write),
        // BEGIN, COMMIT and PRAGMA: told of by events of their own, or part of no request.
        _ => None,
    }
}
