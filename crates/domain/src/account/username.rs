//! The username, with which a user can sign in.

use crate::{
    account::email::EmailAddress,
    field::{FieldError, check_length},
};

/// Usernames reserved for operators: mailbox names of RFC 2142, names from operating systems, and names that
/// users take for the operator's. They are compared without separators.
const RESERVED: [&str; 55] = [
    "abuse",
    "admin",
    "administration",
    "administrator",
    "admins",
    "anonymous",
    "billing",
    "compliance",
    "contact",
    "daemon",
    "everyone",
    "ftp",
    "guest",
    "help",
    "helpdesk",
    "hostmaster",
    "info",
    "legal",
    "list",
    "listrequest",
    "localhost",
    "login",
    "mailerdaemon",
    "majordomo",
    "marketing",
    "moderator",
    "news",
    "noc",
    "nobody",
    "noreply",
    "donotreply",
    "official",
    "operator",
    "postmaster",
    "press",
    "privacy",
    "register",
    "root",
    "sales",
    "security",
    "service",
    "signin",
    "signup",
    "ssladmin",
    "sslwebmaster",
    "staff",
    "superuser",
    "support",
    "sysadmin",
    "system",
    "usenet",
    "uucp",
    "webmaster",
    "wwwadmin",
    "www",
];

/// A username: 3–64 characters of `A-Z a-z 0-9 _ . -`. Its case is kept; it is unique without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Username(String);

impl Username {
    /// The minimum number of characters.
    pub const MIN: usize = 3;
    /// The maximum number of characters.
    pub const MAX: usize = 64;
    /// The rule for its characters, as a regular expression for documentation.
    pub const PATTERN: &str = "^[A-Za-z0-9_.-]+$";

    /// Parses a username.
    ///
    /// # Errors
    /// Returns the first rule that the text breaks.
    ///
    /// ```
    /// use doorward_domain::account::username::Username;
    ///
    /// let name = Username::parse("Ann.Lee")?;
    /// assert_eq!((name.as_str(), name.key().as_str()), ("Ann.Lee", "ann.lee"));
    /// assert!(Username::parse("ann lee").is_err());
    /// # Ok::<(), doorward_domain::field::FieldError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        check_length(text, Self::MIN, Self::MAX)?;
        if text.chars().all(is_allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(FieldError::Pattern { pattern: Self::PATTERN })
        }
    }

    /// Creates a username from an email address, for an account that is imported without one: the allowed
    /// characters before the `@`, and a number for the case that the name alone is taken.
    ///
    /// ```
    /// use doorward_domain::account::{email::EmailAddress, username::Username};
    ///
    /// let email = EmailAddress::parse("ann@example.com")?;
    /// assert_eq!(Username::from_email(&email, Some(7)).as_str(), "ann-7");
    /// # Ok::<(), doorward_domain::account::email::EmailError>(())
    /// ```
    pub fn from_email(email: &EmailAddress, number: Option<u32>) -> Self {
        let number = number.map(|number| format!("-{number}")).unwrap_or_default();
        let allowed = email.local_part().chars().filter(|char| is_allowed(*char));
        let mut name: String = allowed.take(Self::MAX - number.len()).collect();
        if name.len() + number.len() < Self::MIN {
            name.insert_str(0, "user-");
        }
        Self(name + &number)
    }

    /// Restores a stored [`Username::as_str`]. It isn't checked again, because the rules may have changed
    /// since, and that must not make an account unreadable.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// Returns the username as it was chosen.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns `true` for names that only an operator may assign: those of operators, such as `admin` and
    /// `postmaster` (RFC 2142), and those in `service`, the names of the service.
    ///
    /// ```
    /// use doorward_domain::account::username::Username;
    ///
    /// let is_reserved = |name| Username::parse(name).unwrap().is_reserved(&["Acme".to_owned()]);
    /// assert!(is_reserved("post-master") && is_reserved("ACME"));
    /// assert!(!is_reserved("ann"));
    /// ```
    pub fn is_reserved(&self, service: &[String]) -> bool {
        let bare = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let name = bare(&self.0);
        RESERVED.contains(&name.as_str()) || service.iter().any(|word| bare(word) == name)
    }

    /// Returns the form in which usernames are compared.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

fn is_allowed(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '_' | '.' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn username_is_created_from_any_email() {
        let made = |address: &str, number| {
            let name = Username::from_email(&EmailAddress::parse(address).unwrap(), number);
            Username::parse(name.as_str()).unwrap().as_str().to_owned()
        };
        assert_eq!(made("Ann.Lee+news@example.com", None), "Ann.Leenews");
        assert_eq!(made("ann@example.com", Some(7)), "ann-7");
        assert_eq!(made("a@example.com", None), "user-a");
        assert_eq!(made("анна@example.com", None), "user-");
        let long = format!("{}@example.com", "x".repeat(64));
        assert_eq!(made(&long, Some(999_999)).len(), 64);
    }

    #[test]
    fn operator_usernames_are_reserved() {
        let service = ["Doorward".to_owned(), "Acme Inc.".to_owned()];
        let is_reserved = |name: &str| Username::parse(name).unwrap().is_reserved(&service);
        for name in [
            "admin",
            "Admin",
            "ROOT",
            "post-master",
            "web.master",
            "_support_",
            "no-reply",
            "list-request",
            "SysAdmin",
            "doorward",
            "Door.Ward",
            "acme-inc",
        ] {
            assert!(is_reserved(name), "{name}");
        }
        for name in
            ["ann", "admin1", "rooted", "supporter", "acme", "doorward.fan", "ann.admin", "---"]
        {
            assert!(!is_reserved(name), "{name}");
        }
    }

    #[test]
    fn username_keeps_case_and_compares_without_case() {
        let name = Username::parse("Ann.Lee").unwrap();
        assert_eq!((name.as_str(), name.key().as_str()), ("Ann.Lee", "ann.lee"));
    }

    #[test]
    fn length_is_checked_before_characters() {
        assert_eq!(Username::parse("!!"), Err(FieldError::TooShort { min: 3 }));
        assert_eq!(Username::parse(&"!".repeat(65)), Err(FieldError::TooLong { max: 64 }));
        for text in ["ann lee", "ann\n", "änn", "a@b", "ann\0"] {
            assert!(matches!(Username::parse(text), Err(FieldError::Pattern { .. })), "{text:?}");
        }
    }
}
