use std::{cell::RefCell, rc::Rc};

use doorward_domain::{
    account::{
        email::{EmailAddress, EmailError},
        username::Username,
    },
    credential::password::NewPassword,
    field::FieldError,
};

/// A user, and what they remember. All of their devices share it.
#[derive(Debug)]
pub struct Person {
    /// All email addresses that they ever used, and the index of the one that they believe their account has.
    pub emails: RefCell<(Vec<EmailAddress>, usize)>,
    /// Their username.
    pub username: Username,
    /// All passwords that they ever chose, and the index of the one that they believe is theirs.
    pub passwords: RefCell<(Vec<String>, usize)>,
    /// Whether they believe that they have an account.
    pub is_registered: RefCell<bool>,
}

impl Person {
    /// Creates a user with this name.
    ///
    /// # Errors
    /// Returns an error if the name can't be part of an email address or be a username.
    pub fn new(name: &str) -> Result<Rc<Self>, Unusable> {
        Ok(Rc::new(Self {
            emails: RefCell::new((vec![EmailAddress::parse(&format!("{name}@example.com"))?], 0)),
            username: Username::parse(name)?,
            passwords: RefCell::new((vec![format!("first of {name}")], 0)),
            is_registered: RefCell::new(false),
        }))
    }

    /// Returns the email address that they believe their account has.
    pub fn email(&self) -> Option<EmailAddress> {
        let emails = self.emails.borrow();
        emails.0.get(emails.1).cloned()
    }

    /// Returns all addresses at which they read messages.
    pub fn addresses(&self) -> Vec<EmailAddress> {
        self.emails.borrow().0.clone()
    }

    /// Returns another address of theirs, which their account may have had before.
    pub fn other_address(&self, number: u64) -> Option<EmailAddress> {
        let text = format!("{}.{number}@example.com", self.username.as_str());
        let address = EmailAddress::parse(&text).ok()?;
        let mut emails = self.emails.borrow_mut();
        if !emails.0.contains(&address) {
            emails.0.push(address.clone());
        }
        Some(address)
    }

    /// Makes them believe that their account has this address.
    pub fn moves_to(&self, address: &EmailAddress) {
        let mut emails = self.emails.borrow_mut();
        if let Some(index) = emails.0.iter().position(|email| email == address) {
            emails.1 = index;
        }
    }

    /// Returns the password that they believe is theirs.
    pub fn password(&self) -> String {
        let passwords = self.passwords.borrow();
        passwords.0.get(passwords.1).cloned().unwrap_or_default()
    }

    /// Chooses a new password.
    pub fn choose(&self) -> Option<(usize, NewPassword)> {
        let mut passwords = self.passwords.borrow_mut();
        let index = passwords.0.len();
        let text = format!("{index}th of {}", self.username.as_str());
        passwords.0.push(text.clone());
        Some((index, NewPassword::parse(&text).ok()?))
    }

    /// Makes them believe that this password is theirs.
    pub fn remember(&self, index: usize) {
        self.passwords.borrow_mut().1 = index;
    }

    /// Makes them try another password, because theirs was rejected.
    pub fn doubt(&self, other: usize) {
        let mut passwords = self.passwords.borrow_mut();
        passwords.1 = other % passwords.0.len().max(1);
    }
}

/// The name isn't valid.
#[derive(Debug)]
pub struct Unusable;

impl From<EmailError> for Unusable {
    fn from(_: EmailError) -> Self {
        Self
    }
}

impl From<FieldError> for Unusable {
    fn from(_: FieldError) -> Self {
        Self
    }
}
