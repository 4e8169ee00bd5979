use std::{fmt::Debug, time::Duration};

/// Why a password was not hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnedAway {
    /// As many waited as may.
    Full,
    /// It had waited for too long.
    Late,
}

/// Is told how the hashing threads do. For counting.
pub trait Observer: Debug + Send + Sync + 'static {
    /// A hash was computed. It had waited for a thread so long, and took so long.
    fn hashed(&self, waited: Duration, took: Duration);

    /// A password was turned away. Those whose owner went away are not.
    fn turned_away(&self, why: TurnedAway);
}
