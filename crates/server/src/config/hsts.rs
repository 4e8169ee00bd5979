//! HTTP Strict Transport Security (RFC 6797), which makes browsers use TLS only.

use doorward_domain::mail::PublicUrl;

const OFF: &str = "off";
/// The default policy: one year, without subdomains, because they may belong to other servers.
const DEFAULT: &str = "max-age=31536000";

/// Returns the value of the `Strict-Transport-Security` header, if it is sent.
///
/// The header applies to the whole host. A server below a path shares the host with other applications, so the header is
/// sent there only if the operator sets the option.
pub(super) fn header(
    given: Option<&str>,
    public_url: &PublicUrl,
) -> Result<Option<String>, String> {
    let is_https = public_url.as_str().starts_with("https:");
    match given.map(str::trim) {
        None => Ok((is_https && public_url.path().is_empty()).then(|| DEFAULT.to_owned())),
        Some(off) if off.eq_ignore_ascii_case(OFF) => Ok(None),
        Some(_) if !is_https => Err(format!(
            "the public URL is not https:, and browsers ignore it there: set public_url to an https URL, or hsts to {OFF}"
        )),
        Some(value) if is_valid(value) => Ok(Some(value.to_owned())),
        Some(value) => Err(format!(
            "{value} is not a policy such as max-age=31536000; includeSubDomains, nor {OFF}"
        )),
    }
}

/// Returns the value of the option that results in this header.
pub(super) fn option(header: Option<&str>) -> String {
    header.unwrap_or(OFF).to_owned()
}

fn is_valid(value: &str) -> bool {
    let directives = || value.split(';').map(str::trim).filter(|directive| !directive.is_empty());
    let max_age = |directive: &str| {
        let (name, seconds) = directive.split_once('=')?;
        let is_number = !seconds.is_empty() && seconds.bytes().all(|it| it.is_ascii_digit());
        (name.eq_ignore_ascii_case("max-age") && is_number).then_some(())
    };
    let is_flag = |directive: &str| {
        ["includeSubDomains", "preload"].iter().any(|flag| flag.eq_ignore_ascii_case(directive))
    };
    directives().filter(|it| max_age(it).is_some()).count() == 1
        && directives().all(|it| max_age(it).is_some() || is_flag(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(given: Option<&str>, public_url: &str) -> Result<Option<String>, String> {
        header(given, &PublicUrl::parse(public_url).unwrap())
    }

    #[test]
    fn hsts_is_sent_by_default_for_https_without_a_path() {
        let default = |public_url| sent(None, public_url).unwrap();
        assert_eq!(default("https://auth.example.com").as_deref(), Some("max-age=31536000"));
        assert_eq!(default("https://auth.example.com/").as_deref(), Some("max-age=31536000"));
        assert_eq!(default("https://example.com/auth"), None);
        assert_eq!(default("http://127.0.0.1:8080"), None);
    }

    #[test]
    fn configured_hsts_policy_is_sent() {
        for value in [
            "max-age=0",
            "max-age=63072000; includeSubDomains; preload",
            "includeSubDomains;max-age=31536000;",
            "MAX-AGE=1; INCLUDESUBDOMAINS",
        ] {
            for public_url in ["https://example.com", "https://example.com/auth"] {
                assert_eq!(sent(Some(value), public_url), Ok(Some(value.to_owned())));
            }
        }
        assert_eq!(sent(Some("off"), "https://example.com"), Ok(None));
        assert_eq!(sent(Some("Off"), "http://example.com"), Ok(None));
    }

    #[test]
    fn invalid_hsts_policy_is_refused_with_advice() {
        for value in [
            "",
            "true",
            "includeSubDomains",
            "max-age",
            "max-age=1y",
            "max-age=1; x",
            "max-age=1; max-age=2",
            "a\nb",
        ] {
            let problem = sent(Some(value), "https://example.com").unwrap_err();
            assert!(problem.contains("max-age=31536000"), "{problem}");
        }
        let problem = sent(Some("max-age=1"), "http://example.com").unwrap_err();
        assert!(problem.contains("public_url"), "{problem}");
    }
}
