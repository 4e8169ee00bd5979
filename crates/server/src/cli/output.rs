use std::{
    error::Error,
    fmt,
    io::{ErrorKind, Write},
};

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use time::{OffsetDateTime, error::Format, format_description::well_known::Rfc3339};

/// Writes the output of a command to standard output. The reader may close it early, as `head` does. Colors are written
/// to terminals only, and not if `NO_COLOR` is set.
pub(super) fn print(text: &str) -> Result<(), Box<dyn Error>> {
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes an error or a question to standard error.
pub(super) fn eprint(text: &str) -> Result<(), Box<dyn Error>> {
    Ok(anstream::stderr().write_all(text.as_bytes())?)
}

/// Writes a value as JSON to standard output.
pub(super) fn print_json(value: &impl Serialize) -> Result<(), Box<dyn Error>> {
    print(&(serde_json::to_string_pretty(value)? + "\n"))
}

/// The style of success.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
/// The style of warnings.
pub(super) const WARN: Style = AnsiColor::Yellow.on_default();
/// The style of errors.
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();
/// The style of less important text.
pub(super) const FAINT: Style = Style::new().dimmed();
const HEAD: Style = Style::new().bold();

/// A styled cell of a table or a list. Control characters are replaced, because text that users wrote may contain
/// terminal escape sequences.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub(super) fn styled(text: impl Into<String>, style: Style) -> Self {
        Self { style, ..Self::from(text.into()) }
    }

    /// Returns a cell with an optional text, `-` if there is none.
    pub(super) fn optional(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::styled("-", FAINT), |text| Self::from(text.into()))
    }

    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        let text = text.replace(char::is_control, "\u{FFFD}");
        Self { text, style: Style::new() }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, style } = self;
        write!(f, "{style}{text}{style:#}")
    }
}

/// Formats a table. Each column is as wide as its widest cell.
pub(super) fn table<const N: usize>(head: [&str; N], rows: &[[Cell; N]]) -> String {
    let head = head.map(|name| Cell::styled(name, HEAD));
    let mut widths = head.each_ref().map(Cell::width);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let line = |cells: &[Cell; N]| {
        let mut line = String::new();
        for (index, (cell, width)) in cells.iter().zip(widths).enumerate() {
            let padding = if index + 1 == N { 0 } else { width - cell.width() + 2 };
            line += &format!("{cell}{:padding$}", "");
        }
        format!("{}\n", line.trim_end())
    };
    line(&head) + &rows.iter().map(line).collect::<String>()
}

/// Formats names and their values, one pair per line.
pub(super) fn details(rows: &[(&str, Cell)]) -> String {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let line = |(name, cell): &(&str, Cell)| format!("{HEAD}{name:width$}{HEAD:#}  {cell}\n");
    rows.iter().map(line).collect()
}

/// Formats a time in RFC 3339, truncated to the second.
pub(super) fn time(time: OffsetDateTime) -> Result<String, Format> {
    time.truncate_to_second().format(&Rfc3339)
}

/// Formats an optional time like [`time`].
pub(super) fn maybe_time(at: Option<OffsetDateTime>) -> Result<Option<String>, Format> {
    at.map(time).transpose()
}

/// Formats a number and a noun, such as `2 sessions`.
pub(super) fn count(number: usize, what: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {what}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["ä".into(), "x".into()], ["long".into(), "".into()]];
        assert_eq!(plain(&table(["A", "B"], &rows)), "A     B\nä     x\nlong\n");
        let coloured = [[Cell::styled("ä", BAD), Cell::styled("x", GOOD)]];
        assert_eq!(plain(&table(["A", "B"], &coloured)), "A  B\nä  x\n");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let cell = Cell::from("Ann\u{1b}[2J\u{9b}2J\nroot\u{7}");
        assert_eq!(plain(&cell.to_string()), "Ann\u{FFFD}[2J\u{FFFD}2J\u{FFFD}root\u{FFFD}");
    }

    #[test]
    fn values_of_details_are_aligned() {
        let rows = [("A", "1".into()), ("LONG", Cell::optional(None::<String>))];
        assert_eq!(plain(&details(&rows)), "A     1\nLONG  -\n");
    }
}
