//! The headers in which browsers report where a request comes from, which pages can't change (Fetch Metadata Request
//! Headers, W3C). Other clients don't send them.

use actix_web::http::{
    Method,
    header::{HeaderMap, HeaderName},
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The source of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    /// A page of the same origin, or a direct user action, such as a typed URL or a bookmark.
    Own,
    /// A page of another origin, even if of the same site: a subdomain may have been taken over.
    Foreign,
    /// Not reported: the client is not a browser, or an old one, or the URL is neither `https:` nor local.
    Unknown,
}

impl Site {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut sites = headers.get_all(SEC_FETCH_SITE);
        match (sites.next().map(|site| site.as_bytes()), sites.next()) {
            (None, _) => Self::Unknown,
            (Some(b"same-origin" | b"none"), None) => Self::Own,
            (Some(_), _) => Self::Foreign,
        }
    }
}

/// Returns `true` if the user follows a link: the response is shown as a top-level document, not in a frame of another
/// page.
pub(crate) fn is_navigation(method: &Method, headers: &HeaderMap) -> bool {
    let is = |name, value: &[u8]| headers.get(name).is_some_and(|it| it.as_bytes() == value);
    matches!(*method, Method::GET | Method::HEAD)
        && is(SEC_FETCH_MODE, b"navigate")
        && (is(SEC_FETCH_DEST, b"document") || !headers.contains_key(SEC_FETCH_DEST))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let request = TestRequest::get();
        let request = pairs.iter().fold(request, |request, pair| request.append_header(*pair));
        request.to_http_request().headers().clone()
    }

    #[test]
    fn site_is_foreign_unless_the_browser_reports_same_origin() {
        let site = |values: &[&str]| {
            let pairs: Vec<_> = values.iter().map(|value| ("sec-fetch-site", *value)).collect();
            Site::of(&headers(&pairs))
        };
        assert_eq!(site(&[]), Site::Unknown);
        assert_eq!([site(&["same-origin"]), site(&["none"])], [Site::Own, Site::Own]);
        for foreign in ["cross-site", "same-site", "", "Same-Origin", "same-origin, none", "new"] {
            assert_eq!(site(&[foreign]), Site::Foreign, "{foreign}");
        }
        assert_eq!(site(&["same-origin", "cross-site"]), Site::Foreign);
    }

    #[test]
    fn only_top_level_get_or_head_counts_as_navigation() {
        let navigates = |method: Method, mode: &str, dest: &str| {
            is_navigation(&method, &headers(&[("sec-fetch-mode", mode), ("sec-fetch-dest", dest)]))
        };
        assert!(navigates(Method::GET, "navigate", "document"));
        assert!(navigates(Method::HEAD, "navigate", "document"));
        assert!(is_navigation(&Method::GET, &headers(&[("sec-fetch-mode", "navigate")])));
        for (method, mode, dest) in [
            (Method::POST, "navigate", "document"),
            (Method::GET, "navigate", "iframe"),
            (Method::GET, "navigate", "object"),
            (Method::GET, "no-cors", "image"),
            (Method::GET, "cors", "empty"),
            (Method::GET, "", "document"),
        ] {
            assert!(!navigates(method.clone(), mode, dest), "{method} {mode} {dest}");
        }
    }
}
