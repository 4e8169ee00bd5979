//! The key that access tokens are signed with.

use doorward_adapters::tokens::KeyRing;
use doorward_domain::signing_key::KeySchedule;
use prometheus_client::{
    metrics::gauge::ConstGauge,
    registry::{Registry, Unit},
};
use time::OffsetDateTime;

pub(super) fn tell(
    keys: &KeyRing,
    schedule: &KeySchedule,
    now: OffsetDateTime,
    registry: &mut Registry,
) {
    if let Some(since) = keys.signs_since(now) {
        let about = "How long the key has signed that signs access tokens";
        let age = ConstGauge::new((now - since).as_seconds_f64());
        registry.register_with_unit("signing_key_age", about, Unit::Seconds, age);
    }
    if let Some(at) = keys.next_signs_at(schedule, now) {
        let about = "How long it is until the next key signs; below 0 it is overdue";
        let left = ConstGauge::new((at - now).as_seconds_f64());
        registry.register_with_unit("signing_key_rotation", about, Unit::Seconds, left);
    }
}
