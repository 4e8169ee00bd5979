//! The signals that supervisors, terminals, and operators send to a server.

use std::{
    io::{self, IsTerminal},
    time::Duration,
};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that this process handles. Unhandled signals would terminate it immediately, or do nothing if the server
/// is the first process of a container.
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    quit: Signal,
    hangup: Signal,
    user1: Signal,
    user2: Signal,
    has_terminal: bool,
}

impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            hangup: signal(SignalKind::hangup())?,
            user1: signal(SignalKind::user_defined1())?,
            user2: signal(SignalKind::user_defined2())?,
            has_terminal: io::stdout().is_terminal(),
        })
    }

    /// Waits for a signal that stops the server: SIGTERM, SIGINT, SIGQUIT, and SIGHUP from a terminal that is closed.
    /// Others are logged and ignored.
    pub(crate) async fn stop(&mut self) -> &'static str {
        loop {
            let ignored = tokio::select! {
                _ = self.terminate.recv() => return "SIGTERM",
                _ = self.interrupt.recv() => return "SIGINT",
                _ = self.quit.recv() => return "SIGQUIT",
                _ = self.hangup.recv() => "SIGHUP",
                _ = self.user1.recv() => "SIGUSR1",
                _ = self.user2.recv() => "SIGUSR2",
            };
            if ignored == "SIGHUP" && self.has_terminal {
                return ignored;
            }
            tracing::info!(
                signal = ignored,
                "signal ignored: restart the server to apply a changed configuration"
            );
        }
    }
}

/// The same shutdown signal, sent twice within this time, counts once.
const ONE_WISH: Duration = Duration::from_secs(1);

/// Returns `true` if a shutdown signal only repeats the first one: wrappers such as timeout(1) signal the process and
/// then its group, which is a single request to stop.
pub(crate) fn is_repeated(first: &str, signal: &str, after: Duration) -> bool {
    signal == first && after < ONE_WISH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_shutdown_signal_counts_once_within_a_second() {
        let after = Duration::from_millis;
        assert!(is_repeated("SIGTERM", "SIGTERM", after(0)));
        assert!(is_repeated("SIGTERM", "SIGTERM", after(999)));
        assert!(!is_repeated("SIGTERM", "SIGTERM", after(1000)));
        assert!(!is_repeated("SIGTERM", "SIGINT", after(0)));
    }
}
