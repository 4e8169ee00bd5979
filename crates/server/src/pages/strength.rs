//! How hard a password is to guess that would be accepted.

use zxcvbn::{Score, zxcvbn};

/// How hard a password is to guess. Even the least of these is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// It keeps the rules.
    Acceptable,
    /// Guessing it takes 10^8 tries and more.
    Good,
    /// Guessing it takes 10^10 tries and more.
    Strong,
}

/// How much of a text is looked at, in code points. The work grows with the square of it.
const LOOKED_AT: usize = 64;

impl Strength {
    /// Estimates it. `own` are words that a password of this account's might be made of.
    pub(super) fn of(password: &str, own: &[String]) -> Self {
        let head = |text: &str| text.chars().take(LOOKED_AT).collect::<String>();
        let own: Vec<String> = own.iter().map(|word| head(word)).collect();
        let own: Vec<&str> = own.iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
        match zxcvbn(&head(password), &own).score() {
            Score::Four => Self::Strong,
            Score::Three => Self::Good,
            _ => Self::Acceptable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_no_strength_whatever_their_length() {
        let of = |password| Strength::of(password, &[]);
        for weak in [
            "aaaaaaaaaaaaaaaaaaaaaaaa",
            "qwertyuiopasdfghj",
            "password1password1",
            "1234567890abcdef",
        ] {
            assert!(of(weak) < Strength::Strong, "{weak}");
        }
        assert_eq!(of("correct horse battery staple"), Strength::Strong);
        assert_eq!(of("kX7#vQ2!mZ9$"), Strength::Strong);
    }

    #[test]
    fn words_of_the_account_are_easy_to_guess() {
        let own = ["annabelle.winterbottom@example.com".to_owned(), String::new()];
        let password = "annabelle.winterbottom@example.com1";
        assert_eq!(Strength::of(password, &[]), Strength::Strong);
        assert_eq!(Strength::of(password, &own), Strength::Acceptable);
    }

    #[test]
    fn any_text_is_estimated() {
        for text in ["", "\0\0\0\0\0\0\0\0", "😀😀😀😀😀😀😀😀", "e\u{301}e\u{301}e\u{301}e\u{301}"]
        {
            Strength::of(text, &[text.to_owned()]);
        }
        let _bounded =
            Strength::of(&"4@8({[<369&#!1/|0$5+7%2".repeat(1000), &["1!|".repeat(20_000)]);
    }
}
