/// Errors returned when parsing an [`OriginPattern`](super::OriginPattern): browsers never send such an origin, or it
/// would match too many websites.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOrigin {
    /// The scheme is missing.
    #[error(
        "{given} has no scheme: write https://{host}, or http://{host} for a server without TLS"
    )]
    SchemeMissing {
        /// The text as given.
        given: String,
        /// The text after the missing scheme.
        host: String,
    },
    /// The scheme or its separator is mistyped.
    #[error("{given} is not an origin: write {origin}")]
    Mistyped {
        /// The text as given.
        given: String,
        /// The suggested origin.
        origin: String,
    },
    /// The name ends with a dot. Browsers treat that as a different origin, which users don't open.
    #[error(
        "{given}: the name ends with a dot, but the URLs that users open don't: write {origin}"
    )]
    TrailingDot {
        /// The text as given.
        given: String,
        /// The suggested origin.
        origin: String,
    },
    /// The text can't be parsed.
    #[error("{0} is not an origin such as https://app.example.com")]
    Unreadable(String),
    /// The text contains quotation marks.
    #[error("{0} contains quotation marks: remove them")]
    Quoted(String),
    /// The URL has a path, a query, a fragment, or credentials.
    #[error("{given} is more than an origin: write {origin}")]
    MoreThanOrigin {
        /// The text as given.
        given: String,
        /// The suggested origin.
        origin: String,
    },
    /// Web pages can't have an origin with this scheme.
    #[error("{given}: web pages can't have an origin with this scheme: write {origin}")]
    NotOfPages {
        /// The text as given.
        given: String,
        /// The suggested origin.
        origin: String,
    },
    /// The origin is opaque. Pages with an opaque origin send `null`.
    #[error(
        "{0} can't be allowed: browsers send the origin null for local files and sandboxed frames of \
         every website; serve the page from http://localhost instead"
    )]
    Opaque(String),
    /// The pattern would match websites of other owners.
    #[error(
        "{0} would allow websites that you don't control: list each origin, or all subdomains of a domain \
         that you own, such as https://*.example.com"
    )]
    TooWide(String),
    /// The asterisk is not at the place of all subdomains.
    #[error(
        "{0}: an asterisk can only stand for all subdomains, as in https://*.example.com; \
         list each origin instead"
    )]
    Asterisk(String),
}
