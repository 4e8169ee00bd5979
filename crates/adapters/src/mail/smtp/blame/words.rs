//! Searches the text of a mail server's response. Words and phrases are not searched in host names, addresses, and
//! links, because the names of mail servers often contain "relay". Marks are searched in the whole text.

/// A response, prepared for searching.
pub(super) struct Words {
    /// The original text in lowercase.
    raw: String,
    /// The text without hosts, addresses, links, and codes, and with single spaces.
    prose: String,
}

impl Words {
    pub(super) fn new(text: &str) -> Self {
        let raw = text.to_ascii_lowercase();
        let prose: Vec<_> = raw.split_whitespace().filter(|token| !is_name(token)).collect();
        Self { prose: prose.join(" "), raw }
    }

    /// Returns `true` if one of the texts occurs anywhere, even within a name.
    pub(super) fn mark(&self, marks: &[&str]) -> bool {
        marks.iter().any(|mark| self.raw.contains(mark))
    }

    /// Returns `true` if one of the words occurs as a whole word.
    pub(super) fn word(&self, words: &[&str]) -> bool {
        let is_separator = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
        self.prose.split(is_separator).any(|word| words.contains(&word))
    }

    pub(super) fn phrase(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.prose.contains(phrase))
    }

    /// Returns subject and detail of the enhanced status code (RFC 3463), which comes first, or last as
    /// `(#5.7.1)`.
    pub(super) fn enhanced(&self) -> Option<(u16, u16)> {
        self.raw.split_whitespace().find_map(enhanced)
    }
}

/// Returns `true` for a host name, an address, or a link.
fn is_name(token: &str) -> bool {
    let token = token.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let mut pairs = token.as_bytes().windows(3);
    token.contains(['@', '/'])
        || pairs.any(|three| match three {
            [before, b'.', after] => {
                before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric()
            }
            _ => false,
        })
}

fn enhanced(token: &str) -> Option<(u16, u16)> {
    // Further lines of a response start like `550-5.1.1`.
    let token = match token.split_once('-') {
        Some((code, rest)) if code.len() == 3 && code.parse::<u16>().is_ok() => rest,
        _ => token,
    };
    let token = token.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let mut numbers = token.split('.').map(str::parse::<u16>);
    let (class, subject, detail) = (numbers.next()?, numbers.next()?, numbers.next()?);
    match (class, subject, numbers.next()) {
        (Ok(4 | 5), Ok(subject @ 0..=7), None) => Some((subject, detail.ok()?)),
        // An IP address, a version, or something else.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enhanced_code_is_found_but_addresses_and_versions_are_not() {
        for (text, expected) in [
            ("550 5.1.1 no", Some((1, 1))),
            ("550-5.1.1 no", Some((1, 1))),
            ("550 [5.1.1.10]: (#5.7.1)", Some((7, 1))),
            ("550 no such user, 5.1.1.", Some((1, 1))),
            ("550 5.7.1.9 is listed", None),
            ("550 5.999999.1 no", None),
            ("421 deferred due to complaints - 4.16.55", None),
            ("550 mx4.5.3.example.net: no such user", None),
            ("550 no", None),
        ] {
            assert_eq!(Words::new(text).enhanced(), expected, "{text}");
        }
    }

    #[test]
    fn word_is_matched_whole_and_not_within_names() {
        for text in [
            "550 mx-relay.example.net: no such user",
            "550 mx-relay: no such user",
            "550 <ann@relay.example>: no such user",
            "550 see https://relay.example/relay",
            "550 corporate relays",
        ] {
            assert!(!Words::new(text).word(&["relay", "rate"]), "{text}");
        }
        assert!(Words::new("550 (relay) denied").word(&["relay"]));
    }
}
