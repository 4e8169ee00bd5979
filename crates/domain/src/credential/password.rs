//! Passwords as users enter them, and as they are stored.

mod context;

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;
use unicode_normalization::UnicodeNormalization;

use crate::{
    account::{email::EmailAddress, username::Username},
    field::{FieldError, check_length},
    request_context::IpPrefix,
};

/// A password as the user entered it, normalized to Unicode NFC (NIST SP 800-63B-4, section 3.1.1.2).
///
/// Nothing else is changed: white space and case are kept. It may break the rules for new passwords, which
/// don't matter when it is only compared.
#[derive(Clone)]
pub struct Password {
    composed: SecretString,
    /// The original text, if it differs from the normalized one.
    typed: Option<SecretString>,
}

impl Password {
    /// Creates a password from the text entered in a sign-in form.
    ///
    /// ```
    /// use doorward_domain::credential::password::Password;
    ///
    /// let password = Password::new("cafe\u{301}");
    /// assert_eq!(password.expose(), "caf\u{e9}".as_bytes());
    /// assert_eq!(format!("{password:?}"), "Password(…)");
    /// ```
    pub fn new(text: &str) -> Self {
        let composed = text.nfc().collect::<String>();
        let typed = (composed != text).then(|| text.into());
        Self { composed: composed.into(), typed }
    }

    /// Returns the bytes to hash.
    pub fn expose(&self) -> &[u8] {
        self.composed.expose_secret().as_bytes()
    }

    /// Returns the bytes as they were entered, if they differ from [`Password::expose`]. Another system may
    /// have hashed these.
    pub fn as_typed(&self) -> Option<&[u8]> {
        self.typed.as_ref().map(|typed| typed.expose_secret().as_bytes())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A password that satisfies the rules for new passwords: 8–128 code points of any kind.
#[derive(Debug, Clone)]
pub struct NewPassword(Password);

impl NewPassword {
    /// The minimum length in code points.
    pub const MIN: usize = 8;
    /// The maximum length in code points.
    pub const MAX: usize = 128;

    /// Checks the length of a password as it was entered. There are no composition rules (NIST SP 800-63B-4,
    /// section 3.1.1.2).
    ///
    /// # Errors
    /// Returns [`FieldError::TooShort`] or [`FieldError::TooLong`] if the length is out of range.
    ///
    /// ```
    /// use doorward_domain::credential::password::NewPassword;
    ///
    /// assert!(NewPassword::parse("correct horse").is_ok());
    /// assert!(NewPassword::parse("1234567").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        check_length(text, Self::MIN, Self::MAX)?;
        Ok(Self(Password::new(text)))
    }

    /// Checks that the password isn't the account's email address, the part before its `@`, or its username.
    ///
    /// # Errors
    /// Returns [`FieldError::PasswordTooCommon`] if it is.
    ///
    /// ```
    /// use doorward_domain::{account::{email::EmailAddress, username::Username}, credential::password::NewPassword};
    ///
    /// let email = EmailAddress::parse("annabelle@example.com").unwrap();
    /// let username = Username::parse("ann").unwrap();
    /// let check = |text| NewPassword::parse(text).unwrap().check_against(&email, &username);
    /// assert!(check("Annabelle").is_err());
    /// assert!(check("correct horse").is_ok());
    /// ```
    pub fn check_against(
        &self,
        email: &EmailAddress,
        username: &Username,
    ) -> Result<(), FieldError> {
        let is_own = self.is_email(email) || self.is_username(username);
        if is_own { Err(FieldError::PasswordTooCommon) } else { Ok(()) }
    }

    /// Returns `true` if the password is this email address or the part before its `@`, without regard to
    /// case.
    pub fn is_email(&self, email: &EmailAddress) -> bool {
        [email.key(), email.local_part().to_lowercase()].contains(&self.lower_case())
    }

    /// Returns `true` if the password is this username, without regard to case.
    pub fn is_username(&self, username: &Username) -> bool {
        username.key() == self.lower_case()
    }

    /// Returns `true` if the password consists mostly of words from its context: the account's email address
    /// and username, the names of the service, and the calendar.
    ///
    /// ```
    /// use doorward_domain::credential::password::NewPassword;
    ///
    /// let service = ["Doorward".to_owned()];
    /// let is_guessable = |text| NewPassword::parse(text).unwrap().is_of_its_context(None, None, &service);
    /// assert!(is_guessable("D00rward!"));
    /// assert!(is_guessable("Spring2026!"));
    /// assert!(!is_guessable("correct horse battery"));
    /// ```
    pub fn is_of_its_context(
        &self,
        email: Option<&EmailAddress>,
        username: Option<&Username>,
        service: &[String],
    ) -> bool {
        // The top-level domain isn't specific to the user.
        let email = email.map(|email| email.as_str().rsplit_once('.').map_or("", |(own, _)| own));
        let username = username.map(Username::as_str);
        let texts = service.iter().map(String::as_str).chain(email).chain(username);
        let words: Vec<String> = texts.flat_map(context::words).collect();
        context::is_made_of(self.composed(), &words)
    }

    /// Returns the password without digits and punctuation at both ends, if that is a valid password as well:
    /// `Sunshine` for `Sunshine2026!`.
    ///
    /// ```
    /// use doorward_domain::credential::password::NewPassword;
    ///
    /// let core = NewPassword::parse("Sunshine2026!")?.core().unwrap();
    /// assert_eq!(core.expose(), "Sunshine");
    /// # Ok::<(), doorward_domain::field::FieldError>(())
    /// ```
    pub fn core(&self) -> Option<Self> {
        let core = self.composed().trim_matches(|c: char| !c.is_alphabetic());
        Self::parse(core).ok().filter(|_| core != self.composed())
    }

    fn composed(&self) -> &str {
        self.0.composed.expose_secret()
    }

    fn lower_case(&self) -> String {
        self.0.composed.expose_secret().to_lowercase()
    }

    /// Returns the password, for hashing.
    pub fn as_password(&self) -> &Password {
        &self.0
    }

    /// Returns the text, for lookup in a list of common passwords.
    pub fn expose(&self) -> &str {
        self.0.composed.expose_secret()
    }
}

/// A password hash in the PHC string format: algorithm, parameters, salt, and output.
#[derive(Clone)]
pub struct PasswordHash(SecretString);

impl PasswordHash {
    /// Creates a hash from the output of the hasher or from storage.
    pub fn new(phc: String) -> Self {
        Self(phc.into())
    }

