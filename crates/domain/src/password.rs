//! Passwords: what a person types, and what is stored of it.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;
use unicode_normalization::UnicodeNormalization;

use crate::{
    client::Network,
    email::EmailAddress,
    field::{FieldError, check_length},
    username::Username,
};

/// A password as a person typed it, in Unicode's NFC (NIST SP 800-63B-4, section 3.1.1.2).
///
/// Nothing else is changed: blanks and case stay. It may break the rules for new passwords, which
/// is no matter when it is only compared.
#[derive(Clone)]
pub struct Password {
    composed: SecretString,
    /// Where that is something else.
    typed: Option<SecretString>,
}

impl Password {
    /// Takes what was typed into a sign-in form.
    pub fn presented(text: &str) -> Self {
        let composed = text.nfc().collect::<String>();
        let typed = (composed != text).then(|| text.into());
        Self { composed: composed.into(), typed }
    }

    /// The octets to hash.
    pub fn expose(&self) -> &[u8] {
        self.composed.expose_secret().as_bytes()
    }

    /// The octets as they were typed, if these are others: what another system may have hashed.
    pub fn as_typed(&self) -> Option<&[u8]> {
        self.typed.as_ref().map(|typed| typed.expose_secret().as_bytes())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A password that keeps the rules for new ones: 8–128 code points, of any kind.
#[derive(Debug, Clone)]
pub struct NewPassword(Password);

impl NewPassword {
    /// The least number of code points.
    pub const MIN: usize = 8;
    /// The greatest number of code points.
    pub const MAX: usize = 128;

    /// Judges a password's length as it was typed. There are no rules of composition.
    ///
    /// # Errors
    /// [`FieldError::TooShort`] or [`FieldError::TooLong`].
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        check_length(text, Self::MIN, Self::MAX)?;
        Ok(Self(Password::presented(text)))
    }

    /// Refuses the account's own words: its e-mail address, the part before the `@`, its name.
    ///
    /// # Errors
    /// [`FieldError::PasswordTooCommon`].
    pub fn check_against(
        &self,
        email: &EmailAddress,
        username: &Username,
    ) -> Result<(), FieldError> {
        let is_own = self.is_email(email) || self.is_username(username);
        if is_own { Err(FieldError::PasswordTooCommon) } else { Ok(()) }
    }

    /// Returns `true` if the password is this email address or the part before its `@`, in any case.
    pub fn is_email(&self, email: &EmailAddress) -> bool {
        [email.key(), email.local_part().to_lowercase()].contains(&self.lower_case())
    }

    /// Returns `true` if the password is this user name, in any case.
    pub fn is_username(&self, username: &Username) -> bool {
        username.key() == self.lower_case()
    }

    fn lower_case(&self) -> String {
        self.0.composed.expose_secret().to_lowercase()
    }

    /// The same password, to be hashed or looked up.
    pub fn as_password(&self) -> &Password {
        &self.0
    }

    /// The text, to be looked up in a list of common passwords.
    pub fn expose(&self) -> &str {
        self.0.composed.expose_secret()
    }
}

/// A hashed password in the PHC string format: algorithm, parameters, salt and output.
#[derive(Clone)]
pub struct PasswordHash(SecretString);

impl PasswordHash {
    /// Takes a hash from the hasher or from storage.
    pub fn new(phc: String) -> Self {
        Self(phc.into())
    }

    /// Takes what another system's export has in the place of a hash, without blanks around it; `None` if that is
    /// nothing, or a mark that says so: those of Django (`!` and anything), of Unix (`*`, `x`, `!!`, `*LK*`), and of
    /// programs that export SQL (`NULL`, `\N`, `None`).
    pub fn from_export(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_mark = text.starts_with('!')
            || matches!(text, "" | "*" | "x" | "**" | "*LK*" | "*NP*" | "NP" | "LK")
            || matches!(text, "NULL" | "null" | "\\N" | "None" | "none" | "nil");
        (!is_mark).then(|| Self::new(text.to_owned()))
    }

    /// The PHC string, for the hasher and for storage.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// What is stored of an account's password.
#[derive(Debug, Clone)]
pub struct StoredPassword {
    /// Its hash, which changes when it is renewed with other parameters.
    pub hash: PasswordHash,
    /// Which of the account's passwords it is: it moves on with each change, and only then.
    pub version: u32,
}

/// The hash of a new password, and how it came to be set.
#[derive(Debug, Clone)]
pub struct NewHash {
    /// The hash.
    pub hash: PasswordHash,
    /// The network of the user who set it, if it is their own.
    pub from: Option<Network>,
    /// When it was set.
    pub at: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composed_and_decomposed_forms_are_the_same_password() {
        let composed = Password::presented("pass\u{e9}word");
        let decomposed = Password::presented("passe\u{301}word");
        assert_eq!(composed.expose(), decomposed.expose());
        assert_eq!(decomposed.as_typed(), Some("passe\u{301}word".as_bytes()));
        assert_eq!(composed.as_typed(), None);
    }

    #[test]
    fn blanks_and_case_are_kept() {
        assert_eq!(Password::presented("  Ab ").expose(), b"  Ab ");
    }

    #[test]
    fn length_counts_code_points_as_typed() {
        assert!(NewPassword::parse(&"😀".repeat(8)).is_ok());
        assert_eq!(NewPassword::parse("1234567").unwrap_err(), FieldError::TooShort { min: 8 });
        assert_eq!(
            NewPassword::parse(&"x".repeat(129)).unwrap_err(),
            FieldError::TooLong { max: 128 }
        );
    }

    #[test]
    fn the_accounts_own_words_are_refused() {
        let email = EmailAddress::parse("Annabelle@example.com").unwrap();
        let name = Username::parse("Annabelle.Lee").unwrap();
        for own in ["annabelle@EXAMPLE.com", "annabelle", "ANNABELLE.LEE"] {
            let password = NewPassword::parse(own).unwrap();
            assert_eq!(password.check_against(&email, &name), Err(FieldError::PasswordTooCommon));
        }
        assert!(
            NewPassword::parse("annabelle likes tea").unwrap().check_against(&email, &name).is_ok()
        );
    }

    #[test]
    fn mark_of_an_export_is_no_hash() {
        for text in ["", " \n", "!", "!!", "!Xk2", "!$6$salt$hash", "*", "x", "*LK*", "NP"] {
            assert!(PasswordHash::from_export(text).is_none(), "{text}");
        }
        // MySQL's hash begins like a mark.
        for text in ["$2b$04$x", "*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29", "xy"] {
            let hash = PasswordHash::from_export(&format!(" {text}\r\n")).unwrap();
            assert_eq!(hash.expose(), text);
        }
    }

    #[test]
    fn nothing_secret_is_shown() {
        let shown = format!(
            "{:?} {:?}",
            Password::presented("hunter22"),
            PasswordHash::new("$argon2id$x".into())
        );
        assert_eq!(shown, "Password(…) PasswordHash(…)");
    }
}
