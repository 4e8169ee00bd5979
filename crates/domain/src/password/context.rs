//! Passwords that are made of words of their context (NIST SP 800-63B-4, section 3.1.1.2).

/// Words that passwords of all services are made of, with a year or a number.
const COMMON: [&str; 50] = [
    "spring",
    "summer",
    "autumn",
    "winter",
    "frühling",
    "fruehling",
    "sommer",
    "herbst",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "januar",
    "februar",
    "märz",
    "juni",
    "juli",
    "oktober",
    "dezember",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "password",
    "passwort",
    "welcome",
    "willkommen",
    "changeme",
    "letmein",
    "qwerty",
    "qwertz",
    "admin",
    "login",
];

/// The least length of a word, in characters. Shorter ones are in nearly every text.
const WORD_MIN: usize = 3;
/// With so many letters beside the words, a password is one of its own.
const OWN_LETTERS: usize = 4;
/// A year and a mark, or a date: more digits and marks than these count as letters do.
const USUAL_MARKS: usize = 6;

/// Splits a name or an address into the words that a password may be made of.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    let text = text.to_lowercase();
    let whole: String = text.chars().filter(|c| c.is_alphabetic()).collect();
    let parts = text.split(|c: char| !c.is_alphabetic()).map(str::to_owned);
    let parts: Vec<String> = parts.chain([whole]).collect();
    parts.into_iter().filter(|word| word.chars().count() >= WORD_MIN)
}

/// Returns `true` if a password is little else than words of its context, however often and in whichever case, with digits
/// and marks around them or in the place of letters (`D00rward!`).
pub(super) fn is_made_of(password: &str, context: &[String]) -> bool {
    let mut words: Vec<Vec<char>> = context.iter().map(|word| word.chars().collect()).collect();
    words.extend(COMMON.iter().map(|word| word.chars().collect()));
    // The longest first: a word may begin with another one.
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    let text: Vec<char> = password.to_lowercase().chars().collect();
    let replaced: Vec<char> = text.iter().copied().map(letter).collect();
    [text, replaced].iter().any(|text| is_little_else(text, &words))
}

fn is_little_else(text: &[char], words: &[Vec<char>]) -> bool {
    let (mut rest, mut letters, mut marks, mut has_word) = (text, 0, 0_usize, false);
    while let Some((first, after)) = rest.split_first() {
        if let Some(word) = words.iter().find(|word| rest.starts_with(word)) {
            rest = rest.get(word.len()..).unwrap_or_default();
            has_word = true;
            continue;
        }
        if first.is_alphabetic() {
            letters += 1;
        } else {
            marks += 1;
        }
        rest = after;
    }
    has_word && letters + marks.saturating_sub(USUAL_MARKS) < OWN_LETTERS
}

/// The letter that a digit or a mark is often put in the place of.
fn letter(char: char) -> char {
    match char {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Vec<String> {
        ["Doorward", "ann.lee-smith", "corp", "Acme Inc."].into_iter().flat_map(words).collect()
    }

    #[test]
    fn password_of_words_of_its_context_is_guessable() {
        for guessable in [
            "Doorward1",
            "doorward",
            "D00rward!",
            "d00rw@rd2026",
            "DOORWARD-2026!",
            "1doorward1",
            "corpcorp1",
            "CorpAcme1!",
            "annlee1990",
            "ann.lee.smith",
            "smith-ann-lee",
            "Acme Inc 2026",
            "AcmeInc2026",
            "Spring2026!",
            "summer2025",
            "Summer2025Summer",
            "Welcome1!",
            "P@ssw0rd2026",
            "März2026!",
            "Acme123abc",
        ] {
            assert!(is_made_of(guessable, &context()), "{guessable}");
        }
    }

    #[test]
    fn password_with_enough_of_its_own_is_not() {
        for own in [
            "doorward-is-fun",
            "annabelle likes tea",
            "correct horse battery",
            "spring comes to the valley",
            "ann8372648172!",
            "corporate giraffe",
            "kX7#vQ2!mZ9$",
            "seven lucky herons wade",
            "12345678901",
            "!!!!!!!!",
        ] {
            assert!(!is_made_of(own, &context()), "{own}");
        }
    }

    #[test]
    fn short_parts_are_no_words() {
        assert_eq!(words("a.b-of_x@y.de").collect::<Vec<_>>(), ["abofxyde"]);
        assert_eq!(words("Ann.Lee").collect::<Vec<_>>(), ["ann", "lee", "annlee"]);
        assert_eq!(words("").count(), 0);
        assert!(!is_made_of("de la mare de la mare", &words("De La").collect::<Vec<_>>()));
    }
}
