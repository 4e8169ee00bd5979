use uuid::Uuid;

/// The source of new ids.
///
/// An implementation MUST never answer the same id twice, and SHOULD answer UUIDs of version 7
/// (RFC 9562, section 5.7), which sort by time.
pub trait Ids: Send + Sync {
    /// A new id.
    fn next(&self) -> Uuid;
}
