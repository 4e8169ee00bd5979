//! Recognition of passwords made from words of their context (NIST SP 800-63B-4, section 3.1.1.2).

/// Words from which users of all services form passwords, with a year or a number.
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

/// The minimum length of a word in characters. Shorter ones occur in nearly every text.
const WORD_MIN: usize = 3;
/// The number of letters besides the words at which a password is no longer considered guessable.
const OWN_LETTERS: usize = 4;
/// The number of digits and punctuation characters that don't count: a year and a mark, or a date. Any more
/// count as letters do.
const USUAL_MARKS: usize = 6;

/// Splits a name or an email address into the words from which a password may be formed.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    let text = text.to_lowercase();
    let whole: String = text.chars().filter(|c| c.is_alphabetic()).collect();
    let parts = text.split(|c: char| !c.is_alphabetic()).map(str::to_owned);
    let parts: Vec<String> = parts.chain([whole]).collect();
    parts.into_iter().filter(|word| word.chars().count() >= WORD_MIN)
}

/// Returns `true` if a password consists mostly of words from its context, however often and in whichever
/// case, with digits and punctuation around them or in place of letters (`D00rward!`).
pub(super) fn is_made_of(password: &str, context: &[String]) -> bool {
    let mut words: Vec<Vec<char>> = context.iter().map(|word| word.chars().collect()).collect();
    words.extend(COMMON.iter().map(|word| word.chars().collect()));
    // Longest first, because a word may begin with another one.
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

/// Returns the letter that a digit or a punctuation character often replaces.
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
    fn password_made_of_context_words_is_guessable() {
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
    fn password_with_enough_other_letters_is_not_guessable() {
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
    fn short_parts_are_not_words() {
        assert_eq!(words("a.b-of_x@y.de").collect::<Vec<_>>(), ["abofxyde"]);
        assert_eq!(words("Ann.Lee").collect::<Vec<_>>(), ["ann", "lee", "annlee"]);
        assert_eq!(words("").count(), 0);
        assert!(!is_made_of("de la mare de la mare", &words("De La").collect::<Vec<_>>()));
    }
}
