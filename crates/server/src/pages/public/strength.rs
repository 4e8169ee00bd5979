//! The strength of an accepted password.

use std::time::Duration;

use actix_web::{rt::time::timeout, web};
use doorward_application::CommonError;
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

use crate::http::error::ApiError;

/// The strength of a password. Even the lowest is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// The password complies with the rules.
    Acceptable,
    /// Guessing it takes at least 10^8 attempts.
    Good,
    /// Guessing it takes at least 10^10 attempts.
    Strong,
}

/// The number of code points that are examined. The work grows at least with its square.
const LOOKED_AT: usize = 32;

/// The characters that `zxcvbn` also reads as letters (`p4$$word`).
const SUBSTITUTES: &str = "4@8({[<3691!|70$5+%2";

/// The number of different [`SUBSTITUTES`] that are examined. `zxcvbn` tries all combinations of what they may stand for, so
/// the work multiplies with each: with all of them, 32 code points take 110 ms, and with six 4 ms.
const SUBSTITUTED: usize = 6;

/// The estimates that run at the same time. The others wait.
static RUNNING: Semaphore = Semaphore::const_new(2);

/// How long an estimate waits for others.
const WAIT: Duration = Duration::from_millis(500);

impl Strength {
    /// Estimates the strength on another thread. `own` are words that are easy to guess for this account.
    ///
    /// # Errors
    /// [`CommonError::Busy`] if too many estimates wait.
    pub(crate) async fn estimate(password: String, own: Vec<String>) -> Result<Self, ApiError> {
        let running = timeout(WAIT, RUNNING.acquire()).await;
        let running = running.map_err(|_late| ApiError::from(CommonError::Busy))?;
        let running = running.map_err(ApiError::internal)?;
        let estimate = web::block(move || {
            // Held by the thread, which goes on if the client disconnects.
            let _running = running;
            Self::of(&password, &own)
        });
        estimate.await.map_err(ApiError::internal)
    }

    fn of(password: &str, own: &[String]) -> Self {
        let own: Vec<String> = own.iter().map(|word| head(word)).collect();
        let own: Vec<&str> = own.iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
        match zxcvbn(&head(password), &own).score() {
            Score::Four => Self::Strong,
            Score::Three => Self::Good,
            _ => Self::Acceptable,
        }
    }
}

/// Returns the part of a text that is examined. Of [`SUBSTITUTES`] beyond the first [`SUBSTITUTED`] different ones, each is
/// replaced by a character that stands only for itself.
fn head(text: &str) -> String {
    let mut seen = String::new();
    let bounded = text.chars().take(LOOKED_AT).map(|c| {
        if !SUBSTITUTES.contains(c) || seen.contains(c) {
            return c;
        }
        if seen.len() == SUBSTITUTED {
            return '~';
        }
        seen.push(c);
        c
    });
    bounded.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_pattern_is_not_a_strong_password() {
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

    #[actix_web::test]
    async fn estimate_beyond_the_concurrency_limit_is_rejected_after_a_wait() {
        let estimate = || Strength::estimate("kX7#vQ2!mZ9$".to_owned(), Vec::new());
        let running = RUNNING.acquire_many(2).await.unwrap();
        assert!(matches!(estimate().await, Err(ApiError::Unavailable { .. })));
        drop(running);
        assert_eq!(estimate().await.unwrap(), Strength::Strong);
    }

    #[test]
    fn few_substitutes_are_examined_so_that_the_work_is_bounded() {
        let text = "aA4@8b6<({[9i1!|l0o5$7+tzZ2%".repeat(2);
        assert_eq!(head(&text), "aA4@8b6<(~~~i~~~l~o~~~~tzZ~~aA4@");
        assert_eq!(head("p4$$w0rd"), "p4$$w0rd");
        for substituted in ["p4$$w0rd", "p4$$w0rd1!"] {
            assert_eq!(Strength::of(substituted, &[]), Strength::Acceptable);
        }
        assert_eq!(Strength::of("83650274196382750914", &[]), Strength::Strong);
    }

    #[test]
    fn strength_of_any_text_is_estimated() {
        for text in ["", "\0\0\0\0\0\0\0\0", "😀😀😀😀😀😀😀😀", "e\u{301}e\u{301}e\u{301}e\u{301}"]
        {
            Strength::of(text, &[text.to_owned()]);
        }
        let _bounded =
            Strength::of(&"4@8({[<369&#!1/|0$5+7%2".repeat(1000), &["1!|".repeat(20_000)]);
    }
}
