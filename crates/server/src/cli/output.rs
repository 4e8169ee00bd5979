use std::{
    error::Error,
    io::{ErrorKind, Write},
};

use serde::Serialize;

/// Writes what was asked for. Whoever reads it may stop early, as `head` does.
pub(super) fn print(text: &str) -> Result<(), Box<dyn Error>> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes what is wrong, beside what was asked for.
pub(super) fn complain(text: &str) -> Result<(), Box<dyn Error>> {
    Ok(std::io::stderr().write_all(text.as_bytes())?)
}

/// Writes JSON, for programs.
pub(super) fn print_json(value: &impl Serialize) -> Result<(), Box<dyn Error>> {
    print(&(serde_json::to_string_pretty(value)? + "\n"))
}

/// A table for people: its columns are as wide as what is in them.
pub(super) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let mut widths = head.map(|name| name.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: [&str; N]| {
        let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        format!("{}\n", padded.collect::<Vec<_>>().join("  ").trim_end())
    };
    let rows = rows.iter().map(|row| line(row.each_ref().map(String::as_str)));
    line(head) + &rows.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["ä".to_owned(), "x".to_owned()], ["long".to_owned(), String::new()]];
        assert_eq!(table(["A", "B"], &rows), "A     B\nä     x\nlong\n");
    }
}
