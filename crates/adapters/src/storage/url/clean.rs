//! Removes characters that surround a URL when it is read from a file, pasted, or set in a shell.

const QUOTES: [char; 3] = ['"', '\'', '`'];

/// Removes byte order marks, whitespace, and quotes around a text.
pub(super) fn surroundings(text: &str) -> &str {
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0';
    let text = text.trim_matches(blank);
    for quote in QUOTES {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner.trim_matches(blank);
        }
    }
    text
}
