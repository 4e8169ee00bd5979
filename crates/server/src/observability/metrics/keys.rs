//! Metrics of the key that signs access tokens.

use doorward_adapters::tokens::KeyRing;
use doorward_domain::signing_key::KeySchedule;
use prometheus_client::{
    metrics::gauge::ConstGauge,
    registry::{Registry, Unit},
};
use time::OffsetDateTime;

pub(super) fn collect(
    keys: &KeyRing,
    schedule: &KeySchedule,
    now: OffsetDateTime,
    registry: &mut Registry,
) {
    if let Some(since) = keys.signs_since(now) {
        let about = "Time since the current signing key was activated";
        let age = ConstGauge::new((now - since).as_seconds_f64());
        registry.register_with_unit("signing_key_age", about, Unit::Seconds, age);
    }
    if let Some(at) = keys.next_signs_at(schedule, now) {
        let about = "Time until the next signing key is activated; negative if overdue";
        let left = ConstGauge::new((at - now).as_seconds_f64());
        registry.register_with_unit("signing_key_until_rotation", about, Unit::Seconds, left);
    }
}
