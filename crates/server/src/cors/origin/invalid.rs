/// No browser sends such an origin, or too many websites would match it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOrigin {
    /// There is no scheme.
    #[error(
        "{given} has no scheme: write https://{host}, or http://{host} for a server without TLS"
    )]
    SchemeMissing {
        /// What was given.
        given: String,
        /// The part of it that follows the scheme.
        host: String,
    },
    /// The scheme, or what separates it from the host, has a mistake in it.
    #[error("{given} is not an origin: write {origin}")]
    Mistyped {
        /// What was given.
        given: String,
        /// What was probably meant.
        origin: String,
    },
    /// A name that ends with a dot is another one to browsers, and nobody types it.
    #[error(
        "{given}: the name ends with a dot, and the addresses that users open do not: write {origin}"
    )]
    TrailingDot {
        /// What was given.
        given: String,
        /// What was probably meant.
        origin: String,
    },
    /// It can't be read.
    #[error("{0} is not an origin such as https://app.example.com")]
    Unreadable(String),
    /// It is in quotes.
    #[error("{0} has quotation marks in it: remove them")]
    Quoted(String),
    /// It has a path, a query, a fragment, or credentials.
    #[error("{given} has more than an origin: write {origin}")]
    MoreThanOrigin {
        /// What was given.
        given: String,
        /// What was probably meant.
        origin: String,
    },
    /// No page has an origin with this scheme.
    #[error("{given}: no page has an origin with this scheme: write {origin}")]
    NotOfPages {
        /// What was given.
        given: String,
        /// What was probably meant.
        origin: String,
    },
    /// Pages with an opaque origin send `null`.
    #[error(
        "{0} can't be allowed: browsers send the origin null for local files and sandboxed frames of \
         every website; serve the page from http://localhost instead"
    )]
    Opaque(String),
    /// It would match websites of others.
    #[error(
        "{0} would allow websites of others: list each origin, or all subdomains of a domain of your \
         own, such as https://*.example.com"
    )]
    TooWide(String),
    /// The asterisk stands for something else than whole labels.
    #[error(
        "{0}: an asterisk stands for all subdomains and nothing else, as in https://*.example.com; \
         list each origin instead"
    )]
    Asterisk(String),
}
