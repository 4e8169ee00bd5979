use std::sync::Mutex;

use doorward_adapters::storage::{QueryObserver, StatementKind};

/// Records the statements sent to the database.
#[derive(Debug, Default)]
pub(crate) struct Statements(Mutex<Vec<StatementKind>>);

impl QueryObserver for Statements {
    fn statement(&self, kind: StatementKind) {
        self.0.lock().unwrap().push(kind);
    }
}

impl Statements {
    /// Returns the statements sent since the last call.
    pub(crate) fn take(&self) -> Vec<StatementKind> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}
