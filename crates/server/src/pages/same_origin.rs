//! Protection against forms from other sites (OWASP Cross-Site Request Forgery Prevention Cheat Sheet, "Fetch Metadata
//! headers").
//!
//! Browsers send the origin of a form, and pages can't forge it. So there is no CSRF token to store, lose, or leak.

use actix_web::{HttpRequest, http::header};
use url::Url;

use crate::http::fetch_metadata::{Site, is_navigation};

/// Returns `true` if a page of this server sent the form, or the user did directly.
pub(super) fn is_own(request: &HttpRequest, public_url: &str) -> bool {
    let headers = request.headers();
    match Site::of(headers) {
        Site::Own => return true,
        Site::Foreign => return false,
        Site::Unknown => {}
    }
    // Browsers send this header on trusted connections only. Over plain HTTP, and in old versions, they send the
    // origin.
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else { return false };
    let own = Url::parse(public_url).map(|url| url.origin().ascii_serialization());
    let is_plain = public_url.starts_with("http:");
    // Without TLS, the server may be used under several names of the developer's machine.
    let host = text(header::HOST).filter(|_| is_plain);
    own.is_ok_and(|own| own == origin)
        || host.is_some_and(|host| origin.strip_prefix("http://") == Some(host))
}

/// Returns `true` if a page of another origin embeds this page as an image, a script, or a frame. Returns `false` for
/// links from other sites and emails.
pub(super) fn is_embedded(request: &HttpRequest) -> bool {
    let headers = request.headers();
    Site::of(headers) == Site::Foreign && !is_navigation(request.method(), headers)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn asked_at(public_url: &str, host: &str, headers: &[(&str, &str)]) -> bool {
        let request = TestRequest::post().insert_header(("host", host));
        let request = headers.iter().fold(request, |request, pair| request.append_header(*pair));
        is_own(&request.to_http_request(), public_url)
    }

    fn asked(headers: &[(&str, &str)]) -> bool {
        asked_at("https://auth.example.com/base", "auth.example.com", headers)
    }

    fn asked_here(origin: &str) -> bool {
        asked_at("http://127.0.0.1:8080", "localhost:8080", &[("origin", origin)])
    }

    #[test]
    fn fetch_metadata_decides_whether_a_form_is_from_this_server() {
        assert!(asked(&[("sec-fetch-site", "same-origin")]));
        assert!(asked(&[("sec-fetch-site", "none")]));
        for foreign in ["cross-site", "same-site", "", "Same-Origin", "same-origin, none"] {
            let origin = ("origin", "https://auth.example.com");
            assert!(!asked(&[("sec-fetch-site", foreign), origin]), "{foreign}");
        }
        assert!(!asked(&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")]));
    }

    #[test]
    fn origin_decides_without_fetch_metadata() {
        assert!(asked(&[("origin", "https://auth.example.com")]));
        for foreign in [
            "null",
            "",
            "http://auth.example.com",
            "https://auth.example.com.evil.example",
            "https://evil.example",
        ] {
            assert!(!asked(&[("origin", foreign)]), "{foreign}");
        }
    }

    #[test]
    fn form_over_plain_http_is_accepted_from_any_name_of_the_machine() {
        assert!(asked_here("http://localhost:8080") && asked_here("http://127.0.0.1:8080"));
        for foreign in ["http://localhost:80801", "http://localhost", "https://localhost:8080"] {
            assert!(!asked_here(foreign), "{foreign}");
        }
    }

    #[test]
    fn form_without_origin_headers_is_refused() {
        assert!(!asked(&[]));
        assert!(!asked(&[("referer", "https://auth.example.com/sign-in")]));
    }
}
