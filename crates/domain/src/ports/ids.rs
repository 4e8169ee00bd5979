use uuid::Uuid;

/// Generates IDs.
///
/// An implementation MUST never return the same ID twice. It SHOULD return UUIDs of version 7 (RFC 9562,
/// section 5.7), which sort by time.
pub trait Ids: Send + Sync {
    /// Returns a new ID.
    fn next(&self) -> Uuid;
}
