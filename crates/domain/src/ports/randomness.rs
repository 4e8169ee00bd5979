/// Generates random bytes for salts, keys, and jitter.
///
/// An implementation MUST be cryptographically secure, except in tests.
pub trait Randomness: Send + Sync {
    /// Fills the buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}
