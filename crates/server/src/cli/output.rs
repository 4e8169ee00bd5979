use std::{
    error::Error,
    fmt,
    io::{ErrorKind, Write},
};

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use time::{OffsetDateTime, error::Format, format_description::well_known::Rfc3339};

/// Writes what was asked for. Whoever reads it may stop early, as `head` does. Colours are for terminals, and off
/// where `NO_COLOR` is set.
pub(super) fn print(text: &str) -> Result<(), Box<dyn Error>> {
    match anstream::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes what is wrong, or a question, beside what was asked for.
pub(super) fn complain(text: &str) -> Result<(), Box<dyn Error>> {
    Ok(anstream::stderr().write_all(text.as_bytes())?)
}

/// Writes JSON, for programs.
pub(super) fn print_json(value: &impl Serialize) -> Result<(), Box<dyn Error>> {
    print(&(serde_json::to_string_pretty(value)? + "\n"))
}

/// Good news.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
/// What wants to be looked at.
pub(super) const ODD: Style = AnsiColor::Yellow.on_default();
/// Bad news.
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();
/// What matters less.
pub(super) const FAINT: Style = Style::new().dimmed();
const HEAD: Style = Style::new().bold();

/// A text of a table or a list. What people have written may hold commands for terminals: nothing of it is
/// handed on.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub(super) fn styled(text: impl Into<String>, style: Style) -> Self {
        Self { style, ..Self::from(text.into()) }
    }

    /// A text that there may not be.
    pub(super) fn maybe(text: Option<impl Into<String>>) -> Self {
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

/// A table for people: its columns are as wide as what is in them.
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

/// Names and what they stand for, one a line.
pub(super) fn details(rows: &[(&str, Cell)]) -> String {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let line = |(name, cell): &(&str, Cell)| format!("{HEAD}{name:width$}{HEAD:#}  {cell}\n");
    rows.iter().map(line).collect()
}

/// To the second: nobody asks for more.
pub(super) fn time(time: OffsetDateTime) -> Result<String, Format> {
    time.truncate_to_second().format(&Rfc3339)
}

/// A time that there may not be.
pub(super) fn maybe_time(at: Option<OffsetDateTime>) -> Result<Option<String>, Format> {
    at.map(time).transpose()
}

/// How many there are of something, in words.
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
    fn nothing_that_people_write_reaches_the_terminal_as_a_command() {
        let cell = Cell::from("Ann\u{1b}[2J\u{9b}2J\nroot\u{7}");
        assert_eq!(plain(&cell.to_string()), "Ann\u{FFFD}[2J\u{FFFD}2J\u{FFFD}root\u{FFFD}");
    }

    #[test]
    fn details_begin_in_one_column() {
        let rows = [("A", "1".into()), ("LONG", Cell::maybe(None::<String>))];
        assert_eq!(plain(&details(&rows)), "A     1\nLONG  -\n");
    }
}
