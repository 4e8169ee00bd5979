//! What users call the browser that a session is of. It is a guess, for them to recognize their own.

use crate::mail::quoted;

/// What a `User-Agent` has in it, and what that is called. Browsers name those that they are like as well,
/// so the first one counts.
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

/// Returns the name of what sent a `User-Agent`, such as "Firefox · Linux"; of what is no browser the name that it
/// gives itself, as messages can quote it.
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

/// Returns what a client calls itself as a message can quote it: as it is, unless there is more in it than the names
/// and versions of programs, such as a link; then the name of the program.
pub fn agent_in_mail(user_agent: &str) -> Option<String> {
    let mut pairs = user_agent.chars().zip(user_agent.chars().skip(1));
    let has_link = pairs.any(|(char, next)| char == '.' && next.is_ascii_alphabetic())
        || user_agent.contains("//")
        || user_agent.contains(['@', '\\']);
    let is_plain = user_agent.chars().all(|char| char == ' ' || char.is_ascii_graphic());
    if is_plain && !has_link { Some(user_agent.to_owned()) } else { device_name(user_agent) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_recognised() {
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

    #[test]
    fn message_quotes_programs_as_they_call_themselves_and_no_links() {
        for plain in [
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "curl/8.5.0",
            "Mozilla/5.0 (X11)",
        ] {
            assert_eq!(agent_in_mail(plain).as_deref(), Some(plain));
        }
        for (agent, expected) in [
            ("Mozilla/5.0 (compatible; +http://evil.example/pay)", "Mozilla"),
            ("evil.example/pay", "evil example"),
            ("https://evil.example", "https"),
            ("curl/8 \u{202e}", "curl"),
            ("Firefox/1.0 eve@evil.example", "Firefox"),
        ] {
            assert_eq!(agent_in_mail(agent).as_deref(), Some(expected));
        }
        assert_eq!(agent_in_mail("evil.example").as_deref(), Some("evil example"));
    }
}
