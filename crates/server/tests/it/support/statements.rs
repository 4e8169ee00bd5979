use std::sync::Mutex;

use doorward_adapters::storage::{Observer, StatementKind};

/// Counts what is sent to the database.
#[derive(Debug, Default)]
pub(crate) struct Statements(Mutex<Vec<StatementKind>>);

impl Observer for Statements {
    fn statement(&self, kind: StatementKind) {
        self.0.lock().unwrap().push(kind);
    }
}

impl Statements {
    /// What was sent since the last time, and starts anew.
    pub(crate) fn take(&self) -> Vec<StatementKind> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}
