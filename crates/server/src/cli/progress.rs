use std::fs::File;

use indicatif::{ProgressBar, ProgressStyle};

const KNOWN: &str = "{bar:30} {percent}%  {msg}  {eta} left";
const UNKNOWN: &str = "{spinner}  {msg}  {elapsed}";

/// Creates a progress bar for reading a file. It is drawn on terminals only.
pub(super) fn of_file(file: &File) -> ProgressBar {
    of(file.metadata().map_or(0, |metadata| metadata.len()))
}

/// Creates a progress bar of a given length, like [`of_file`].
pub(super) fn of(size: u64) -> ProgressBar {
    styled(ProgressBar::new(size), KNOWN)
}

/// Creates a spinner for input of unknown length, like [`of_file`].
pub(super) fn of_stream() -> ProgressBar {
    styled(ProgressBar::new_spinner(), UNKNOWN)
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
