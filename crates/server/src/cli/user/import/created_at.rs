//! The time at which another system created an account.

use time::{Duration, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// Numbers since 1970 are seconds below the first of these, milliseconds below the second, and microseconds above it.
const FIRST_MILLISECONDS: f64 = 1e11;
const FIRST_MICROSECONDS: f64 = 1e14;

/// Parses a time. Returns it in UTC and rounded to the microsecond, as every database stores it. The text may be in the
/// format of RFC 3339, PostgreSQL, MySQL, or Python, where a time without an offset is in UTC, or a number of seconds,
/// milliseconds, or microseconds since 1970, with or without a fraction.
pub(super) fn time(text: &str) -> Option<OffsetDateTime> {
    let text = text.trim();
    let parsed = match text.parse() {
        Ok(number) => since_1970(number),
        Err(_) => OffsetDateTime::parse(&as_rfc3339(text), &Rfc3339).ok(),
    };
    let utc = parsed.and_then(|time| time.checked_to_offset(UtcOffset::UTC));
    // RFC 3339, the format in which times are shown, has no year before 0.
    let utc = utc.filter(|time| time.year() >= 0);
    utc.map(OffsetDateTime::truncate_to_microsecond)
}

fn since_1970(number: f64) -> Option<OffsetDateTime> {
    let seconds = match number.abs() {
        size if size < FIRST_MILLISECONDS => number,
        size if size < FIRST_MICROSECONDS => number / 1e3,
        _ => number / 1e6,
    };
    // A 64-bit float is exact to a quarter of a microsecond, so the nearest microsecond is the intended one.
    let after = Duration::checked_seconds_f64(seconds)?.checked_add(Duration::nanoseconds(500))?;
    OffsetDateTime::UNIX_EPOCH.checked_add(after)
}

fn as_rfc3339(text: &str) -> String {
    let Some((date, rest)) = text.split_once(['T', 't', ' ']) else {
        return format!("{text}T00:00:00Z");
    };
    let (clock, offset) = match rest.find(['+', '-', 'Z', 'z']) {
        Some(at) => rest.split_at_checked(at).unwrap_or((rest, "")),
        None => (rest.trim_end_matches("UTC"), ""),
    };
    let offset = match offset.len() {
        0 => "Z".to_owned(),
        // +02
        3 => format!("{offset}:00"),
        // +0200
        5 => offset.split_at_checked(3).map(|(h, m)| format!("{h}:{m}")).unwrap_or_default(),
        _ => offset.to_owned(),
    };
    format!("{date}T{}{offset}", clock.trim())
}

#[cfg(test)]
mod tests {
    use super::super::record::parse_strictly;

    #[test]
    fn times_of_databases_are_parsed() {
        for text in [
            r#""2024-05-17T09:30:00Z""#,
            r#""2024-05-17T11:30:00+02:00""#,
            r#""2024-05-17 09:30:00""#,
            r#""2024-05-17T09:30:00""#,
            r#""2024-05-17 11:30:00+02""#,
            r#""2024-05-17 11:30:00.000000+0200""#,
            r#""2024-05-17 09:30:00 UTC""#,
            "1715938200",
            "1715938200.0",
            "1.7159382e9",
            "1715938200000",
            "1715938200000.0",
            "1715938200000000",
            r#""1715938200""#,
            r#""1715938200.0""#,
            r#""1715938200000""#,
        ] {
            let line = format!(r#"{{"email": "a@example.com", "created_at": {text}}}"#);
            let user =
                parse_strictly(line.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(user.created_at.unwrap().unix_timestamp(), 1_715_938_200, "{text}");
        }
        for (text, fraction) in [
            ("1715938200.5", 500_000),
            ("1715938200123", 123_000),
            ("1715938200123.75", 123_750),
            ("1715938200.123456", 123_456),
            (r#""2024-05-17T09:30:00.123456789Z""#, 123_456),
        ] {
            let line = format!(r#"{{"email": "a@example.com", "created_at": {text}}}"#);
            let created_at = parse_strictly(line.as_bytes()).unwrap().created_at.unwrap();
            let expected = (1_715_938_200, fraction);
            assert_eq!((created_at.unix_timestamp(), created_at.microsecond()), expected, "{text}");
        }
        for text in ["1e300", "-1e300", r#""NaN""#, r#""inf""#, "true", "{}", "-99999999999"] {
            let line = format!(r#"{{"email": "a@example.com", "created_at": {text}}}"#);
            assert!(
                parse_strictly(line.as_bytes()).unwrap_err().to_string().contains("seconds"),
                "{text}"
            );
        }
        let line = br#"{"email": "a@example.com", "created_at": "2024-05-17"}"#;
        let midnight = parse_strictly(line).unwrap().created_at.unwrap();
        assert_eq!(midnight.unix_timestamp(), 1_715_904_000);
    }
}
