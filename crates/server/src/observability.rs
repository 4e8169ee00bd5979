//! What operators see of a running server: logs, metrics, traces, and probes.

pub(crate) mod health;
pub(crate) mod logging;
pub(crate) mod metrics;
pub(crate) mod readiness;
pub mod telemetry;
