//! The hops in the forwarding header of proxies.

use actix_web::http::header::{HeaderMap, HeaderName};

/// The placeholder for an unparsable hop, which still counts as a hop.
const UNREADABLE: &str = "?";

/// Returns the hops in order. Several header lines form one list (RFC 9110, section 5.3).
///
/// An empty element is an unparsable hop. A proxy appends one if it fills in a variable without a value. If it were
/// ignored, as in other lists, the hop that the client wrote before it would be trusted.
pub(super) fn hops(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let lines = headers.get_all(name).map(|line| line.to_str().unwrap_or(UNREADABLE));
    if name == "forwarded" {
        return lines
            .flat_map(|line| forwarded(line).unwrap_or(vec![UNREADABLE.to_owned()]))
            .collect();
    }
    lines.flat_map(|line| line.split(',')).map(|hop| hop.trim().to_owned()).collect()
}

/// Parses a `Forwarded` header (RFC 7239, section 4). Returns `None` if it is malformed as a whole: with an
/// unclosed quotation mark, a client could otherwise hide what a proxy appends.
fn forwarded(line: &str) -> Option<Vec<String>> {
    let mut hops = Vec::new();
    let mut rest = line.trim();
    loop {
        let mut client = None;
        while !rest.is_empty() && !rest.starts_with(',') {
            if let Some(next) = rest.strip_prefix(';') {
                rest = next.trim_start();
                continue;
            }
            let (name, value, next) = pair(rest)?;
            if name.eq_ignore_ascii_case("for") && client.replace(value).is_some() {
                return None;
            }
            rest = next;
        }
        hops.push(client.unwrap_or(UNREADABLE.to_owned()));
        let Some(next) = rest.strip_prefix(',') else { return Some(hops) };
        rest = next.trim_start();
    }
}

/// Parses `name=value` or `name="value"`, and returns the rest, which is empty or starts with a semicolon
/// or a comma.
fn pair(text: &str) -> Option<(&str, String, &str)> {
    let (name, rest) = text.split_once('=')?;
    let (value, rest) = match rest.strip_prefix('"') {
        Some(quoted) => unquote(quoted)?,
        None => {
            let (value, rest) = rest.split_at(rest.find([',', ';']).unwrap_or(rest.len()));
            (value.trim_end().to_owned(), rest)
        }
    };
    let is_token =
        |text: &str| text.bytes().all(|it| it.is_ascii_graphic() && !b"\"(),;<=>@{}".contains(&it));
    let rest = rest.trim_start();
    let ends = rest.is_empty() || rest.starts_with([',', ';']);
    (ends && !name.is_empty() && is_token(name)).then_some((name, value, rest))
}

/// Returns the text up to the closing quotation mark, and the rest.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next()? {
            '"' => return Some((value, chars.as_str())),
            '\\' => value.push(chars.next()?),
            other => value.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn listed(name: &'static str, lines: &[&[u8]]) -> Vec<String> {
        let name = HeaderName::from_static(name);
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name.clone(), HeaderValue::from_bytes(line).unwrap());
        }
        hops(&headers, &name)
    }

    #[test]
    fn multiple_header_lines_form_one_list() {
        let hops = listed("x-forwarded-for", &[b"a, b,", b"", b" c ", b"d,\xff"]);
        assert_eq!(hops, ["a", "b", "", "", "c", "?"]);
        assert!(listed("x-forwarded-for", &[]).is_empty());
    }

    #[test]
    fn forwarded_header_is_parsed_by_its_grammar() {
        for (line, expected) in [
            ("for=192.0.2.43", vec!["192.0.2.43"]),
            ("For=192.0.2.43;proto=https;by=203.0.113.43", vec!["192.0.2.43"]),
            (
                "proto=https; for=\"[2001:db8::1]:4711\" , for=unknown",
                vec!["[2001:db8::1]:4711", "unknown"],
            ),
            ("for=\"_a\\\"b,c\";host=\"x;for=y\"", vec!["_a\"b,c"]),
            ("for=a,,for=b,", vec!["a", "?", "b", "?"]),
            ("for=192.0.2.43:47011", vec!["192.0.2.43:47011"]),
            ("proto=https, for=b", vec!["?", "b"]),
            ("", vec!["?"]),
        ] {
            assert_eq!(listed("forwarded", &[line.as_bytes()]), expected, "{line}");
        }
    }

    #[test]
    fn malformed_forwarded_header_yields_one_unparsable_hop() {
        for line in [
            "192.0.2.43",
            "for=6.6.6.6;x=\", for=192.0.2.43",
            "for=6.6.6.6;x=\"a, for=\"[2001:db8::1]\"",
            "for=6.6.6.6;for=192.0.2.43",
            "for=\"192.0.2.43",
            "for=\"192.0.2.43\\",
            "for=\"192.0.2.43\"x",
            "a b=c",
            "=c",
        ] {
            assert_eq!(listed("forwarded", &[line.as_bytes()]), ["?"], "{line}");
        }
        // A line of its own that another proxy added is not affected.
        let lines: &[&[u8]] = &[b"for=6.6.6.6;x=\"", b"for=192.0.2.43"];
        assert_eq!(listed("forwarded", lines), ["?", "192.0.2.43"]);
    }
}
