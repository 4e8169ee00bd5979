//! The name a person signs in with.

use crate::{
    email::EmailAddress,
    field::{FieldError, check_length},
};

/// Names of those who run a service, which nobody else may have: of RFC 2142 (mailbox names), of operating systems, and those
/// that users take for the operator's. Compared without separators.
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

/// A user name: 3–64 of `A-Z a-z 0-9 _ . -`, its case kept, unique without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Username(String);

impl Username {
    /// The least number of characters.
    pub const MIN: usize = 3;
    /// The greatest number of characters.
    pub const MAX: usize = 64;
    /// The rule for its characters, as a regular expression for the reader.
    pub const PATTERN: &str = "^[A-Za-z0-9_.-]+$";

    /// Judges a text by the rules for user names.
    ///
    /// # Errors
    /// The first rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        check_length(text, Self::MIN, Self::MAX)?;
        if text.chars().all(is_allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(FieldError::Pattern { pattern: Self::PATTERN })
        }
    }

    /// Makes a name of an e-mail address, for an account that comes without one: what may stay of the part
    /// before the `@`, and a number if the name alone is taken.
    pub fn from_email(email: &EmailAddress, number: Option<u32>) -> Self {
        let number = number.map(|number| format!("-{number}")).unwrap_or_default();
        let allowed = email.local_part().chars().filter(|char| is_allowed(*char));
        let mut name: String = allowed.take(Self::MAX - number.len()).collect();
        if name.len() + number.len() < Self::MIN {
            name.insert_str(0, "user-");
        }
        Self(name + &number)
    }

    /// Takes back what storage got from [`Username::as_str`]. It is not judged again: the rules may
    /// have moved on since, and an account must not be lost for that.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The name as it was chosen.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns `true` for names that only an operator may give: those of operators, such as `admin` and `postmaster`
    /// (RFC 2142), and what the service calls itself.
    pub fn is_reserved(&self, service: &[String]) -> bool {
        let bare = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let name = bare(&self.0);
        RESERVED.contains(&name.as_str()) || service.iter().any(|word| bare(word) == name)
    }

    /// The form in which names are compared.
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
    fn a_name_is_made_of_any_address() {
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
    fn names_of_operators_are_reserved() {
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
    fn keeps_its_case_and_compares_without() {
        let name = Username::parse("Ann.Lee").unwrap();
        assert_eq!((name.as_str(), name.key().as_str()), ("Ann.Lee", "ann.lee"));
    }

    #[test]
    fn length_is_judged_before_characters() {
        assert_eq!(Username::parse("!!"), Err(FieldError::TooShort { min: 3 }));
        assert_eq!(Username::parse(&"!".repeat(65)), Err(FieldError::TooLong { max: 64 }));
        for text in ["ann lee", "ann\n", "änn", "a@b", "ann\0"] {
            assert!(matches!(Username::parse(text), Err(FieldError::Pattern { .. })), "{text:?}");
        }
    }
}
