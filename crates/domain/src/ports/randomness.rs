/// The source of chance: salts, keys, jitter.
///
/// An implementation MUST be cryptographically secure, except in tests.
pub trait Randomness: Send + Sync {
    /// Fills the buffer with random octets.
    fn fill(&self, buffer: &mut [u8]);
}