    /// Creates a hash from a column of another system's export, without surrounding white space. Returns
    /// `None` if the column is empty or contains a marker for a missing password: those of Django (`!` and
    /// any text), of Unix (`*`, `x`, `!!`, `*LK*`), and of programs that export SQL (`NULL`, `\N`, `None`).
    ///
    /// ```
    /// use doorward_domain::credential::password::PasswordHash;
    ///
    /// assert!(PasswordHash::from_export("!").is_none());
    /// assert_eq!(PasswordHash::from_export(" $2b$04$x\n").unwrap().expose(), "$2b$04$x");
    /// ```
    pub fn from_export(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_mark = text.starts_with('!')
            || matches!(text, "" | "*" | "x" | "**" | "*LK*" | "*NP*" | "NP" | "LK")
            || matches!(text, "NULL" | "null" | "\\N" | "None" | "none" | "nil");
        (!is_mark).then(|| Self::new(text.to_owned()))
    }

    /// Returns the PHC string, for the hasher and for storage.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// An account's password as it is stored.
#[derive(Debug, Clone)]
pub struct StoredPassword {
    /// The hash. It is replaced when it is renewed with other parameters.
    pub hash: PasswordHash,
    /// The version of the password, incremented by each change of the password and only then.
    pub version: u32,
}

/// The hash of a new password, and where and when it was set.
#[derive(Debug, Clone)]
pub struct NewHash {
    /// The hash.
    pub hash: PasswordHash,
    /// The network of the user who set the password, unless other clients may share it.
    pub from: Option<IpPrefix>,
    /// When the password was set.
    pub at: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composed_and_decomposed_forms_are_the_same_password() {
        let composed = Password::new("pass\u{e9}word");
        let decomposed = Password::new("passe\u{301}word");
        assert_eq!(composed.expose(), decomposed.expose());
        assert_eq!(decomposed.as_typed(), Some("passe\u{301}word".as_bytes()));
        assert_eq!(composed.as_typed(), None);
    }

    #[test]
    fn white_space_and_case_are_kept() {
        assert_eq!(Password::new("  Ab ").expose(), b"  Ab ");
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
    fn email_and_username_are_rejected_as_passwords() {
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
    fn export_marker_is_not_a_hash() {
        for text in ["", " \n", "!", "!!", "!Xk2", "!$6$salt$hash", "*", "x", "*LK*", "NP"] {
            assert!(PasswordHash::from_export(text).is_none(), "{text}");
        }
        // MySQL's hash begins like a marker.
        for text in ["$2b$04$x", "*94BDCEBE19083CE2A1F959FD02F964C7AF4CFC29", "xy"] {
            let hash = PasswordHash::from_export(&format!(" {text}\r\n")).unwrap();
            assert_eq!(hash.expose(), text);
        }
    }

    #[test]
    fn debug_output_shows_no_secrets() {
        let shown = format!(
            "{:?} {:?}",
            Password::new("hunter22"),
            PasswordHash::new("$argon2id$x".into())
        );
        assert_eq!(shown, "Password(…) PasswordHash(…)");
    }
}
