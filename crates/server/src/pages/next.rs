//! Where a person goes on once they are signed in.

use actix_web::HttpRequest;
use url::form_urlencoded;

/// Where people go who wanted to go nowhere else.
pub(super) const AFTER_SIGN_IN: &str = "/account";

/// A path of this server's pages; what is none leads to the account. No address of elsewhere is ever led
/// to (CWE-601).
pub(super) fn own_page(asked: &str) -> &str {
    let path = asked.split_once('?').map_or(asked, |(path, _)| path);
    let is_below = |rest: &str| rest.is_empty() || rest.starts_with('/');
    let is_own = ["/account", "/invite", "/verify-email"]
        .into_iter()
        .any(|page| path.strip_prefix(page).is_some_and(is_below));
    // Without dots and percent signs, nothing in it leads upwards.
    let is_plain =
        path.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"/-_".contains(&octet))
            && asked.bytes().all(|octet| octet.is_ascii_graphic() && octet != b'\\');
    if is_own && is_plain { asked } else { AFTER_SIGN_IN }
}

/// The page to sign in on, which leads back to the page that was asked for.
pub(super) fn sign_in_and_return(request: &HttpRequest) -> String {
    let asked = request.uri().path_and_query().map_or(AFTER_SIGN_IN, |it| it.as_str());
    let is_begin = matches!(asked, "/" | AFTER_SIGN_IN);
    if is_begin || request.method() != actix_web::http::Method::GET {
        return "/sign-in".to_owned();
    }
    with("/sign-in", asked)
}

/// A page that leads on to another one.
pub(super) fn with(page: &str, next: &str) -> String {
    query(page, &[("next", next)])
}

/// A page with these fields in its address.
pub(super) fn query(page: &str, fields: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    format!("{page}?{query}")
}

/// The token of the invite that a page is about.
pub(super) fn invite_token(page: &str) -> Option<String> {
    let query = page.strip_prefix("/invite?")?;
    let mut fields = form_urlencoded::parse(query.as_bytes());
    let (_, token) = fields.find(|(name, token)| name == "token" && !token.is_empty())?;
    Some(token.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_this_server_are_led_to() {
        for path in ["/account", "/account/sessions", "/invite?token=dwi_x", "/account?done=x"] {
            assert_eq!(own_page(path), path);
        }
    }

    #[test]
    fn invite_page_names_its_token() {
        let token = |page| invite_token(page);
        assert_eq!(token("/invite?token=dwi_x").as_deref(), Some("dwi_x"));
        for page in ["/account", "/invite", "/invite?token=", "/invite?x=y", "/account?token=dwi_x"]
        {
            assert_eq!(token(page), None, "{page}");
        }
    }

    #[test]
    fn nothing_else_is() {
        for path in [
            "",
            "/",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/account\\..\\evil",
            "/accounts",
            "/account.evil.example",
            "/account/../../evil",
            "/account/%2e%2e/%2E%2E/evil",
            "/account/./..",
            "/account?x=\u{e9}",
            "/invite\r\nset-cookie: a=b",
            "javascript:alert(1)",
            "/sign-out",
        ] {
            assert_eq!(own_page(path), "/account", "{path:?}");
        }
    }
}
