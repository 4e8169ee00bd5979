use crate::token::{PlainToken, TokenPurpose, TokenRef};

/// Makes and opens opaque tokens: the id of a row and a MAC, under a key for each purpose.
///
/// Nothing is stored, so the same reference always gives the same token while the secret stays.
/// An implementation MUST refuse a token of another purpose, a changed, cut or lengthened one, and
/// MUST compare in constant time.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait OpaqueTokens: Send + Sync {
    /// The token for a row.
    fn issue(&self, purpose: TokenPurpose, token: TokenRef) -> PlainToken;

    /// What a token says, if it is one of ours and for this purpose.
    fn open(&self, purpose: TokenPurpose, token: &str) -> Option<TokenRef>;
}
