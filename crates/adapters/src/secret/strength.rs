//! Detects secrets that are long enough but guessable.

use std::collections::BTreeSet;

/// The secret is guessable: with any token created with it, an attacker can test guesses offline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakSecret {
    /// It has few distinct characters.
    #[error("it has only {0} different characters")]
    FewCharacters(usize),
    /// It repeats a shorter text.
    #[error("it repeats {0} characters")]
    Repeats(usize),
    /// Its characters form a sequence, as in an alphabet or on a row of digits.
    #[error("its characters form a sequence, as in abcdef or 123456")]
    Sequence,
    /// It contains an example that was not replaced.
    #[error("it contains {0:?}, like an example value")]
    Example(&'static str),
}

/// A random secret of 32 hexadecimal digits has fewer with a probability below one in a million.
const DIFFERENT_MIN: usize = 8;

/// Texts that example configurations contain in place of a secret.
const EXAMPLES: [&str; 10] = [
    "changeme",
    "changethis",
    "replaceme",
    "replacethis",
    "replacewith",
    "yoursecret",
    "mysecret",
    "supersecret",
    "secretkey",
    "insecure",
];

/// Checks whether a secret is guessable. This doesn't estimate entropy: a random secret passes, and a text made up
/// to reach the minimum length doesn't.
///
/// # Errors
/// See [`WeakSecret`].
pub(super) fn judge(text: &str) -> Result<(), WeakSecret> {
    let characters: Vec<char> = text.chars().collect();
    let different = characters.iter().collect::<BTreeSet<_>>().len();
    if different < DIFFERENT_MIN {
        return Err(WeakSecret::FewCharacters(different));
    }
    let repeats = |period: &usize| {
        characters.iter().zip(characters.iter().skip(*period)).all(|(one, other)| one == other)
    };
    if let Some(period) = (1..=characters.len() / 2).find(repeats) {
        return Err(WeakSecret::Repeats(period));
    }
    let steps = characters.iter().zip(characters.iter().skip(1));
    let follows =
        |(one, other): &(&char, &char)| u32::from(**one).abs_diff(u32::from(**other)) <= 1;
    if steps.filter(follows).count() * 2 > characters.len() {
        return Err(WeakSecret::Sequence);
    }
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let letters = letters.to_lowercase();
    match EXAMPLES.into_iter().find(|example| letters.contains(example)) {
        Some(example) => Err(WeakSecret::Example(example)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessable_secret_is_weak() {
        use WeakSecret::{Example, FewCharacters, Repeats, Sequence};
        for (secret, expected) in [
            ("a".repeat(32), FewCharacters(1)),
            ("0".repeat(64), FewCharacters(1)),
            ("secret".repeat(6), FewCharacters(5)),
            ("1234567".repeat(5), FewCharacters(7)),
            ("0123456789abcdef".repeat(2), Repeats(16)),
            ("hunter2-".repeat(5), Repeats(8)),
            ("passwordpasswordpasswordpassword".to_owned(), FewCharacters(7)),
            ("correct-horse".repeat(3), Repeats(13)),
            ("abcdefghijklmnopqrstuvwxyz012345".to_owned(), Sequence),
            ("zyxwvutsrqponmlkjihgfedcba987654".to_owned(), Sequence),
            ("please-change-me-please-change-it".to_owned(), Example("changeme")),
            ("your_secret_goes_here_0123456789!".to_owned(), Example("yoursecret")),
        ] {
            assert_eq!(judge(&secret), Err(expected), "{secret}");
        }
    }

    #[test]
    fn random_secret_is_not_weak() {
        for secret in [
            "5f2b9c1e7a4d8036e1c59b7f2a6d4083",
            "9d0f8b1c2e3a4756c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5",
            "kX7#vQ2!mZ9$pL4@wR6%tY8^uI1&oP3*",
            "q2V3cnRoZXF1aWNrYnJvd25mb3hqdW1wcw==",
            "one secret for both of the servers",
        ] {
            assert_eq!(judge(secret), Ok(()), "{secret}");
        }
    }
}
