use std::fs::File;

use indicatif::{ProgressBar, ProgressStyle};

const KNOWN: &str = "{bar:30} {percent}%  {msg}  {eta} left";
const UNKNOWN: &str = "{spinner}  {msg}  {elapsed}";

/// How far a file has been read. Nothing is drawn where nobody looks: it is for terminals.
pub(super) fn of_file(file: &File) -> ProgressBar {
    of(file.metadata().map_or(0, |metadata| metadata.len()))
}

/// As [`of_file`], of so much of anything.
pub(super) fn of(size: u64) -> ProgressBar {
    styled(ProgressBar::new(size), KNOWN)
}

/// As [`of_file`], without an end that is known.
pub(super) fn of_stream() -> ProgressBar {
    styled(ProgressBar::new_spinner(), UNKNOWN)
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
