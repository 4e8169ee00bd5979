use crate::token::{PlainToken, TokenPurpose, TokenRef};

/// Issues and verifies opaque tokens: the ID of a row and a MAC, with a separate key for each purpose.
///
/// No token is stored: the same reference always gives the same token as long as the master key stays the same.
/// An implementation MUST reject a token that has another purpose or that was changed, truncated, or
/// extended. It MUST compare MACs in constant time.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait OpaqueTokens: Send + Sync {
    /// Returns the token for a row.
    fn issue(&self, purpose: TokenPurpose, token: TokenRef) -> PlainToken;

    /// Verifies a token and returns the row that it refers to. Returns `None` if this server didn't issue the
    /// token for this purpose.
    fn verify(&self, purpose: TokenPurpose, token: &str) -> Option<TokenRef>;
}
