//! The page to continue with after a sign-in.

use actix_web::HttpRequest;
use url::form_urlencoded;

/// The default page after a sign-in.
pub(super) const AFTER_SIGN_IN: &str = "/account";

/// Returns the requested path if it is a page of this server, else the account page. Never redirects to other sites
/// (CWE-601).
pub(super) fn own_page(asked: &str) -> &str {
    let path = asked.split_once('?').map_or(asked, |(path, _)| path);
    let is_below = |rest: &str| rest.is_empty() || rest.starts_with('/');
    let is_own = ["/account", "/invite", "/verify-email"]
        .into_iter()
        .any(|page| path.strip_prefix(page).is_some_and(is_below));
    // Without dots and percent signs, the path can't lead to a parent.
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_".contains(&byte))
        && asked.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_own && is_plain { asked } else { AFTER_SIGN_IN }
}

/// Returns the sign-in page that redirects back to the requested page.
pub(super) fn sign_in_and_return(request: &HttpRequest) -> String {
    let asked = request.uri().path_and_query().map_or(AFTER_SIGN_IN, |it| it.as_str());
    let is_begin = matches!(asked, "/" | AFTER_SIGN_IN);
    if is_begin || request.method() != actix_web::http::Method::GET {
        return "/sign-in".to_owned();
    }
    with("/sign-in", asked)
}

/// Returns a page that continues with another one.
pub(super) fn with(page: &str, next: &str) -> String {
    query(page, &[("next", next)])
}

/// Returns a page with these fields in its query.
pub(super) fn query(page: &str, fields: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    format!("{page}?{query}")
}

/// Returns the token of the invite that a page is about.
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
    fn page_of_this_server_is_accepted_as_the_next_page() {
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
    fn other_paths_and_sites_are_replaced_by_the_account_page() {
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
