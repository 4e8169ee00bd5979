use time::OffsetDateTime;

/// The time of day.
///
/// An implementation MUST answer in UTC, cut to microseconds: the databases keep no more, and a
/// time that comes back from one has to equal the time that went in.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> OffsetDateTime;
}
