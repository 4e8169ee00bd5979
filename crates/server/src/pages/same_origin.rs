//! Forms are taken from the pages of this server alone (OWASP Cross-Site Request Forgery Prevention Cheat
//! Sheet, "Fetch Metadata headers").
//!
//! Browsers say by themselves where a form comes from, and no page can make them say anything else. So
//! there is no token to keep, to lose, or to leak.

use actix_web::{HttpRequest, http::header};
use url::Url;

use crate::fetch_metadata::{Site, is_navigation};

/// Whether a page of this server sent the form, or the person did by hand.
pub(super) fn is_own(request: &HttpRequest, public_url: &str) -> bool {
    let headers = request.headers();
    match Site::of(headers) {
        Site::Own => return true,
        Site::Foreign => return false,
        Site::Unknown => {}
    }
    // Browsers say so only where they trust the connection; by plain HTTP, and where they are old, they
    // send the origin.
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else { return false };
    let own = Url::parse(public_url).map(|url| url.origin().ascii_serialization());
    let is_plain = public_url.starts_with("http:");
    // Without TLS, a machine of one's own has several names.
    let host = text(header::HOST).filter(|_| is_plain);
    own.is_ok_and(|own| own == origin)
        || host.is_some_and(|host| origin.strip_prefix("http://") == Some(host))
}

/// Returns `true` if a page of another origin loads this page as a part of itself: as a picture, a script, a frame.
/// Links from other sites and from emails are no such thing.
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
    fn a_browser_s_word_decides() {
        assert!(asked(&[("sec-fetch-site", "same-origin")]));
        assert!(asked(&[("sec-fetch-site", "none")]));
        for foreign in ["cross-site", "same-site", "", "Same-Origin", "same-origin, none"] {
            let origin = ("origin", "https://auth.example.com");
            assert!(!asked(&[("sec-fetch-site", foreign), origin]), "{foreign}");
        }
        assert!(!asked(&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")]));
    }

    #[test]
    fn without_it_the_origin_decides() {
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
    fn without_tls_a_machine_has_several_names() {
        assert!(asked_here("http://localhost:8080") && asked_here("http://127.0.0.1:8080"));
        for foreign in ["http://localhost:80801", "http://localhost", "https://localhost:8080"] {
            assert!(!asked_here(foreign), "{foreign}");
        }
    }

    #[test]
    fn who_says_nothing_is_no_browser() {
        assert!(!asked(&[]));
        assert!(!asked(&[("referer", "https://auth.example.com/sign-in")]));
    }
}
