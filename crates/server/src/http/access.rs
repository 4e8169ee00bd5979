//! Who may call an endpoint, and how often.

use actix_web::http::Method;
use doorward_domain::ports::Limit;

/// Who may call an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Every client.
    Anybody,
    /// Clients with a valid access token.
    Bearer,
}

/// The rate limits of the endpoints of one path.
#[derive(Debug, Clone)]
pub(crate) struct Policy(Vec<(Method, Limit)>);

impl Policy {
    pub(crate) fn new(limits: impl IntoIterator<Item = (Method, Limit)>) -> Self {
        Self(limits.into_iter().collect())
    }

    pub(crate) fn limit(&self, method: &Method) -> Limit {
        let own = self.0.iter().find(|(own, _)| own == method);
        own.map_or(Limit::Other, |(_, limit)| *limit)
    }

    /// Returns the value of the `Allow` header.
    pub(crate) fn methods(&self) -> String {
        self.0.iter().map(|(method, _)| method.as_str()).collect::<Vec<_>>().join(", ")
    }
}
