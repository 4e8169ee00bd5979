//! Names for the browser and system of a session. They are guesses that help users recognize their own
//! sessions.

use crate::mail::quoted;

/// A part of a `User-Agent`, and the name of the browser that it stands for. Browsers also name those that
/// they are compatible with, so the first match counts.
const BROWSERS: [(&str, &str); 7] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// Returns a name for the program that sent a `User-Agent`, such as "Firefox · Linux". If it isn't a known
/// browser or system, returns the program's own name, quoted as in messages: at most [`MAX_QUOTED`] characters,
/// and no link. Returns `None` if there is no name.
///
/// [`MAX_QUOTED`]: crate::mail::MAX_QUOTED
///
/// ```
/// use doorward_domain::request_context::device_name;
///
/// let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
/// assert_eq!(device_name(firefox).as_deref(), Some("Firefox · Linux"));
/// assert_eq!(device_name("curl/8.5.0").as_deref(), Some("curl"));
/// ```
pub fn device_name(user_agent: &str) -> Option<String> {
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(part, _)| user_agent.contains(part)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => Some(format!("{browser} · {system}")),
        (Some(name), None) | (None, Some(name)) => Some(name.to_owned()),
        (None, None) => {
            user_agent.split('/').next().map(str::trim).filter(|it| !it.is_empty()).map(quoted)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_recognized() {
        let names = [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox · Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0",
                "Edge · Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari · iPhone",
            ),
            ("curl/8.5.0", "curl"),
            ("Acme App/2.1", "Acme App"),
            ("see evil.example/pay", "see evil example"),
        ];
        for (user_agent, expected) in names {
            assert_eq!(device_name(user_agent).as_deref(), Some(expected));
        }
        assert_eq!(device_name(""), None);
    }

    /// Emails to the owner of an account show the name that an attacker sent with a sign-in.
    #[test]
    fn name_contains_little_of_the_senders_text() {
        for (agent, expected) in [
            ("Mozilla/5.0 (compatible; +http://evil.example/pay)", "Mozilla"),
            ("evil.example/pay", "evil example"),
            ("https://evil.example", "https"),
            ("curl/8 \u{202e}", "curl"),
            ("Your account is at risk, call 555 0100 now. Firefox/1.0", "Firefox"),
        ] {
            assert_eq!(device_name(agent).as_deref(), Some(expected));
        }
        let prose = device_name(&"call us now ".repeat(17)).unwrap();
        assert_eq!(prose.chars().count(), crate::mail::MAX_QUOTED);
    }
}
