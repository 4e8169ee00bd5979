//! The keys that sign access tokens, as storage keeps them.

use time::OffsetDateTime;

/// A signing key at rest: its private half is sealed under the master secret, so that a stolen
/// database signs nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// The key's id: its JWK thumbprint (RFC 7638).
    pub kid: String,
    /// The JWS algorithm it is for, such as `EdDSA`.
    pub algorithm: String,
    /// The public half: for Ed25519 the 32 octets of RFC 8032.
    pub public_key: Vec<u8>,
    /// The private half, sealed.
    pub sealed_private_key: Vec<u8>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// From when it signs. It is published before.
    pub activates_at: OffsetDateTime,
    /// Until when it is published, once another signs.
    pub expires_at: Option<OffsetDateTime>,
}
