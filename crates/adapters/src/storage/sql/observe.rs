use std::{fmt::Debug, sync::Arc};

use diesel::connection::{Instrumentation, InstrumentationEvent};

/// The kind of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementKind {
    /// Reads data.
    Read,
    /// Writes data.
    Write,
    /// Begins or ends a transaction.
    Transaction,
}

/// Observes every statement that is sent to the database, so that tests can count them.
pub trait QueryObserver: Debug + Send + Sync + 'static {
    /// Called before a statement is sent.
    fn statement(&self, kind: StatementKind);
}

impl dyn QueryObserver {
    pub(crate) fn instrumentation(self: Arc<Self>) -> impl Instrumentation {
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
        // BEGIN and COMMIT have events of their own, and PRAGMA belongs to no request.
        _ => None,
    }
}
