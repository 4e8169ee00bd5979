//! Runs a property of a fuzz target over its corpus in `fuzz/corpus`, and over each file with a few
//! changes, which are the same every time: so the tests hold the properties too, without a fuzzer.
#![deny(missing_docs)]
#![expect(clippy::expect_used, reason = "a corpus that can't be read fails the test")]

use std::{fs, path::PathBuf};

/// How many changed copies of each file are tried.
const COPIES: u64 = 40;

/// Runs a property over the corpus of a target. What does not hold panics, after the input was written
/// to standard error.
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

/// The files of a corpus, in the order of their names.
fn files(target: &str) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let entries = fs::read_dir(&folder).expect("the folder of the corpus");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a file of the corpus")).collect()
}

/// Shows the input where the property panics.
struct Shown<'a>(&'a [u8]);

impl Drop for Shown<'_> {
    #[expect(clippy::print_stderr, reason = "whoever runs the test wants to see the input")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the input: {}", self.0.escape_ascii());
        }
    }
}

fn try_it(property: &impl Fn(&[u8]), data: &[u8]) {
    let _shown = Shown(data);
    property(data);
}

/// Changes an octet, leaves some out, repeats some, or takes the end of another file.
fn change(data: &mut Vec<u8>, files: &[Vec<u8>], chance: &mut fastrand::Rng) {
    let at = chance.usize(0..=data.len());
    let to = chance.usize(at..=data.len().min(at + 16));
    match chance.u8(0..5) {
        0 => data.iter_mut().skip(at).take(1).for_each(|octet| *octet ^= 1 << chance.u8(0..8)),
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
