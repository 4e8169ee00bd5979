//! Times, as text and for the script that formats them in the browser's locale.

use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// A time as the `datetime` attribute of `<time>`, and as the text that is shown without scripts.
pub(crate) struct When {
    pub(crate) machine: String,
    pub(crate) text: String,
}

impl From<OffsetDateTime> for When {
    fn from(time: OffsetDateTime) -> Self {
        let time = time.to_offset(UtcOffset::UTC).truncate_to_second();
        let (date, clock) = (time.date(), time.time());
        let text = format!("{date}, {:02}:{:02} UTC", clock.hour(), clock.minute());
        Self { machine: time.format(&Rfc3339).unwrap_or_default(), text }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn time_is_readable_without_a_script() {
        let when = When::from(datetime!(2026-01-02 03:04:05.678 +1));
        assert_eq!(when.machine, "2026-01-02T02:04:05Z");
        assert_eq!(when.text, "2026-01-02, 02:04 UTC");
    }
}
