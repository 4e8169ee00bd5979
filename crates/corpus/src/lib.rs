//! Runs a property of a fuzz target over its corpus in `fuzz/corpus`, and over several changed copies of each
//! file. The changes are the same in every run, so the tests check the properties without a fuzzer.
#![deny(missing_docs)]
#![expect(clippy::expect_used, reason = "a corpus that can't be read fails the test")]

use std::{fs, path::PathBuf};

/// The number of changed copies of each file.
const COPIES: u64 = 40;

/// Runs a property over the corpus of a target.
///
/// # Panics
/// Panics if the property panics, after writing the input to standard error, or if there is no corpus.
pub fn replay(target: &str, property: impl Fn(&[u8])) {
    let files = files(target);
    assert!(!files.is_empty(), "{target} has no corpus");
    for (index, data) in (0..).zip(&files) {
        try_it(&property, data);
        for copy in 0..COPIES {
            let mut chance = fastrand::Rng::with_seed(index * COPIES + copy);
            let mut data = data.clone();
            (0..chance.u8(1..4)).for_each(|_| change(&mut data, &files, &mut chance));
            try_it(&property, &data);
        }
    }
}

/// Returns the files of a corpus in the order of their names.
fn files(target: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let entries = fs::read_dir(&folder).expect("the folder of the corpus can't be read");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("not listed").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a file of the corpus can't be read")).collect()
}

/// Prints the input if the property panics.
struct Shown<'a>(&'a [u8]);

impl Drop for Shown<'_> {
    #[expect(clippy::print_stderr, reason = "the input is needed to reproduce a failure")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("input: {}", self.0.escape_ascii());
        }
    }
}

fn try_it(property: &impl Fn(&[u8]), data: &[u8]) {
    let _shown = Shown(data);
    property(data);
}

/// Changes a byte, removes some, repeats some, or appends the end of another file.
fn change(data: &mut Vec<u8>, files: &[Vec<u8>], chance: &mut fastrand::Rng) {
    let at = chance.usize(0..=data.len());
    let to = chance.usize(at..=data.len().min(at + 16));
    match chance.u8(0..5) {
        0 => data.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << chance.u8(0..8)),
        1 => drop(data.drain(at..to)),
        2 => data.extend_from_within(at..to),
        3 => data.insert(at, chance.u8(..)),
        _ => {
            let other = chance.choice(files).map(Vec::as_slice).unwrap_or_default();
            let from = other.get(at..).unwrap_or_default();
            data.truncate(at);
            data.extend_from_slice(from);
        }
    }
}
